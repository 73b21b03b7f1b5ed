import numpy as np
import pytest

from core.images.geometric import crop_box, crop_centre, resize, rotate
from core.specs import CropBox, CropCentre, Resize, Rotate
from tests.core.images.files import noise

SMALL = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [(1, [[3, 6], [2, 5], [1, 4]]), (2, [[6, 5, 4], [3, 2, 1]]), (3, [[4, 1], [5, 2], [6, 3]])],
)
def test_quarter_turns_go_to_the_left(turns, expected):
    assert rotate(SMALL, Rotate(quarter_turns=turns)).tolist() == expected


@pytest.mark.parametrize(
    ("step", "rows", "columns"),
    [
        (CropCentre(width=50, height=50), slice(5, 15), slice(10, 30)),  # 10 of 20 rows, 20 of 40 columns
        (CropCentre(unit="px", width=4, height=20), slice(0, 20), slice(18, 22)),
        (CropCentre(unit="px", width=5, height=3), slice(8, 11), slice(17, 22)),  # (20 - 3) // 2, (40 - 5) // 2
        (CropCentre(unit="px", width=100_000, height=100_000), slice(0, 20), slice(0, 40)),
        (CropCentre(width=100, height=13), slice(8, 11), slice(0, 40)),  # 2.6 rows: three
        (CropCentre(width=1, height=1), slice(9, 10), slice(19, 20)),  # less than one pixel: one
    ],
)
def test_the_middle_is_kept(step, rows, columns):
    image = noise(20, 40)
    assert np.array_equal(crop_centre(image, step), image[rows, columns])


@pytest.mark.parametrize(
    ("step", "rows", "columns"),
    [
        (CropBox(), slice(0, 20), slice(0, 40)),
        (CropBox(left=25, top=50, width=50, height=25), slice(10, 15), slice(10, 30)),
        (CropBox(left=75, top=90, width=50, height=50), slice(18, 20), slice(30, 40)),  # cut off at the rim
        (CropBox(unit="px", left=3, top=2, width=5, height=4), slice(2, 6), slice(3, 8)),
        (CropBox(unit="px", left=35, top=0, width=99, height=99), slice(0, 20), slice(35, 40)),
        (CropBox(unit="px", left=100_000, top=100_000, width=5, height=5), slice(19, 20), slice(39, 40)),
    ],
)
def test_a_box_is_kept(step, rows, columns):
    image = noise(20, 40, 3)
    assert np.array_equal(crop_box(image, step), image[rows, columns])


def test_boxes_in_per_cent_that_touch_leave_no_gap_and_no_overlap():
    image = noise(1, 33)  # a third is no whole number of pixels: 33 * 34 % = 11.2
    parts = [crop_box(image, CropBox(left=left, width=width)) for left, width in ((0, 34), (34, 33), (67, 33))]
    assert np.array_equal(np.hstack(parts), image)


def test_shrinking_takes_the_mean_of_an_area():
    image = noise(32, 32, dtype=np.uint16)
    means = image.reshape(8, 4, 8, 4).mean(axis=(1, 3))
    assert np.abs(resize(image, Resize(side_px=8)) - means).max() <= 0.5


def test_enlarging_interpolates_between_centres():
    # to twice the size the centres lie at -1/4, 1/4, 3/4 and 5/4 of the old grid; beyond the rim it is level
    image = np.repeat(np.array([[0, 80, 160, 240]], np.uint8), 4, axis=0)
    assert resize(image, Resize(side_px=8))[0].tolist() == [0, 20, 60, 100, 140, 180, 220, 240]


def test_the_rest_of_the_square_is_black_and_the_image_in_its_middle():
    wide = np.full((2, 4), 200, np.uint8)
    padded = resize(wide, Resize(side_px=8, fit="pad"))
    assert padded[:, 0].tolist() == [0, 0, 200, 200, 200, 200, 0, 0]
    assert np.array_equal(padded[2:6], np.full((4, 8), 200))
    tall = resize(np.full((4, 2, 3), 200, np.uint8), Resize(side_px=8, fit="pad"))
    assert tall[0, :, 1].tolist() == [0, 0, 200, 200, 200, 200, 0, 0]


def test_stretching_fills_the_square():
    assert np.array_equal(
        resize(np.full((2, 400), 200, np.uint8), Resize(side_px=8, fit="stretch")), np.full((8, 8), 200)
    )


def test_stretching_one_way_and_shrinking_the_other_still_takes_means():
    # 80 columns of noise become 8 means of ten each; two rows become eight between them
    image = np.repeat(noise(1, 80), 2, axis=0)
    means = image[0].reshape(8, 10).mean(axis=1)
    assert np.abs(resize(image, Resize(side_px=8, fit="stretch")) - means).max() <= 0.5


@pytest.mark.parametrize("size", [(1, 70_000), (70_000, 1)])
def test_extreme_shapes(size):
    assert resize(np.full(size, 9, np.uint8), Resize(side_px=16)).shape == (16, 16)


def test_an_image_of_the_right_size_is_not_touched():
    image = noise(16, 16, 3)
    assert np.array_equal(resize(image, Resize(side_px=16)), image)
