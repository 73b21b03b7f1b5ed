import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadImage, NotHandledYet, RefusedInput
from core.images.headers import read_header
from core.images.sniff import kind_of
from tests.core.images.files import by_opencv, by_pillow, noise, ramp, turned

FILES = {
    "PNG": by_pillow(ramp(), "PNG"),
    "PNG grey 16": by_opencv(noise(40, 60, dtype=np.uint16), ".png"),
    "JPEG": by_pillow(ramp(), "JPEG"),
    "JPEG progressive": by_pillow(ramp(), "JPEG", progressive=True),
    "BMP": by_pillow(ramp(), "BMP"),
    "WebP lossy": by_pillow(ramp(), "WEBP"),
    "WebP lossless": by_pillow(ramp(), "WEBP", lossless=True),
    "WebP extended": by_pillow(ramp(), "WEBP", exif=turned(1)),
    "TIFF": by_pillow(ramp(), "TIFF"),
    "GIF": by_pillow(ramp(), "GIF"),
}


def header_of(data):
    return read_header(data, kind_of(data, "a"), "a")


@pytest.mark.parametrize("name", FILES)
def test_the_size_stands_in_the_header_of_every_kind(name):
    header = header_of(FILES[name])
    assert (header.width, header.height) == (60, 40)


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(("PNG", "TIFF"))])
def test_half_of_the_file_is_enough_but_for_png_and_tiff(name):
    data = FILES[name]
    header = header_of(data[: len(data) // 2])
    assert (header.width, header.height) == (60, 40)


def test_old_and_upside_down_bmp():
    old = b"BM" + bytes(12) + struct.pack("<IHH", 12, 7, 5) + bytes(20)
    assert (header_of(old).width, header_of(old).height) == (7, 5)
    top_first = b"BM" + bytes(12) + struct.pack("<Iii", 40, 7, -5) + bytes(40)
    assert (header_of(top_first).width, header_of(top_first).height) == (7, 5)


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        (by_pillow(ramp()[..., 0], "JPEG"), "grey"),
        (FILES["JPEG"], "rgb"),
        (by_pillow(ramp()[..., 0], "PNG"), "grey"),
        (FILES["PNG"], "rgb"),
        (by_pillow(noise(4, 4, 4), "PNG"), "stored"),
    ],
)
def test_what_opencv_is_asked_for(data, layout):
    header = header_of(data)
    assert (header.reader, header.layout) == ("opencv", layout)


def test_a_jpeg_in_four_inks_is_left_to_pillow():
    assert header_of(by_pillow(Image.new("CMYK", (8, 8)), "JPEG")).reader == "pillow"


@pytest.mark.parametrize("marker", [0xC3, 0xC7, 0xCB, 0xCF])
def test_a_lossless_jpeg_comes_later(marker):
    data = FILES["JPEG"]
    at = data.index(b"\xff\xc0")
    with pytest.raises(NotHandledYet, match="lossless"):
        header_of(data[: at + 1] + bytes([marker]) + data[at + 2 :])


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xd9", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBPVP8 "])
def test_a_file_that_ends_in_its_header_is_damaged(data):
    with pytest.raises(BadImage, match="damaged"):
        header_of(data)


@pytest.mark.parametrize("size", [(0, 5), (5, 0)])
def test_an_image_without_pixels_is_damaged(size):
    with pytest.raises(BadImage):
        header_of(b"GIF89a" + struct.pack("<HH", *size) + bytes(20))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_hostile_headers_are_read_or_refused(name, chosen):
    data = bytearray(FILES[name])
    for _ in range(chosen.draw(st.integers(1, 6))):
        data[chosen.draw(st.integers(0, min(len(data) - 1, 200)))] = chosen.draw(st.integers(0, 255))
    try:
        header = header_of(bytes(data))
    except RefusedInput:
        return
    assert header.width >= 1
    assert header.height >= 1
