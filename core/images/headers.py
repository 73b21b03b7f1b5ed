"""What an image file says of itself, read from its header: the size is known, and can be refused, before a pixel is.

A bomb (a small file that unpacks to gigabytes) thus never reaches a decoder. The header also says which decoder suits:
OpenCV for PNG and JPEG (1.2 to 1.9 times as fast as Pillow) and for the depths that Pillow lacks, Pillow for the rest
(it is the stricter one on damaged TIFF files).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from core.images import refusals
from core.images.tags import orientation
from core.images.tiff import Tiff, read_tiff

_JPEG_LS = 0xF7  # the frame header of JPEG-LS (ISO/IEC 14495-1)


@dataclass(frozen=True)
class Header:
    """One image's own description.

    Attributes:
        kind: "PNG", "JPEG", "BMP", "WebP", "TIFF" or "GIF".
        width, height: in pixels, as stored (before `orientation` is applied).
        reader: which library decodes it.
        layout: what OpenCV is asked for: one grey channel, RGB, or what is stored (with alpha).
        orientation: how it must be turned to stand upright, 1 to 8 as EXIF counts; 1 where the reader does it.
        see_through: the one grey value of a PNG that stands for "transparent", in the file's own depth.
        bits: bits per channel as stored.
        tiff: more about a TIFF.
    """

    kind: str
    width: int
    height: int
    reader: Literal["opencv", "pillow"] = "pillow"
    layout: Literal["grey", "rgb", "stored"] = "stored"
    orientation: int = 1
    see_through: int | None = None
    bits: int = 8
    tiff: Tiff | None = None


def read_header(data: bytes, kind: str, name: str) -> Header:
    """The header of an image file of the given kind; decodes nothing.

    Args:
        data: the whole file.
        kind: as `sniff.kind_of` says.
        name: what to call the file in an error.

    Raises:
        BadImage: the header is damaged.
        NotHandledYet: the header is sound, the kind of pixels is not handled in this version.
    """
    try:
        header = _READERS[kind](data, name)
    except struct.error as error:  # the file ends within its header
        raise refusals.damaged(name, kind) from error
    if header is None or header.width < 1 or header.height < 1:
        raise refusals.damaged(name, kind)
    return header


def _png(data: bytes, name: str) -> Header | None:
    """PNG (ISO/IEC 15948): IHDR comes first; tRNS, acTL and eXIf stand anywhere after it."""
    if data[12:16] != b"IHDR":
        return None
    width, height, bits, colour = struct.unpack_from(">IIBB", data, 16)
    chunks = {kind: (at, length) for kind, at, length in _png_chunks(data, name)}
    header = {"width": width, "height": height, "bits": bits, "orientation": 1}
    if b"eXIf" in chunks:
        at, length = chunks[b"eXIf"]
        header["orientation"] = orientation(data[at : at + length])
    if b"acTL" in chunks:  # animated: OpenCV gives the first frame, which need not be the image that others show
        return Header("PNG", **header)
    if colour == 0:
        value = struct.unpack_from(">H", data, chunks[b"tRNS"][0])[0] if b"tRNS" in chunks else None
        return Header("PNG", **header, reader="opencv", layout="grey", see_through=value)
    layout: Literal["rgb", "stored"] = "stored" if colour in (4, 6) or b"tRNS" in chunks else "rgb"
    return Header("PNG", **header, reader="opencv", layout=layout)


def _png_chunks(data: bytes, name: str) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and length of each chunk; one that says to be longer than the file is a bomb of its own.

    OpenCV allocates as many bytes as a chunk says to have before it reads any: 4 GB for a file of 160 bytes.
    """
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, at + 8, length
        at += length + 12
        if at > len(data):
            raise refusals.damaged(name, "PNG")


def _jpeg(data: bytes, name: str) -> Header | None:
    """JPEG (ITU-T T.81, annex B): the segments until the frame header, among them EXIF."""
    turned = 1
    for marker, at, length in _jpeg_segments(data):
        if marker == 0xE1 and data.startswith(b"Exif\0\0", at):
            turned = orientation(data[at : at + length])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            bits, height, width, channels = struct.unpack_from(">BHHB", data, at)
            if bits > 8 or marker in (0xC3, 0xC7, 0xCB, 0xCF):
                raise refusals.not_yet(name, "a lossless or 12-bit JPEG", "Save it as 16-bit PNG or TIFF and use that.")
            if channels == 4:  # CMYK, often inverted
                return Header("JPEG", width, height, orientation=turned)
            layout: Literal["grey", "rgb"] = "grey" if channels == 1 else "rgb"
            return Header("JPEG", width, height, reader="opencv", layout=layout, orientation=turned)
    return None


def frame_size(codestream: bytes) -> tuple[int, int] | None:
    """Width and height that a compressed frame of a DICOM file says to have; None where it is no JPEG of any kind.

    What the file around it says does not bind the decoder: it allocates what the frame asks for.

    Raises:
        struct.error: it ends within its header.
    """
    at = codestream.find(b"\xff\x4f\xff\x51", 0, 256)  # JPEG 2000, maybe with the boxes of a file around it
    if at >= 0:
        right, lower, left, upper = struct.unpack_from(">4I", codestream, at + 8)
        return max(0, right - left), max(0, lower - upper)
    if not codestream.startswith(b"\xff\xd8"):
        return None
    sizes = [
        struct.unpack_from(">HH", codestream, at + 1)
        for marker, at, _ in _jpeg_segments(codestream)
        if marker == _JPEG_LS or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
    ]
    return max((width, height) for height, width in sizes) if sizes else None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    at = 2
    while (at := data.find(b"\xff", at)) >= 0:
        at += 1
        marker = data[at] if at < len(data) else 0
        if marker in (0xD9, 0xDA):  # the end, or the beginning of the pixels
            return
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # padding, or markers without content
            continue
        (length,) = struct.unpack_from(">H", data, at + 1)
        yield marker, at + 3, length - 2
        at += 1 + length


def _webp(data: bytes, name: str) -> Header | None:
    """WebP (RFC 9649): simple lossy, simple lossless, or extended with a canvas."""
    first = data[12:16]
    if first == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return Header("WebP", width, height, orientation=_webp_orientation(data))
    if first == b"VP8L" and data[20:21] == b"\x2f":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if first == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WebP", width & 0x3FFF, height & 0x3FFF)
    return None


def _webp_orientation(data: bytes) -> int:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            return orientation(data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return 1


def _gif(data: bytes, name: str) -> Header:
    return Header("GIF", *struct.unpack_from("<HH", data, 6))


def _bmp(data: bytes, name: str) -> Header:
    """BMP: the old header of 12 bytes has 16-bit sizes; in the later ones a negative height means top row first."""
    (size,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if size == 12 else "<ii", data, 18)
    return Header("BMP", width, abs(height))


def _tiff(data: bytes, name: str) -> Header:
    tiff = read_tiff(data, name)
    reader: Literal["opencv", "pillow"] = "opencv" if tiff.only_opencv else "pillow"
    return Header("TIFF", tiff.width, tiff.height, reader, bits=tiff.bits, tiff=tiff)


_READERS: dict[str, Callable[[bytes, str], Header | None]] = {
    "PNG": _png,
    "JPEG": _jpeg,
    "WebP": _webp,
    "GIF": _gif,
    "BMP": _bmp,
    "TIFF": _tiff,
}
