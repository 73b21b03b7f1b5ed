"""Unpacking with a limit, for files that are compressed as a whole."""

from __future__ import annotations

import zlib

from core.images import refusals

MOST_MIB = 256
GZIP, RAW_DEFLATE = 31, -15


def inflated(data: bytes, wbits: int, name: str) -> bytes:
    """All that a compressed file holds.

    Args:
        data: the whole file, or the compressed rest of it.
        wbits: `GZIP` or `RAW_DEFLATE`.
        name: what to call it in an error.

    Raises:
        TooLarge: more than `MOST_MIB`; no more than that was unpacked.
        zlib.error: damaged.
    """
    unpacked = zlib.decompressobj(wbits=wbits).decompress(data, MOST_MIB * 2**20 + 1)
    if len(unpacked) > MOST_MIB * 2**20:
        raise refusals.unpacks_too_far(name, MOST_MIB)
    return unpacked
