"""A hint where text seems to be burned into the pixels."""

from __future__ import annotations

from core.images.pixels import Pixels

TEXT_LIKELY = 0.5  # from here on


def text_hint(pixels: Pixels) -> float:
    """How sure it is that there is text in a picture, 0 to 1."""
    return 0.0 * pixels.size
