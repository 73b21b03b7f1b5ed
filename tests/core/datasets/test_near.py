"""Copies of an image are found however they were turned, saved or resized; other images of the same kind are not."""

import cv2
import numpy as np
import pytest

from core.datasets.look import FINGERPRINT, look_of
from core.datasets.near import near_groups
from core.images import Decoded, decode

TURNS = [(quarter, mirrored) for quarter in range(4) for mirrored in (False, True)]


def fingerprint(pixels):
    depth = 8 if pixels.dtype == np.uint8 else 16
    return look_of(Decoded(np.ascontiguousarray(pixels), depth, pixels.ndim == 2, "PNG")).fingerprint


def scene(seed, height=90, width=120, channels=3):
    """Soft blotches of random colours."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, channels), dtype=np.uint8)
    return np.squeeze(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def turned(pixels, quarter, mirrored):
    return np.rot90(pixels[:, ::-1] if mirrored else pixels, quarter)


def saved_again(pixels):
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_UNCHANGED)


def resized(pixels, scale=0.75):
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("quarter", "mirrored"), TURNS)
def test_every_turn_and_mirror_is_the_same_picture(quarter, mirrored, channels):
    picture, other = scene(0, channels=channels), scene(1, channels=channels)
    groups = near_groups([fingerprint(p) for p in (other, picture, turned(picture, quarter, mirrored))])
    assert groups.tolist() == [-1, 0, 0]


def test_saved_again_resized_and_turned_at_once():
    picture = scene(0)
    copy = saved_again(resized(turned(picture, 1, True)))
    assert near_groups([fingerprint(p) for p in (picture, scene(1), copy)]).tolist() == [0, -1, 0]


def test_a_brighter_picture_is_another_one():
    picture = scene(0) // 2
    assert near_groups([fingerprint(picture), fingerprint(picture + 3)]).tolist() == [0, 0]
    assert near_groups([fingerprint(picture), fingerprint(picture + 5)]).tolist() == [-1, -1]  # 4 levels are allowed


def test_groups_are_numbered_by_their_first_image():
    pictures = [scene(number) for number in (0, 1, 2, 1, 0, 1)]
    assert near_groups([fingerprint(p) for p in pictures]).tolist() == [0, 1, -1, 1, 0, 1]


def test_what_is_joined_by_close_pairs_is_one_group():
    # brightness rises by 3 grey levels a step, at most 4 are allowed: neighbours are close, the ends 27 apart
    chain = [scene(0) // 2 + np.uint8(3 * step) for step in range(10)]
    assert near_groups([fingerprint(p) for p in chain]).tolist() == [0] * 10


def test_pictures_that_show_nothing_are_left_alone():
    blank = [np.full((20, 20), value, np.uint8) for value in (0, 0, 7, 7)]
    assert near_groups([fingerprint(p) for p in blank]).tolist() == [-1] * 4


def test_sixteen_bits_that_use_a_small_part_of_the_range():
    dim = [scene(number, channels=1).astype(np.uint16) * 8 for number in (0, 1)]
    groups = near_groups([fingerprint(p) for p in (*dim, turned(dim[0], 1, False))])
    assert groups.tolist() == [0, -1, 0]


def test_no_images_have_no_groups():
    assert near_groups([]).tolist() == []


def test_many_images_are_compared_as_few_are():
    # enough for several blocks: 300 random fingerprints and, far from them in the list, the same with small changes
    rng = np.random.default_rng(0)
    waves = rng.normal(0, 20, (300, FINGERPRINT))
    waves[:, 0] = rng.uniform(60, 200, 300)
    near = waves + rng.normal(0, 0.1, waves.shape)  # about 0.1 x sqrt(96) = 1 grey level away
    groups = near_groups([row.astype(np.float16).tobytes() for row in (*waves, *near)])
    assert groups.tolist() == [*range(300), *range(300)]


@pytest.mark.parametrize("folder", ["lung_histology_lc25000", "blood_cells_bccd", "chest_xray_hannover"])
def test_planted_copies_of_real_images_are_found(folder, real_data):
    files = sorted(file for file in real_data(folder).rglob("*") if file.suffix in {".jpg", ".jpeg", ".png"})[::25]
    pictures = [decode(file.read_bytes(), name=file.name, max_pixels=10**8).pixels for file in files]
    rng = np.random.default_rng(0)
    copies = [
        copy
        for picture in pictures
        for copy in (
            turned(picture, *TURNS[rng.integers(1, 8)]),
            saved_again(picture),
            resized(picture),
            saved_again(resized(turned(picture, *TURNS[rng.integers(1, 8)]))),
        )
    ]
    groups = near_groups([fingerprint(p) for p in (*pictures, *copies)])
    of_pictures, of_copies = groups[: len(pictures)], groups[len(pictures) :].reshape(-1, 4)
    assert np.mean((of_copies == of_pictures[:, None]) & (of_copies >= 0)) >= 0.98
    assert len(set(of_pictures)) == len(pictures)  # every 25th: no two are of one cell, patient or slide


def test_red_cells_that_look_alike_are_not_called_the_same(real_data):
    files = sorted(real_data("blood_cells_bccd").rglob("*.jpg"))
    looks = [look_of(decode(file.read_bytes(), name=file.name, max_pixels=10**8)) for file in files]
    assert np.mean(near_groups([look.fingerprint for look in looks]) >= 0) <= 0.01
