"""The numbers of the first directory of a TIFF file; EXIF data are such a file too.

Read here and not with Pillow, because a directory that Pillow has no pixel mode for (24-bit, float16, ...) must still
be refused in words, and because nothing is allocated and no warning given however hostile the bytes are.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION = 256, 257, 258, 259, 262, 274
SAMPLES, PLANAR, TILE_WIDTH, TILE_HEIGHT, EXTRA_SAMPLES, NUMBER_KIND = 277, 284, 322, 323, 338, 339

_CODES = {1: "B", 3: "H", 4: "I", 16: "Q"}  # the types that hold whole numbers (TIFF 6.0, section 2; BigTIFF)
_MOST_ENTRIES = 4096
_BEYOND_THE_END = (struct.error, OverflowError)
_MOST_VALUES = 64  # longer ones are offsets of strips, colour tables and the like


def first_directory(data: bytes) -> dict[int, tuple[int, ...]]:
    """The whole numbers of the first directory by their tag.

    Args:
        data: a TIFF or BigTIFF file in either byte order, or EXIF data from their byte order mark on.

    Returns:
        Values by tag, the first where a tag stands twice; what could be read where the data end too soon, and
        nothing where they are no TIFF.
    """
    found: dict[int, tuple[int, ...]] = {}
    with contextlib.suppress(*_BEYOND_THE_END):  # within the directory; what was found until there counts
        for tag, values in _entries(data):
            found.setdefault(tag, values)
    return found


def orientation(exif: bytes) -> int:
    """The orientation 1 to 8 that EXIF data ask for; 1, upright, where they do not say."""
    (turned, *_) = first_directory(exif.removeprefix(b"Exif\0\0")).get(ORIENTATION, (1,))
    return turned if 1 <= turned <= 8 else 1


def _entries(data: bytes) -> Iterator[tuple[int, tuple[int, ...]]]:
    order = {b"II": "<", b"MM": ">"}.get(data[:2], "")
    version = struct.unpack_from(order + "H", data, 2)[0] if order else 0
    if version not in (42, 43):
        return
    size = "Q" if version == 43 else "I"  # BigTIFF counts and points in 8 bytes instead of 4
    (start,) = struct.unpack_from(order + size, data, 8 if version == 43 else 4)
    count_code = order + ("Q" if version == 43 else "H")
    (count,) = struct.unpack_from(count_code, data, start)
    entry = struct.Struct(order + "HH" + size)
    first, width = start + struct.calcsize(count_code), entry.size + struct.calcsize(order + size)
    for at in range(first, first + min(count, _MOST_ENTRIES) * width, width):
        tag, kind, length = entry.unpack_from(data, at)
        if kind in _CODES and 1 <= length <= _MOST_VALUES:
            with contextlib.suppress(*_BEYOND_THE_END):  # an entry that points outside: the others may be sound
                yield tag, _values(data, at + entry.size, order, size, f"{length}{_CODES[kind]}")


def _values(data: bytes, at: int, order: str, size: str, code: str) -> tuple[int, ...]:
    """The values of an entry; they stand in it when they fit there, else it says where they stand."""
    if struct.calcsize(order + code) > struct.calcsize(order + size):
        (at,) = struct.unpack_from(order + size, data, at)
    return struct.unpack_from(order + code, data, at)
