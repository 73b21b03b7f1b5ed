"""Which kind of image some bytes are, told by their first bytes and never by a file's name."""

from __future__ import annotations

import struct
import zlib

from core.images import refusals

_HANDLED = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_EXPORT = "Export it from your viewer as PNG or TIFF and use that."
_PAIR = "Save the volume as one file (.nii or .nii.gz) and use that."
_VOLUME = "Save the slices as PNG or TIFF images and use those."
_NIFTI = ((344, b"n+1\0"), (4, b"n+2\0"))
_LATER = (
    (344, b"ni1\0", "one half of a NIfTI pair (.hdr and .img)", _PAIR),
    (4, b"ni2\0", "one half of a NIfTI pair (.hdr and .img)", _PAIR),
    (0, b"NRRD000", "an NRRD volume", _VOLUME),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", _VOLUME),
    (0, b"ZISRAWFILE", "a Zeiss CZI file", _EXPORT),
    (0, b"\xda\xce\xbe\x0a", "a Nikon ND2 file", _EXPORT),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image", _EXPORT),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image", _EXPORT),
    (4, b"ftyp", "an HEIC or AVIF file", _EXPORT),
    (0, b"8BPS\0\x01", "a Photoshop file", _EXPORT),
)
_FIRST_ELEMENTS = [(2, 0), (2, 1), (8, 0), (8, 1), (8, 5), (8, 8), (8, 0x12), (8, 0x16)]
_LONGEST_HEAD = 352  # the header of a NIfTI file; all marks above lie within it


def kind_of(data: bytes, name: str) -> str:
    """The kind of image: "PNG", "JPEG", "BMP", "WebP", "TIFF", "GIF", "DICOM" or "NIfTI".

    The last two may also be compressed as a whole with gzip.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        BadImage: empty, or no image of a known kind.
        NotHandledYet: kinds that are known and not read in this version.
    """
    if not data:
        raise refusals.empty(name)
    if data.startswith(b"DICM", 128):  # first, as the 128 bytes before it may be the beginning of a TIFF file
        return "DICOM"
    for mark, kind in _HANDLED:
        if data.startswith(mark):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    head = _unzipped_head(data)
    if any(head.startswith(mark, offset) for offset, mark in _NIFTI):
        return "NIfTI"
    if head.startswith(b"DICM", 128) or _is_bare_dicom(head):
        return "DICOM"
    _refuse_later(head, name)
    raise refusals.unknown(name)


def _refuse_later(head: bytes, name: str) -> None:
    for offset, mark, what, remedy in _LATER:
        if head.startswith(mark, offset):
            raise refusals.not_yet(name, what, remedy)


def _is_bare_dicom(head: bytes) -> bool:
    """DICOM without its preamble begins with an element of group 0002 or 0008, in either byte order (PS3.5, 7.1)."""
    return any(head.startswith(struct.pack(order + "HH", *first)) for order in "<>" for first in _FIRST_ELEMENTS)


def _unzipped_head(data: bytes) -> bytes:
    """The first bytes, through gzip if need be (NIfTI volumes are kept so); bounded whatever the file unpacks to."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:_LONGEST_HEAD]
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _LONGEST_HEAD)
    except zlib.error:
        return b""
