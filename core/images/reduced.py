"""An image file without all that it says beside its pixels."""

from __future__ import annotations

from core.images import refusals
from core.images.decoding import decode
from core.images.sniff import kind_of
from core.images.view import encode_png

_HAS = frozenset({"PNG", "JPEG", "WebP", "GIF", "BMP"})


def reduced(data: bytes, name: str, max_pixels: int = 10**9) -> bytes:
    """The same picture with no word beside it; decoded, it is the same bit for bit.

    Raises:
        BadImage, TooLarge, NotHandledYet: it cannot be decoded, or is not of these kinds.
    """
    kind = kind_of(data, name)
    if kind not in _HAS:
        raise refusals.not_yet(name, f"a {kind} file", "Keep its decoded pixels instead.")
    return encode_png(decode(data, name=name, max_pixels=max_pixels).pixels)
