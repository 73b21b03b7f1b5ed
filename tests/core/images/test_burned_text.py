"""Text that machines burn into pictures: found where it was planted, not seen where there is none."""

import cv2
import numpy as np
import pytest

from core.errors import RefusedInput
from core.images import TEXT_LIKELY, decode, text_hint
from core.images.pixels import to_8bit
from tests.core.images.files import noise, ramp
from tests.core.images.planted_text import planted

# Real words in the radiographs ("Bettaufnahme", "Auf Station"), by looking at all 243; L and R alone are no text.
WITH_WORDS = {"b03ef875", "436a6348", "9a9b2393", "bd3ceeb6", "a47dc73e", "87d50e40", "4c0fcf57", "b343e657"}
WITH_WORDS |= {"976b6ee3", "887db78f", "19073f37", "21982772", "81089cb4", "bace1e45", "bfefde5d"}
# Those that are found, by looking at each: "Bettaufnahme" and the like; names of a clinic, a day and settings.
TRULY_FOUND = {
    "chest_xray_hannover/images": {"436a6348", "9a9b2393", "a47dc73e", "b03ef875", "bd3ceeb6"},
    "dicom_pydicom/test_files": {"examples_jpeg2k", "examples_palette", "examples_rgb_color"},
}
HOW_MANY = {"chest_xray_hannover/images": 243, "dicom_pydicom/test_files": 91}
SETS = {  # the folder, and which of its files
    "chest_xray_hannover/images": 4,
    "lung_histology_lc25000": 30,
    "blood_cells_bccd": 35,
    "dicom_pydicom/test_files": 1,
}


def pictures(folder, step):
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[::step]:
        try:
            yield path.stem, to_8bit(decode(path.read_bytes(), name=path.name, max_pixels=2**20).shown)
        except RefusedInput:
            continue


def written(picture, words="DOE JANE 1970", ink=255, scale=0.5):
    drawn = picture.copy()
    cv2.putText(drawn, words, (10, 30), cv2.FONT_HERSHEY_SIMPLEX, scale, ink, 1, cv2.LINE_AA)
    return drawn


@pytest.mark.parametrize("folder", SETS)
def test_planted_text_is_found_in_nine_of_ten_pictures(real_data, folder):
    drawn = [planted(picture, seed) for seed, (_, picture) in enumerate(pictures(real_data(folder), SETS[folder]))]
    found = [text_hint(picture) >= TEXT_LIKELY for picture in drawn if picture is not None]
    assert len(found) >= 40
    assert np.mean(found) >= 0.9


@pytest.mark.parametrize("folder", list(SETS)[1:3])
def test_pictures_without_text_rarely_raise_the_hint(real_data, folder):
    found = [text_hint(picture) >= TEXT_LIKELY for _, picture in pictures(real_data(folder), SETS[folder])]
    assert len(found) >= 60
    assert np.mean(found) <= 0.05


@pytest.mark.parametrize("folder", TRULY_FOUND)
def test_no_more_than_one_picture_in_twenty_raises_a_false_alarm(real_data, folder):
    hints = {name: text_hint(picture) for name, picture in pictures(real_data(folder), 1)}
    likely = {name for name, hint in hints.items() if hint >= TEXT_LIKELY}
    assert len(hints) >= HOW_MANY[folder]
    assert likely >= TRULY_FOUND[folder]
    assert len(likely - WITH_WORDS - TRULY_FOUND[folder]) <= len(hints) / 20
    assert len(likely) <= len(hints) / 20  # together with those that do hold words


@pytest.mark.parametrize("ink", [255, 0])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_bright_and_dark_text_in_both_depths(ink, dtype):
    ground = np.full((100, 200), 120, np.uint8)
    assert text_hint(ground.astype(dtype) * (257 if dtype == np.uint16 else 1)) == 0
    drawn = written(ground, ink=ink).astype(dtype)
    assert text_hint(drawn * (257 if dtype == np.uint16 else 1)) >= TEXT_LIKELY


@pytest.mark.parametrize("ink", [(255, 255, 0), (0, 255, 0), (255, 0, 0)])
@pytest.mark.parametrize("ground", [(225, 190, 215), (0, 0, 0)])
def test_coloured_text(ink, ground):
    picture = np.full((100, 200, 3), ground, np.uint8)
    assert text_hint(written(picture, ink=ink)) >= TEXT_LIKELY


def test_a_single_letter_is_no_text():
    assert text_hint(written(np.full((100, 200), 60, np.uint8), "L", scale=1)) < TEXT_LIKELY


def test_a_large_picture_is_looked_at_made_smaller():
    assert text_hint(written(np.full((1500, 2400), 60, np.uint8), scale=1.5)) >= TEXT_LIKELY


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (5, 32), (31, 31), (40, 40, 3), (2, 9000, 3)])
def test_pictures_of_every_shape(shape):
    for picture in (np.zeros(shape, np.uint8), np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)):
        before = picture.copy()
        assert 0 <= text_hint(picture) <= 1
        assert np.array_equal(picture, before)


def test_textures_are_no_text():
    assert text_hint(noise(200, 200)) < TEXT_LIKELY
    assert text_hint(ramp(200, 300)) < TEXT_LIKELY
    board = np.kron(np.indices((20, 20)).sum(axis=0) % 2, np.ones((9, 9))).astype(np.uint8) * 255
    assert text_hint(board) < TEXT_LIKELY
