import io

import numpy as np
import pytest
from PIL import Image

from core.images import decode, encode_png, histogram, thumbnail
from tests.core.images.files import noise


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [None, 3])
def test_a_png_holds_every_value(channels, dtype):
    pixels = noise(7, 5, channels, dtype)
    assert np.array_equal(decode(encode_png(pixels), name="a", max_pixels=100).pixels, pixels)


def test_a_png_is_in_the_order_red_green_blue():
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 200
    assert Image.open(io.BytesIO(encode_png(red))).getpixel((0, 0)) == (200, 0, 0)


def test_one_channel_may_have_its_axis():
    pixels = noise(4, 4, 1)
    assert encode_png(pixels) == encode_png(pixels[..., 0])
    assert np.array_equal(thumbnail(pixels, 2), thumbnail(pixels[..., 0], 2))
    assert np.array_equal(histogram(pixels), histogram(pixels[..., 0]))


def test_views_that_are_not_contiguous_are_welcome():
    pixels = noise(20, 20, 3)[::-2, ::-1]
    assert encode_png(pixels) == encode_png(pixels.copy())
    assert np.array_equal(thumbnail(pixels, 5), thumbnail(pixels.copy(), 5))


def test_a_png_of_other_types_is_refused():
    with pytest.raises(TypeError, match="float64"):
        encode_png(np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("size", "side_px", "expected"),
    [
        ((100, 50), 20, (20, 10)),
        ((50, 100), 20, (10, 20)),
        ((10, 10), 20, (10, 10)),  # never enlarged
        ((1, 5000), 20, (1, 20)),  # never thinner than a pixel
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_thumbnail_keeps_the_proportions(size, side_px, expected, dtype):
    small = thumbnail(noise(*size, dtype=dtype), side_px)
    assert small.shape == expected
    assert small.dtype == np.uint8


def test_a_thumbnail_takes_means():
    # (0 + 100 + 20 + 80) / 4 = 50
    tile = np.array([[0, 100], [20, 80]], np.uint8)
    assert np.array_equal(thumbnail(np.tile(tile, (4, 4)), 4), np.full((4, 4), 50))


def test_a_histogram_counts_each_channel():
    assert histogram(np.array([[0, 5], [5, 255]], np.uint8))[[0, 5, 255]].tolist() == [1, 2, 1]
    counts = histogram(np.array([[[1, 2, 3], [1, 0, 3]]], np.uint8))
    assert counts.shape == (3, 256)
    assert counts.dtype == np.int64
    assert (counts[0, 1], counts[1, 2], counts[1, 0], counts[2, 3]) == (2, 1, 1, 2)


def test_a_histogram_of_sixteen_bits_has_256_bins_too():
    # 257 * 9 = 2313 and what lies within 128 of it
    assert histogram(np.array([[2313, 2313 - 128, 2313 + 128, 65535]], np.uint16))[[9, 255]].tolist() == [3, 1]
