"""Every kind of file that is read gives the pixels it was made of."""

import io

import numpy as np
import pytest
from PIL import Image

from core.images import decode
from tests.core.images.files import by_opencv, by_pillow, noise, ramp, tiff, turned


def decoded(data):
    return decode(data, name="a", max_pixels=10**6)


GREY, COLOUR = noise(7, 5), noise(7, 5, 3)
GREY_16, COLOUR_16 = noise(7, 5, dtype=np.uint16), noise(7, 5, 3, np.uint16)


@pytest.mark.parametrize(
    ("pixels", "data", "kind"),
    [
        (GREY, by_pillow(GREY, "PNG"), "PNG"),
        (COLOUR, by_pillow(COLOUR, "PNG"), "PNG"),
        (GREY_16, by_opencv(GREY_16, ".png"), "PNG"),
        (COLOUR_16, by_opencv(COLOUR_16, ".png"), "PNG"),
        (GREY, by_pillow(GREY, "BMP"), "BMP"),
        (COLOUR, by_pillow(COLOUR, "BMP"), "BMP"),
        (COLOUR, by_pillow(COLOUR, "WEBP", lossless=True), "WebP"),
        (GREY, by_pillow(GREY, "GIF"), "GIF"),
        (GREY, by_pillow(GREY, "TIFF"), "TIFF"),
        (COLOUR, by_pillow(COLOUR, "TIFF", compression="tiff_lzw"), "TIFF"),
        (GREY_16, tiff(GREY_16), "TIFF"),
        (GREY_16, tiff(GREY_16, order=">"), "TIFF"),
        (GREY_16, by_pillow(GREY_16, "TIFF", compression="tiff_adobe_deflate"), "TIFF"),
        (COLOUR_16, tiff(COLOUR_16, 2), "TIFF"),
        (COLOUR_16, tiff(COLOUR_16, 2, order=">"), "TIFF"),
        (COLOUR_16, by_opencv(COLOUR_16, ".tif"), "TIFF"),  # LZW
    ],
)
def test_lossless_files_give_every_value_back(pixels, data, kind):
    image = decoded(data)
    assert image.format == kind
    assert image.bit_depth == pixels.dtype.itemsize * 8
    assert image.grey == (pixels.ndim == 2)
    assert image.pixels.dtype == pixels.dtype
    assert image.pixels.flags.c_contiguous
    assert np.array_equal(image.pixels, pixels)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("pixels", [ramp(), ramp()[..., 0]], ids=["colour", "grey"])
def test_jpeg_is_near_what_it_was_made_of_and_what_pillow_gives(pixels, options):
    data = by_pillow(pixels, "JPEG", quality=95, **options)
    image = decoded(data)
    assert np.abs(image.pixels.astype(int) - pixels).mean() < 3
    with Image.open(io.BytesIO(data)) as opened:
        assert np.abs(image.pixels.astype(int) - np.asarray(opened)).max() <= 1


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_are_spread_over_the_full_range(bits):
    levels = 2**bits
    values = np.arange(8, dtype=np.uint8).reshape(2, 4) % levels
    image = Image.fromarray(values).convert("P")
    image.putpalette([channel for level in range(levels) for channel in (level * 255 // (levels - 1),) * 3])
    assert np.array_equal(decoded(by_pillow(image, "PNG", bits=bits)).pixels, values * (255 // (levels - 1)))


def test_one_bit_is_black_and_white():
    values = np.array([[0, 255, 255], [255, 0, 0]], np.uint8)
    for kind in ("PNG", "BMP", "TIFF"):
        assert np.array_equal(decoded(by_pillow(Image.fromarray(values).convert("1"), kind)).pixels, values)


@pytest.mark.parametrize(("bits", "value", "full"), [(12, 0xABC, 0xABCA), (12, 0xFFF, 0xFFFF), (12, 0, 0)])
def test_twelve_bits_are_spread_over_sixteen(bits, value, full):
    # two values in three bytes; the upper bits are repeated in the lower, so that 4095 becomes 65535
    packed = np.array([[value >> 4, (value & 15) << 4 | value >> 8, value & 255]], np.uint8)
    data = tiff(packed, bits=bits, size=(2, 1))
    image = decoded(data)
    assert image.bit_depth == 16
    assert image.pixels.tolist() == [[full, full]]


def test_where_zero_is_white_the_image_is_inverted_at_every_depth():
    assert decoded(tiff(np.array([[0, 55, 255]], np.uint8), 0)).pixels.tolist() == [[255, 200, 0]]
    assert decoded(tiff(np.array([[0, 535, 65535]], np.uint16), 0)).pixels.tolist() == [[65535, 65000, 0]]
    assert decoded(tiff(np.array([[0, 535, 65535]], np.uint16), 0, order=">")).pixels.tolist() == [[65535, 65000, 0]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF", "BMP"])
def test_a_palette_becomes_the_colours_it_stands_for(kind):
    image = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8)).convert("P")
    image.putpalette([255, 0, 0, 0, 200, 0, 9, 8, 7])
    red, green, dark = [255, 0, 0], [0, 200, 0], [9, 8, 7]
    assert decoded(by_pillow(image, kind)).pixels.tolist() == [[red, green], [dark, green]]


@pytest.mark.parametrize("data", [by_pillow(np.dstack([GREY] * 3), "PNG"), by_pillow(np.dstack([GREY] * 3), "BMP")])
def test_three_equal_channels_are_one(data):
    image = decoded(data)
    assert image.grey
    assert np.array_equal(image.pixels, GREY)


def test_one_coloured_pixel_is_enough_to_be_colour():
    pixels = np.dstack([noise(40, 40)] * 3)
    pixels[21, 37, 2] ^= 1  # not among the few that are looked at first
    assert not decoded(by_pillow(pixels, "PNG")).grey


def test_inks_become_light():
    with_cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    for kind in ("JPEG", "TIFF"):
        red, green, blue = decoded(by_pillow(with_cyan, kind)).pixels[4, 4].tolist()
        assert red < 5
        assert green > 250
        assert blue > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("JPEG", {"quality": 100, "subsampling": 0})],
)
def test_an_image_stands_upright(kind, options, orientation):
    # EXIF 2.32: where row 0 and column 0 of what is stored belong
    meant = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: np.rot90(a, 1),
    }[orientation]
    pixels = np.zeros((16, 24, 3), np.uint8)
    pixels[:8, :8] = (200, 30, 60)
    pixels[:8, 16:] = (20, 180, 90)
    image = decoded(by_pillow(pixels, kind, exif=turned(orientation), **options))
    assert image.pixels.shape == meant(pixels).shape
    assert np.abs(image.pixels.astype(int) - meant(pixels)).max() <= (8 if kind == "JPEG" else 0)


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_sixteen_bit_tiff_stands_upright_too(orientation):
    meant = {1: COLOUR_16, 3: COLOUR_16[::-1, ::-1], 6: np.rot90(COLOUR_16, -1)}[orientation]
    assert np.array_equal(decoded(tiff(COLOUR_16, 2, more={274: [orientation]}.items())).pixels, meant)
    meant = {1: GREY_16, 3: GREY_16[::-1, ::-1], 6: np.rot90(GREY_16, -1)}[orientation]
    assert np.array_equal(decoded(tiff(GREY_16, more={274: [orientation]}.items())).pixels, meant)


def test_of_an_animation_the_image_that_all_show_is_taken():
    shown, first, second = Image.fromarray(COLOUR), Image.fromarray(COLOUR[::-1]), Image.fromarray(COLOUR[:, ::-1])
    data = by_pillow(shown, "PNG", save_all=True, append_images=[first, second], default_image=True)
    assert np.array_equal(decoded(data).pixels, COLOUR)


def test_of_several_pages_and_frames_the_first_is_taken():
    first, second = Image.fromarray(COLOUR), Image.fromarray(COLOUR[::-1])
    pages = by_pillow(first, "TIFF", save_all=True, append_images=[second])
    assert np.array_equal(decoded(pages).pixels, COLOUR)
    frames = by_pillow(first, "WEBP", save_all=True, append_images=[second], lossless=True)
    assert np.array_equal(decoded(frames).pixels, COLOUR)
    animated = by_pillow(first, "PNG", save_all=True, append_images=[second])
    assert np.array_equal(decoded(animated).pixels, COLOUR)
    grey = by_pillow(Image.fromarray(GREY), "GIF", save_all=True, append_images=[Image.fromarray(GREY[::-1])])
    assert np.array_equal(decoded(grey).pixels, GREY)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1)])
@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_the_smallest_images(kind, size):
    pixels = noise(*size)
    assert np.array_equal(decoded(by_pillow(pixels, kind)).pixels, pixels)
