"""An image file without all that it says beside its picture: no EXIF, no text, no thumbnail, no byte after its end.

The parts that draw the picture are copied as they are, so that nothing is decoded and nothing lost; of EXIF only the
orientation stays. A file whose parts cannot be told apart, or that shows only one of several frames, is saved anew
as PNG.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from core.errors import LightboxError
from core.images import refusals, tags
from core.images.decoding import decode
from core.images.headers import read_header
from core.images.parts import Part, parts_of
from core.images.sniff import kind_of
from core.images.view import encode_png

_HAS = frozenset({"PNG", "JPEG", "WebP", "GIF", "BMP"})
_MOST_PIXELS = 2**31
_ADOBE_BYTES, _JFIF_BYTES = 16, 18  # from the marker on; more is a thumbnail, or words
_WEBP_ALPHA, _WEBP_EXIF = 0x10, 0x08
_BMP_INFO = {40, 108, 124}  # sizes of the headers since 1990


def reduced(data: bytes, name: str, max_pixels: int = _MOST_PIXELS) -> bytes:
    """The same picture with no word beside it.

    Args:
        data: a whole PNG, JPEG, WebP, GIF or BMP file.
        name: what to call it in an error.
        max_pixels: the most it may have where it has to be decoded.

    Returns:
        A file of the same kind, or a PNG; decoded, it is the same bit for bit.

    Raises:
        BadImage, TooLarge: it cannot be decoded.
        NotHandledYet: it is of another kind.
    """
    kind = kind_of(data, name)
    if kind not in _HAS:
        raise refusals.not_yet(name, f"a {kind} file", "Keep its decoded pixels instead.")
    small = reduced_to_parts(data, kind, name, parts_of(data, kind))
    return encode_png(decode(data, name=name, max_pixels=max_pixels).pixels) if small is None else small


def reduced_to_parts(data: bytes, kind: str, name: str, parts: list[Part] | None) -> bytes | None:
    """The same, made of the parts that draw the picture; None where it has to be saved anew."""
    if kind == "BMP":
        return _bmp(data)
    if parts is None or (kind == "WebP" and any(part.what == "further frames" for part in parts)):
        return None
    turned = 1
    if any(part.what == "EXIF" for part in parts):
        try:
            turned = read_header(data, kind, name).orientation
        except LightboxError:
            return None
    return {"JPEG": _jpeg, "PNG": _png, "WebP": _webp, "GIF": _gif}[kind](data, parts, turned)


def _drawn(data: bytes, parts: list[Part]) -> Iterator[tuple[bytes, bytes]]:
    return ((part.kind, data[part.start : part.end]) for part in parts if not part.what)


def _jpeg(data: bytes, parts: list[Part], turned: int) -> bytes:
    """How a decoder takes the colours depends on the short JFIF and Adobe segments: they stay, cut to their numbers."""
    head = b""
    for part in parts:
        if part.what == "JFIF":
            head += _segment(0xE0, data[part.start + 4 : part.start + _JFIF_BYTES - 2] + b"\0\0")
        if part.what == "Adobe":
            head += _segment(0xEE, data[part.start + 4 : part.start + _ADOBE_BYTES])
    if turned != 1:
        head += _segment(0xE1, b"Exif\0\0" + _exif(turned))
    return b"".join((b"\xff\xd8", head, *(raw for _, raw in _drawn(data, parts)), b"\xff\xd9"))


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _png(data: bytes, parts: list[Part], turned: int) -> bytes:
    chunks = [raw for _, raw in _drawn(data, parts)]
    if turned != 1:
        chunks.insert(1, _chunk(b"eXIf", _exif(turned)))
    return data[:8] + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _webp(data: bytes, parts: list[Part], turned: int) -> bytes:
    chunks = list(_drawn(data, parts))
    whole = b"".join(_padded(_flagged(raw, turned) if kind == b"VP8X" else raw) for kind, raw in chunks)
    if turned != 1:  # only the extended form, which begins with VP8X, has EXIF
        exif = _exif(turned)
        whole += _padded(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP" + whole


def _flagged(chunk: bytes, turned: int) -> bytes:
    return chunk[:8] + bytes(((chunk[8] & _WEBP_ALPHA) | (_WEBP_EXIF if turned != 1 else 0), 0, 0, 0)) + chunk[12:18]


def _padded(chunk: bytes) -> bytes:
    return chunk + b"\0" * (len(chunk) % 2)


def _gif(data: bytes, parts: list[Part], _turned: int) -> bytes:
    return data[:6] + b"".join(raw for _, raw in _drawn(data, parts)) + b";"


def _bmp(data: bytes) -> bytes | None:
    """An uncompressed one with its headers written anew: they may lead to a colour profile, or leave gaps."""
    try:
        offset, size, width, height, _, bits, coding = struct.unpack_from("<IIiiHHI", data, 10)
        (colours,) = struct.unpack_from("<I", data, 46)
    except struct.error:
        return None
    if size not in _BMP_INFO or coding != 0 or bits not in (1, 4, 8, 24) or width < 1 or height == 0:
        return None
    table = 4 * (colours or (2**bits if bits <= 8 else 0))
    pixels = (width * bits + 31) // 32 * 4 * abs(height)
    if offset != 14 + size + table or offset + pixels > len(data):
        return None
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, pixels, 0, 0, colours, 0)
    shown = data[14 + size : offset + pixels]
    return b"BM" + struct.pack("<IHHI", 54 + len(shown), 0, 0, 54 + table) + info + shown


def _exif(turned: int) -> bytes:
    """EXIF that says how to turn the image, and nothing else."""
    return struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, tags.ORIENTATION, 3, 1, turned, 0)
