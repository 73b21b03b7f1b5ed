"""What a TIFF file says: every tag beyond those that its pixels need, of every page, by the name in Pillow's list.

Only the tags' numbers are read, as a directory lists them (TIFF 6.0, section 2; BigTIFF), and no value.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import TiffTags

from core.specs import Told

_TECHNICAL = frozenset(
    {*range(254, 260), 262, 263, 266, 273, 274, *range(277, 285), *range(288, 294), 296, 301, *range(317, 326)}
    | {332, 334, 336, *range(338, 343), 347, *range(512, 522), *range(529, 533)}
)
_WORDS = {
    700: "XMP",
    33723: "IPTC",
    34377: "IPTC",
    34665: "EXIF",
    34675: "ICC colour profile",
    34853: "EXIF GPS position",
    50838: "ImageJ notes",
    50839: "ImageJ notes",
}
_MOST_TAGS, _MOST_PAGES = 4096, 10_000


def told(data: bytes, _name: str) -> Told:
    """What the file says; of a damaged one, what can be read."""
    return Told(dropped=tuple(sorted({_word(tag) for tag in _tags(data) if tag not in _TECHNICAL})))


def _word(tag: int) -> str:
    if tag in _WORDS:
        return _WORDS[tag]
    return f"TIFF {TiffTags.TAGS_V2[tag].name}" if tag in TiffTags.TAGS_V2 else "private TIFF tags"


def _tags(data: bytes) -> Iterator[int]:
    """The numbers of all tags of all pages, until the file ends or leads back."""
    order, big = ("<" if data.startswith(b"II") else ">"), data[2:4] in (b"+\0", b"\0+")
    place, count = struct.Struct(order + ("Q" if big else "I")), struct.Struct(order + ("Q" if big else "H"))
    width, seen = (20 if big else 12), set[int]()
    try:
        (at,) = place.unpack_from(data, 8 if big else 4)
        while at and at not in seen and len(seen) < _MOST_PAGES:
            seen.add(at)
            (entries,) = count.unpack_from(data, at)
            first = at + count.size
            for entry in range(first, first + min(entries, _MOST_TAGS) * width, width):
                yield struct.unpack_from(order + "H", data, entry)[0]
            (at,) = place.unpack_from(data, first + entries * width)
    except (struct.error, OverflowError):  # beyond the end of the file
        return
