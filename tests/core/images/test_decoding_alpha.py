"""What is seen through is shown over black."""

import zlib

import numpy as np
import pytest
from PIL import Image

from core.images import decode
from tests.core.images.files import by_opencv, by_pillow, noise, tiff


def pixels_of(data):
    return decode(data, name="a", max_pixels=10**6).pixels


def chunk(kind, content):
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def with_alpha(colour, *alphas):
    """One row: the same colour at each opacity."""
    return np.array([[(*colour, alpha) for alpha in alphas]])


def test_colours_fade_to_black():
    # 200 * 128 / 255 = 100.4, 100 * 128 / 255 = 50.2, 10 * 128 / 255 = 5.02
    data = by_pillow(with_alpha((200, 100, 10), 255, 128, 0).astype(np.uint8), "PNG")
    assert pixels_of(data).tolist() == [[[200, 100, 10], [100, 50, 5], [0, 0, 0]]]


def test_colours_of_sixteen_bits_fade_to_black():
    # 60000 * 32768 / 65535 = 30000.46, 300 * 32768 / 65535 = 150.002
    data = by_opencv(with_alpha((60000, 300, 0), 65535, 32768, 0).astype(np.uint16), ".png")
    assert pixels_of(data).tolist() == [[[60000, 300, 0], [30000, 150, 0], [0, 0, 0]]]


def test_grey_with_alpha_stays_grey():
    data = by_pillow(Image.fromarray(np.array([[(200, 255), (200, 128), (200, 0)]], np.uint8), "LA"), "PNG")
    assert pixels_of(data).tolist() == [[200, 100, 0]]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("alpha", [0, 255])
def test_an_alpha_channel_that_says_nothing_is_dropped(kind, alpha):
    colour = noise(6, 6, 3)
    pixels = np.dstack([colour, np.full((6, 6), alpha, np.uint8)])
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    assert np.array_equal(pixels_of(by_pillow(pixels, kind, **options)), colour)


def test_a_palette_with_a_transparent_entry():
    image = Image.fromarray(np.array([[0, 1]], np.uint8)).convert("P")
    image.putpalette([250, 240, 230, 9, 8, 7])
    for kind in ("PNG", "GIF"):
        assert pixels_of(by_pillow(image, kind, transparency=0)).tolist() == [[[0, 0, 0], [9, 8, 7]]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_one_transparent_value_of_a_grey_png(dtype):
    pixels = np.array([[7, 50, 200]], dtype)
    data = by_opencv(pixels, ".png")
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", (200).to_bytes(2, "big")) + data[at:]
    assert pixels_of(data).tolist() == [[7, 50, 0]]


def test_the_one_transparent_value_of_a_grey_png_of_few_bits():
    image = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert pixels_of(by_pillow(image, "PNG")).tolist() == [[0, 255]]
    assert pixels_of(by_pillow(image, "PNG", transparency=1)).tolist() == [[0, 0]]


def test_the_one_transparent_colour_of_a_png():
    pixels = np.array([[(1, 2, 3), (4, 5, 6)]], np.uint8)
    assert pixels_of(by_pillow(pixels, "PNG", transparency=(4, 5, 6))).tolist() == [[[1, 2, 3], [0, 0, 0]]]


@pytest.mark.parametrize(("meaning", "second"), [(0, [60000, 300, 9]), (1, [60000, 300, 9]), (2, [30000, 150, 5])])
def test_the_fourth_channel_of_a_tiff(meaning, second):
    # 0: not said what it is, 1: alpha that the colours were multiplied with, 2: alpha (TIFF 6.0, ExtraSamples)
    # 9 * 32768 / 65535 = 4.50007 -> 5
    data = tiff(with_alpha((60000, 300, 9), 65535, 32768).astype(np.uint16), 2, more={338: [meaning]}.items())
    assert pixels_of(data).tolist() == [[[60000, 300, 9], second]]


@pytest.mark.parametrize("samples", [2, 4])
def test_eight_bit_colours_that_were_multiplied_already_are_as_seen(samples):
    values = np.array([[(50, 128), (99, 255)]] if samples == 2 else [[(50, 40, 30, 128), (9, 8, 7, 255)]], np.uint8)
    seen = pixels_of(tiff(values, 1 if samples == 2 else 2, more={338: [1]}.items())).astype(int)
    meant = values[..., 0] if samples == 2 else values[..., :3]
    assert np.abs(seen - meant).max() <= 1  # Pillow divides by alpha, we multiply again
