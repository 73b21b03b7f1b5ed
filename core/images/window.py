"""The window step: which measured values become black and which white; the first step of a recipe that has it."""

from __future__ import annotations

from core.images.pixels import Pixels, value_counts
from core.images.tone import Tone, between, shown, through
from core.specs import Window

_AS_STORED = Tone(1.0, 0.0)


def window(pixels: Pixels, step: Window, tone: Tone | None = None) -> Pixels:
    """The picture through a window; from centre - width / 2, which is black, to centre + width / 2, which is white.

    Args:
        pixels: as stored, `(H, W)` or `(H, W, 3)`, uint8 or uint16.
        step: which window. The file's own is what is `shown` without this step. Presets are for measured values:
            pixels without a tone stay as they are. Typed values of such pixels are the stored ones.
        tone: what the pixels mean.

    Returns:
        The shape and type of `pixels`.
    """
    if step.source == "percentiles":
        return between(pixels, *_percentiles(pixels, step.low_percent, step.high_percent))
    if step.source == "file" or (step.source == "preset" and tone is None):
        return shown(pixels, tone)
    low, high = step.ends
    return through(pixels, tone or _AS_STORED, low, high)


def _percentiles(pixels: Pixels, low_percent: float, high_percent: float) -> tuple[int, int]:
    """Two percentiles of the stored pixels, all channels together; the whole range where both are the same pixel.

    A percentile is the smallest pixel that at least so many per cent of them do not exceed.
    """
    below = value_counts(pixels).cumsum()
    low, high = (int(below.searchsorted(max(1.0, below[-1] * share / 100))) for share in (low_percent, high_percent))
    return (low, high) if low < high else (int(pixels.min()), int(pixels.max()))
