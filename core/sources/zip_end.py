"""The end of a zip, where it says how large its table of contents is: read before Python loads all of that at once."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_END, _END_64, _PLACE_64, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
_END_BYTES, _PLACE_64_BYTES, _END_64_BYTES = 22, 20, 56
_MOST_COMMENT = 65_535
_PIECE = 1024 * 1024
_NOT_SAID = 0xFFFFFFFF  # here; but in the larger record


@dataclass(frozen=True)
class ZipEnd:
    """How large the table of contents of a zip is.

    Attributes:
        size: bytes that a reader would load.
        entries: that lie in these bytes, whatever their number is said to be.
    """

    size: int
    entries: int


def zip_end(path: Path) -> ZipEnd | None:
    """What the end of a zip tells; None where the file does not end as a zip does.

    Where several records may be meant, as programs differ in where they look, the largest counts.
    """
    with path.open("rb") as file:
        length = file.seek(0, 2)
        begin = max(0, length - _END_BYTES - _MOST_COMMENT)
        file.seek(begin)
        tail = file.read()
        without_comment = len(tail) - _END_BYTES
        places = {tail.rfind(_END), without_comment if tail[without_comment:].startswith(_END) else -1}
        found = [_read(file, begin + at, length) for at in places if 0 <= at <= without_comment]
    return max(found, key=lambda end: (end.entries, end.size), default=None)


def _read(file: BinaryIO, at: int, length: int) -> ZipEnd:
    size = int(struct.unpack("<L", _bytes(file, at + 12, 4))[0])
    sizes = {(at, size)}
    place = at - _PLACE_64_BYTES
    if place >= 0 and _bytes(file, place, 4) == _PLACE_64:
        said = int(struct.unpack("<Q", _bytes(file, place + 8, 8))[0])
        for larger in {place - _END_64_BYTES, said}:
            if 0 <= larger <= length - _END_64_BYTES and _bytes(file, larger, 4) == _END_64:
                sizes.add((larger, int(struct.unpack("<Q", _bytes(file, larger + 40, 8))[0])))
        if len(sizes) > 1:
            sizes.discard((at, _NOT_SAID))
    ends = [ZipEnd(size, _count(file, end - min(size, end), end)) for end, size in sizes]
    return max(ends, key=lambda end: (end.entries, end.size))


def _count(file: BinaryIO, begin: int, end: int) -> int:
    """How often an entry begins between two places of a file; at least as many as there are entries."""
    file.seek(begin)
    count, rest, left = 0, b"", end - begin
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        block = rest + piece
        count += block.count(_ENTRY)
        rest = block[-3:]
    return count


def _bytes(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
