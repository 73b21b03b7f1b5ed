import numpy as np
import pytest

from core.images.pixels import in_colour, in_grey, on_luminance, to_8bit, top, value_counts
from tests.core.images.files import noise


def test_sixteen_bits_become_eight_by_257_rounded():
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.array_equal(to_8bit(every), (every.astype(int) + 128) // 257)
    # 128 / 257 = 0.498 -> 0, 129 / 257 = 0.502 -> 1, 65535 / 257 = 255
    assert to_8bit(np.array([[0, 128, 129, 65535]], np.uint16)).tolist() == [[0, 0, 1, 255]]


@pytest.mark.parametrize("shape", [(1, 1), (3, 2, 1), (3, 2, 3)])
def test_the_shape_is_kept(shape):
    assert to_8bit(np.ones(shape, np.uint16)).shape == shape


def test_eight_bits_stay_the_very_same():
    pixels = noise(3, 4)
    assert to_8bit(pixels) is pixels


@pytest.mark.parametrize("dtype", [np.int16, np.float32, bool])
def test_other_types_are_refused(dtype):
    with pytest.raises(TypeError, match=np.dtype(dtype).name):
        to_8bit(np.zeros((2, 2), dtype))


def test_grey_of_the_pure_colours():
    # 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1
    pure = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    assert in_grey(pure).tolist() == [[76, 150, 29]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_to_colour_and_back_changes_nothing(dtype):
    pixels = noise(5, 7, dtype=dtype)
    assert np.array_equal(in_grey(in_colour(pixels)), pixels)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_grey_image_in_three_channels_is_changed_as_if_it_had_one(dtype):
    pixels = noise(9, 9, dtype=dtype)
    changed = on_luminance(in_colour(pixels), lambda plane: top(plane) - plane)
    assert np.array_equal(changed, in_colour(top(pixels) - pixels))


def test_values_are_counted_over_all_channels():
    counts = value_counts(np.array([[[0, 7, 7]], [[255, 0, 7]]], np.uint8))
    assert counts.shape == (256,)
    assert {value: int(counts[value]) for value in (0, 7, 255)} == {0: 2, 7: 3, 255: 1}
    assert counts.sum() == 6


def test_large_images_are_counted_in_parts(monkeypatch):
    monkeypatch.setattr("core.images.pixels._CHUNK", 4)
    assert value_counts(np.arange(10, dtype=np.uint16))[:11].tolist() == [1] * 10 + [0]
