"""The parts that a JPEG, PNG, WebP or GIF file is made of: those that draw its picture, and words for all others.

Nothing is decoded. A file whose parts cannot be told apart gives None, and its picture has to be saved anew.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

_AFTER = "bytes after the end of the image"
_BLOCK = 2**16
_JPEG_END, _JPEG_SCAN = 0xD9, 0xDA
_JPEG_DRAWS = frozenset((*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF))
_JPEG_SEGMENTS = (  # the marker, how its content begins, what it is
    (0xE0, b"JFIF\0", "JFIF"),
    (0xE0, b"", "JFIF thumbnail"),
    (0xE1, b"Exif\0", "EXIF"),
    (0xE1, b"http://ns.adobe.com/", "XMP"),
    (0xE2, b"ICC_PROFILE\0", "ICC colour profile"),
    (0xE2, b"MPF\0", "further pictures"),
    (0xED, b"Photoshop", "IPTC"),
    (0xEE, b"Adobe", "Adobe"),
    (0xFE, b"", "JPEG comment"),
)
_PNG_DRAWS = {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"IDAT": 2**31, b"IEND": 0}  # and the most bytes they need
_PNG_DRAWS |= {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"sBIT": 4}
_PNG_CHUNKS = {
    b"eXIf": "EXIF",
    b"tIME": "PNG time of the last change",
    b"iCCP": "ICC colour profile",
    b"pHYs": "PNG resolution",
    b"acTL": "further frames",
    b"fcTL": "further frames",
    b"fdAT": "further frames",
}
_PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_PNG_KEYWORDS = ("Title", "Author", "Description", "Copyright", "Creation Time", "Software", "Source", "Comment")
_WEBP_DRAWS = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"VP8X"))
_WEBP_CHUNKS = {
    b"EXIF": "EXIF",
    b"XMP ": "XMP",
    b"ICCP": "ICC colour profile",
    b"ANIM": "further frames",
    b"ANMF": "further frames",
}
_GIF_EXTENSIONS = {0xFE: "GIF comment", 0xFF: "GIF application data", 0x01: "GIF text"}
_GIF_CONTROL, _GIF_FRAME = "control", "further frames"


@dataclass(frozen=True)
class Part:
    """One part of a file.

    Attributes:
        start, end: where its bytes stand.
        kind: the marker, chunk or block as its format calls it.
        what: what it says beside the picture, in words; empty where it belongs to the picture.
    """

    start: int
    end: int
    kind: bytes
    what: str = ""


def parts_of(data: bytes, kind: str) -> list[Part] | None:
    """All parts of a file in their order, after its first mark; None where they cannot be told apart.

    Args:
        data: the whole file.
        kind: "JPEG", "PNG", "WebP" or "GIF"; others are not looked into.
    """
    look = {"JPEG": _jpeg, "PNG": _png, "WebP": _webp, "GIF": _gif}.get(kind)
    try:
        return look(data) if look else None
    except (struct.error, IndexError):  # the file ends within a part
        return None


def _jpeg(data: bytes) -> list[Part] | None:
    """Segments from their marker on; a scan with the coded pixels that follow it (ITU-T T.81, annex B)."""
    found, at = list[Part](), 2
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            return None
        marker = data[at + 1]
        if marker == _JPEG_END:
            return found + _rest(data, at + 2)
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        what = "" if marker in _JPEG_DRAWS else _jpeg_words(marker, data[at + 4 : at + 40])
        if marker == _JPEG_SCAN:
            end = _scan_end(data, end)
            if end < 0:
                return None
        found.append(Part(at, end, bytes((marker,)), what))
        at = end


def _scan_end(data: bytes, start: int) -> int:
    """Where the coded pixels that begin at `start` end; -1 where the file ends before them.

    Within them FF is followed by 00 or by a restart marker; looked for many bytes at a time.
    """
    for block in range(start, len(data) - 1, _BLOCK):
        within = np.frombuffer(data, np.uint8, min(_BLOCK + 1, len(data) - block), block)
        marks = np.flatnonzero(within[:-1] == 0xFF)
        after = within[marks + 1]
        ends = marks[(after != 0) & (after != 0xFF) & ((after < 0xD0) | (after > 0xD7))]
        if len(ends):
            return block + int(ends[0])
    return -1


def _jpeg_words(marker: int, content: bytes) -> str:
    for known, begin, what in _JPEG_SEGMENTS:
        if marker == known and content.startswith(begin):
            return what
    return "JPEG application data"


def _png(data: bytes) -> list[Part] | None:
    """Chunks with their length and checksum (ISO/IEC 15948)."""
    found, at, kind = list[Part](), 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if end > len(data):
            return None
        draws = length <= _PNG_DRAWS.get(kind, -1)
        found.append(Part(at, end, kind, "" if draws else _png_words(kind, data[at + 8 : end - 4])))
        at = end
    return found + _rest(data, at)


def _png_words(kind: bytes, content: bytes) -> str:
    if kind not in _PNG_TEXTS:
        return _PNG_CHUNKS.get(kind, "other PNG data")
    keyword = content[:80].split(b"\0")[0].decode("latin-1")
    if keyword == "XML:com.adobe.xmp":
        return "XMP"
    return f"PNG text {keyword!r}" if keyword in _PNG_KEYWORDS else "PNG text"


def _webp(data: bytes) -> list[Part] | None:
    """Chunks of the RIFF container without their padding (RFC 9649)."""
    (length,) = struct.unpack_from("<I", data, 4)
    found, at, end = list[Part](), 12, min(8 + length, len(data))
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data):
            return None
        found.append(Part(at, at + 8 + size, kind, "" if kind in _WEBP_DRAWS else _WEBP_CHUNKS.get(kind, "other data")))
        at += 8 + size + size % 2
    return found + _rest(data, at)


def _gif(data: bytes) -> list[Part] | None:
    """Blocks up to the trailer; of the frames only the first belongs to the picture (GIF89a, 1990)."""
    at = 13 + _gif_colours(data[10])
    found, frames = [Part(6, at, b"screen")], 0
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            frames += 1
            at += 10 + _gif_colours(data[at + 9]) + 1
            what = "" if frames == 1 else _GIF_FRAME
        elif data[at] == 0x21:
            what = _gif_words(data, at, frames)
            at += 2
        else:
            return None
        at = _gif_blocks_end(data, at)
        found.append(Part(start, at, data[start : start + 2], what))
    return found + _rest(data, at + 1)


def _gif_colours(flags: int) -> int:
    return 3 * 2 ** (1 + (flags & 7)) if flags & 0x80 else 0


def _gif_words(data: bytes, at: int, frames: int) -> str:
    if data[at + 1] == 0xF9:  # how the next frame is shown
        return "" if frames == 0 else _GIF_FRAME
    if data.startswith(b"XMP Data", at + 3):
        return "XMP"
    return _GIF_EXTENSIONS.get(data[at + 1], "GIF application data")


def _gif_blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _rest(data: bytes, at: int) -> list[Part]:
    return [Part(at, len(data), b"", _AFTER)] if at < len(data) else []
