"""What stored pixels mean: the straight line from them to measured values, and the range of values that is shown.

Stored pixels are kept as they are, so that a recipe may look at them through any window; `shown` is what they look like
without one. Brighter always means a higher stored pixel: where a file shows low values bright (MONOCHROME1), its
pixels are kept mirrored and the slope is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.images.pixels import Pixels, top


@dataclass(frozen=True)
class Tone:
    """What the stored pixels of an image mean: `value = pixel * slope + intercept`.

    Attributes:
        slope: never 0; negative where low values are shown bright.
        intercept: the value of a pixel of 0.
        low, high: the ends of the range of values that the file shows, `low < high`; None where it does not say: then
            the image's own range is shown.
        unit: of the values, as the standard writes it ("HU" for CT numbers); empty where unknown.
    """

    slope: float
    intercept: float
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def mirrored(self, white: int) -> Tone:
        """The tone of the same values when every pixel `p` is kept as `white - p`."""
        return Tone(-self.slope, self.intercept + white * self.slope, self.low, self.high, self.unit)


class Stored(NamedTuple):
    """Pixels as they are kept, `(H, W)` or `(H, W, 3)` uint8 or uint16, and what they mean."""

    pixels: Pixels
    tone: Tone | None


def shown(pixels: Pixels, tone: Tone | None) -> Pixels:
    """The picture to look at: through the file's own window, else from the darkest stored pixel to the brightest.

    Args:
        pixels: as stored, any shape, uint8 or uint16.
        tone: what they mean; None: they are shown as they are.

    Returns:
        The shape and type of `pixels`, over the full range; the very same array where there is no tone.
    """
    if tone is None:
        return pixels
    if tone.low is None or tone.high is None:
        return between(pixels, int(pixels.min()), int(pixels.max()))
    return through(pixels, tone, tone.low, tone.high)


def through(pixels: Pixels, tone: Tone, low: float, high: float) -> Pixels:
    """The pixels whose values lie from `low` to `high`, spread from black to white; what lies beyond is cut off.

    Args:
        pixels: as stored, any shape, uint8 or uint16.
        tone: what they mean; under a negative slope `low` becomes white.
        low, high: in values, `low <= high`; where they are equal, all that is brighter is white.
    """
    return _looked_up(pixels, tone.slope, tone.intercept, low, high)


def between(pixels: Pixels, low: int, high: int) -> Pixels:
    """The pixels from `low` to `high` spread from black to white; what lies beyond is cut off.

    Args:
        pixels: any shape, uint8 or uint16.
        low, high: in stored pixels, `low <= high`; where they are equal, all above is white.
    """
    return _looked_up(pixels, 1.0, 0.0, low, high)


def _looked_up(pixels: Pixels, slope: float, intercept: float, low: float, high: float) -> Pixels:
    white = top(pixels)
    levels = pixels if pixels.size <= white else np.arange(white + 1)  # a table, unless it were longer than the image
    values = levels * slope + intercept
    if low == high:
        grey = np.where(values > low if slope > 0 else values >= low, white, 0)
    else:
        grey = np.clip(np.rint((values - low) / (high - low) * white), 0, white)
    spread = np.asarray(grey if slope > 0 else white - grey, pixels.dtype)
    return spread if levels is pixels else np.take(spread, pixels)
