"""What stands out from its data set is found, worst first; a data set without faults stays silent."""

import cv2
import numpy as np
import pandas as pd
import pytest

from core.datasets.look import look_of
from core.datasets.quality import Odd, odd_ones, quality
from core.images import Decoded, decode
from core.specs import Severity


def table(looks, sizes=None, bit_depth=8):
    """The columns that `quality` asks for; names are "0", "1", ..."""
    sizes = sizes or [(100, 100)] * len(looks)
    return pd.DataFrame(
        {
            "name": [str(number) for number in range(len(looks))],
            "brightness": [look.brightness for look in looks],
            "contrast": [look.contrast for look in looks],
            "sharpness": [look.sharpness for look in looks],
            "width": [width for width, _ in sizes],
            "height": [height for _, height in sizes],
            "bit_depth": bit_depth,
        }
    )


def look(pixels):
    return look_of(Decoded(pixels, 8 if pixels.dtype == np.uint8 else 16, pixels.ndim == 2, "PNG"))


def picture(seed, low=60, high=200, side=64):
    """Squares of 4 x 4 pixels, mean (low + high) / 2."""
    coarse = np.random.default_rng(seed).integers(low, high, (side // 4, side // 4), dtype=np.uint8)
    return cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST)


def found(pictures, **more):
    return {finding.rule: finding for finding in quality(table([look(p) for p in pictures], **more))}


SOUND = [picture(seed) for seed in range(30)]


def test_numbers_of_one_image():
    # half 0 and half 255: mean 0.5, deviation 0.5; each stripe is 2 px wide, so the Laplacian across it is 255 in
    # every pixel (4 x 255 - 3 x 255 - 0): 255^2 / 127.5^2 = 4
    stripes = np.tile(np.repeat([0, 255], 2).astype(np.uint8), (16, 4))
    seen = look(stripes)
    assert (seen.brightness, seen.contrast) == pytest.approx((0.5, 0.5))
    assert seen.sharpness == pytest.approx(4, rel=0.15)  # the borders differ
    assert look(np.full((8, 8), 51, np.uint8)).brightness == pytest.approx(0.2)
    assert look(np.full((8, 8), 51, np.uint8)).sharpness == 0
    assert look(np.full((8, 8, 3), 13107, np.uint16)).brightness == pytest.approx(0.2)  # 13107 / 65535


def test_a_sound_data_set_is_silent():
    assert found(SOUND) == {}


def test_blank_images_are_a_warning_even_among_few():
    finding = found([picture(0), np.full((64, 64), 90, np.uint8)])["blank"]
    assert (finding.severity, finding.where) == (Severity.WARNING, ("1",))
    assert finding.what == "1 image is of one even colour: there is nothing to see."


def test_dark_and_bright_images_are_a_warning_the_worst_first():
    dark = [picture(50, 8, 20), picture(51, 1, 9)]
    bright = [picture(52, 235, 249), picture(53, 246, 255)]
    findings = found([*SOUND, *dark, *bright])
    assert set(findings) == {"too_dark", "too_bright"}
    assert [place.partition(":")[0] for place in findings["too_dark"].where] == ["31", "30"]
    assert [place.partition(":")[0] for place in findings["too_bright"].where] == ["33", "32"]
    assert findings["too_dark"].where[0] == "31: mean brightness 2%"
    assert findings["too_dark"].severity is Severity.WARNING


def test_odd_images_are_listed_one_by_one_the_worst_of_each_kind_first():
    pictures = [*SOUND, picture(50, 8, 20), picture(51, 1, 9), np.full((64, 64), 90, np.uint8)]
    items = table([look(p) for p in pictures]).assign(item_id=range(100, 133))
    assert odd_ones(items)[0] == Odd("blank", 132, "")
    assert odd_ones(items)[1:3] == (
        Odd("too_dark", 131, "mean brightness 2%"),
        Odd("too_dark", 130, "mean brightness 5%"),
    )
    assert odd_ones(items.drop(columns=["contrast"])) == ()


def test_a_set_that_is_dark_throughout_is_silent():
    assert found([picture(seed, 2, 30) for seed in range(30)]) == {}


def test_blurred_images_are_a_note_the_worst_first():
    blurred = [cv2.GaussianBlur(SOUND[0], (0, 0), sigma) for sigma in (2, 3)]
    finding = found([*SOUND, *blurred])["blurred"]
    assert finding.severity is Severity.NOTE
    assert [place.partition(":")[0] for place in finding.where] == ["31", "30"]


def test_an_odd_shape_is_a_note():
    sizes = [(100, 100)] * 28 + [(290, 100), (100, 310)]  # three times is the limit
    finding = found(SOUND, sizes=sizes)["odd_shape"]
    assert (finding.severity, finding.where) == (Severity.NOTE, ("29: 100 × 310 px",))


def test_sixteen_bits_are_neither_dark_nor_blank():
    dim = [picture(seed).astype(np.uint16) * 16 for seed in range(30)]  # 12 of 16 bits
    assert found([*dim, dim[0] // 16], bit_depth=16) == {}


def test_few_images_are_not_compared():
    assert found([*SOUND[:18], picture(50, 1, 9)]) == {}


def test_a_table_of_an_earlier_version_has_no_quality():
    assert list(quality(pd.DataFrame({"name": ["a"]}))) == []


@pytest.mark.parametrize("folder", ["lung_histology_lc25000", "blood_cells_bccd", "chest_xray_hannover"])
def test_real_images_are_silent_and_planted_faults_are_found(folder, real_data):
    files = sorted(file for file in real_data(folder).rglob("*") if file.suffix in {".jpg", ".jpeg", ".png"})[::9]
    pictures = [decode(file.read_bytes(), name=file.name, max_pixels=10**8).pixels for file in files]
    sizes = [(p.shape[1], p.shape[0]) for p in pictures]
    looks = [look(p) for p in pictures]
    assert list(quality(table(looks, sizes))) == []
    first = pictures[0]
    faults = [np.full_like(first, 128), first // 8, 255 - (255 - first) // 8, first[: len(first) // 5]]
    looks += [look(np.ascontiguousarray(p)) for p in faults]
    sizes += [(p.shape[1], p.shape[0]) for p in faults]
    findings = {finding.rule: finding for finding in quality(table(looks, sizes))}
    planted = [str(len(pictures) + number) for number in range(4)]
    for rule, name in zip(("blank", "too_dark", "too_bright", "odd_shape"), planted, strict=True):
        assert [place.partition(":")[0] for place in findings[rule].where] == [name]
