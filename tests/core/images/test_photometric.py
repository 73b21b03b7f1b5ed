import numpy as np
import pytest

from core.images.photometric import clahe, colour, denoise, equalize, intensity_range
from core.images.pixels import in_colour
from core.specs import Clahe, Colour, Denoise, Equalize, IntensityRange
from tests.core.images.files import noise

HUNDRED = np.arange(100, dtype=np.uint8).reshape(10, 10)


def test_colour_steps():
    assert colour(noise(4, 4, 3), Colour(mode="grey")).shape == (4, 4)
    assert colour(noise(4, 4), Colour(mode="rgb")).shape == (4, 4, 3)


def test_the_range_between_two_percentiles_is_stretched():
    # of the values 0 to 99, 10 % do not exceed 9 and 90 % do not exceed 89: v -> (v - 9) * 255 / 80
    stretched = intensity_range(HUNDRED, IntensityRange(low_percent=10, high_percent=90)).reshape(-1)
    assert stretched[[0, 9, 10, 25, 89, 99]].tolist() == [0, 0, 3, 51, 255, 255]


def test_sixteen_bits_are_stretched_within_sixteen():
    # (v - 9) * 65535 / 80: 25 -> 13107
    stretched = intensity_range(HUNDRED.astype(np.uint16), IntensityRange(low_percent=10, high_percent=90)).reshape(-1)
    assert stretched.dtype == np.uint16
    assert stretched[[9, 25, 89]].tolist() == [0, 13107, 65535]


def test_from_the_least_to_the_greatest_value():
    values = np.array([[40, 50, 90]], np.uint8)  # (50 - 40) * 255 / 50 = 51
    assert intensity_range(values, IntensityRange(low_percent=0, high_percent=100)).tolist() == [[0, 51, 255]]


def test_one_range_for_all_colours_keeps_their_balance():
    values = np.array([[[0, 50, 100]]], np.uint8)  # * 2.55 each: 127.5 rounds to even, 128
    assert intensity_range(values, IntensityRange(low_percent=0, high_percent=100)).tolist() == [[[0, 128, 255]]]


def test_nothing_to_stretch_changes_nothing():
    nearly_black = np.zeros((20, 20), np.uint8)
    nearly_black[0, 0] = 200  # one of 400: both percentiles are 0
    assert np.array_equal(intensity_range(nearly_black, IntensityRange()), nearly_black)


@pytest.mark.parametrize(("dtype", "middle", "white"), [(np.uint8, 128, 255), (np.uint16, 32768, 65535)])
def test_equalisation_spreads_ranks_evenly(dtype, middle, white):
    # beyond the darkest value (twice 10) there are two pixels: 20 is 1 of 2, 30 is 2 of 2
    values = np.array([[10, 10, 20, 30]], dtype)
    assert equalize(values, Equalize()).tolist() == [[0, 0, middle, white]]


def test_equalisation_in_sixteen_bits_is_that_in_eight():
    eight = noise(30, 40) // 3 + 20
    sixteen = equalize(eight.astype(np.uint16), Equalize())
    # one step of 8 bits is 257 of 16; each rounds to half of its own
    assert np.abs(sixteen / 257 - equalize(eight, Equalize())).max() <= 0.51


@pytest.mark.parametrize("step", [Equalize(), Clahe()])
def test_contrast_works_on_luminance_and_keeps_the_hue(step):
    change = {Equalize: equalize, Clahe: clahe}[type(step)]
    grey = noise(64, 64) // 4 + 60
    assert np.array_equal(change(in_colour(grey), step), in_colour(change(grey, step)))
    reddish = np.dstack([grey + 20, grey, grey]).astype(np.uint8)
    changed = change(reddish, step).astype(int)
    inside = (changed > 5).all(axis=2) & (changed < 250).all(axis=2)  # where nothing was cut off at either end
    assert inside.sum() > 1000
    assert np.abs((changed[..., 0] - changed[..., 1])[inside] - 20).max() <= 3


def test_the_clip_limit_decides_how_much_contrast_is_raised():
    y, x = np.mgrid[:64, :64]
    faint = (120 + 6 * np.sin(x / 3) + 4 * np.cos(y / 2)).astype(np.uint8)
    spread = [clahe(faint, Clahe(clip=clip, tiles=2)).std() for clip in (0.5, 2, 20)]
    assert faint.std() < spread[0] < spread[1] < spread[2]


def test_clahe_in_sixteen_bits_is_that_in_eight():
    eight = noise(40, 40) // 2
    assert np.array_equal(clahe(eight.astype(np.uint16) * 257, Clahe()), clahe(eight, Clahe()))


def test_a_gaussian_spreads_a_bright_pixel():
    # 3 px: the weights 1/4, 1/2, 1/4 along each axis, so 1/4 of it stays and 1/16 goes to each corner
    image = np.zeros((5, 5), np.uint16)
    image[2, 2] = 1600
    assert denoise(image, Denoise(size_px=3))[1:4, 1:4].tolist() == [[100, 200, 100], [200, 400, 200], [100, 200, 100]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("size_px", [3, 5, 7, 9])
def test_a_median_removes_a_speck_and_keeps_an_edge(size_px, dtype):
    image = np.zeros((30, 30), dtype)
    image[:, 15:] = np.iinfo(dtype).max
    with_speck = image.copy()
    with_speck[10, 5] = np.iinfo(dtype).max
    result = denoise(with_speck, Denoise(method="median", size_px=size_px))
    assert np.array_equal(result > 0, image > 0)
