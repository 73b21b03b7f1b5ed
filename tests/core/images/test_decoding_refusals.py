"""Every file is decoded or refused in words, and a bomb is refused before a decoder sees it."""

import io
import struct
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadImage, RefusedInput, TooLarge
from core.images import Decoded, decode
from core.images.plain import _PILLOW
from core.images.quiet import quiet_readers
from tests.core.images.files import by_opencv, by_pillow, noise, ramp, tiff

FILES = {
    "PNG": by_pillow(ramp(), "PNG"),
    "PNG 16": by_opencv(noise(40, 60, 3, np.uint16), ".png"),
    "JPEG": by_pillow(ramp(), "JPEG"),
    "JPEG progressive": by_pillow(ramp(), "JPEG", progressive=True),
    "BMP": by_pillow(ramp(), "BMP"),
    "WebP": by_pillow(ramp(), "WEBP"),
    "GIF": by_pillow(ramp(), "GIF"),
    "TIFF": by_pillow(ramp(), "TIFF"),
    "TIFF deflate": by_pillow(ramp(), "TIFF", compression="tiff_adobe_deflate"),
    "TIFF LZW 16": by_opencv(noise(40, 60, 3, np.uint16), ".tif"),
    "TIFF JPEG": by_pillow(ramp(), "TIFF", compression="jpeg"),
}


def decoded(data, max_pixels=10**6):
    return decode(data, name="an image", max_pixels=max_pixels)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_was_cut_off_is_refused_by_name(name, share):
    data = FILES[name]
    with pytest.raises(BadImage, match="'an image' is damaged"):
        decoded(data[: int(len(data) * share)])


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_hostile_bytes_are_decoded_or_refused(name, chosen):
    data = bytearray(FILES[name])
    for _ in range(chosen.draw(st.integers(1, 8))):
        data[chosen.draw(st.integers(0, len(data) - 1))] = chosen.draw(st.integers(0, 255))
    try:
        assert isinstance(decoded(bytes(data)), Decoded)
    except RefusedInput as refusal:
        assert refusal.remedy  # noqa: PT017 - either outcome is right


def bombs():
    """Small files that say they have 60,000 x 50,000 pixels, or the most their kind can say."""
    png = bytearray(FILES["PNG"])
    png[16:24] = struct.pack(">II", 60000, 50000)
    jpeg = bytearray(FILES["JPEG"])
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 50000, 60000)
    bmp = bytearray(FILES["BMP"])
    bmp[18:26] = struct.pack("<ii", 60000, -50000)
    gif = bytearray(FILES["GIF"])
    gif[6:10] = struct.pack("<HH", 60000, 50000)
    webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (59999).to_bytes(3, "little") + (49999).to_bytes(3, "little")
    grey = np.zeros((2, 2), np.uint8)
    return {
        "PNG": bytes(png),
        "JPEG": bytes(jpeg),
        "BMP": bytes(bmp),
        "GIF": bytes(gif),
        "WebP": webp,
        "TIFF": tiff(grey, size=(60000, 50000)),
        "TIFF by its tiles": tiff(grey, more={322: [60000], 323: [50000]}.items()),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_before_a_decoder_sees_it(name, monkeypatch):
    def explode(*_):
        raise AssertionError("the bomb went off")

    monkeypatch.setattr("cv2.imdecode", explode)
    for kind in _PILLOW:
        monkeypatch.setitem(_PILLOW, kind, explode)
    with pytest.raises(TooLarge, match="'an image'"):
        decoded(bombs()[name], max_pixels=100_000_000)


@pytest.mark.parametrize("kind", [b"IDAT", b"IEND", b"tEXt"])
def test_a_png_chunk_that_says_to_be_huge_never_reaches_a_decoder(kind, monkeypatch):
    def explode(*_):
        raise AssertionError("the bomb went off")  # OpenCV would allocate 2 GB before it reads a byte

    monkeypatch.setattr("cv2.imdecode", explode)
    data = bytearray(FILES["PNG"])
    at = data.index(b"IDAT") - 4
    data[at : at + 8] = struct.pack(">I", 2**31 - 1) + kind
    with pytest.raises(BadImage, match="damaged"):
        decoded(bytes(data))


def test_the_limit_itself_is_allowed_and_one_less_is_not():
    assert decoded(FILES["PNG"], max_pixels=60 * 40).pixels.shape == (40, 60, 3)
    with pytest.raises(TooLarge, match="60 × 40 pixels; at most 2,399"):
        decoded(FILES["PNG"], max_pixels=60 * 40 - 1)


@pytest.mark.parametrize("name", FILES)
def test_pillows_own_limit_warns_of_nothing(name, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 60 * 40 - 1)  # above it Pillow warns, above twice it refuses
    assert decoded(FILES[name]).pixels.shape == (40, 60, 3)


def test_beyond_twice_pillows_own_limit_the_words_are_ours(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(TooLarge, match="at most 2,000 pixels"):
        decoded(FILES["TIFF"])


def with_a_stray_tag():
    """A sound TIFF of which one entry points far outside: Pillow warns of it."""
    data = bytearray(tiff(noise(4, 4), more={40000: [1, 2, 3]}.items()))
    at = data.index(struct.pack("<HHI", 40000, 3, 3)) + 8
    data[at : at + 4] = struct.pack("<I", 2**31)
    return bytes(data)


def test_pillow_does_warn_of_the_file_that_the_next_test_uses():
    with pytest.warns(UserWarning, match="Truncated File Read"):
        Image.open(io.BytesIO(with_a_stray_tag())).load()


def test_no_warning_leaks_from_any_thread_and_the_filters_are_left_as_they_were():
    before = list(warnings.filters)
    together = threading.Barrier(4)

    def many(_):
        together.wait()
        return [decoded(with_a_stray_tag()).pixels.shape for _ in range(50)]

    with ThreadPoolExecutor(4) as threads:
        assert all(shapes == [(4, 4)] * 50 for shapes in threads.map(many, range(4)))
    assert warnings.filters == before


def test_another_ones_change_of_the_filters_survives():
    with warnings.catch_warnings():
        with quiet_readers():
            warnings.filters[:] = [("ignore", None, UserWarning, None, 0)]
        assert warnings.filters == [("ignore", None, UserWarning, None, 0)]
