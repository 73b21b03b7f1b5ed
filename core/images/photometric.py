"""The steps that change values and leave every pixel where it is.

Each takes `(H, W)` or `(H, W, 3)` RGB in uint8 or uint16 and gives a new image of the same size. A change of contrast
works on luminance, so that colours keep their hue.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from core.images.pixels import Pixels, in_colour, in_grey, on_luminance, to_8bit, top, value_counts
from core.specs import Clahe, Colour, Denoise, Equalize, IntensityRange


def colour(pixels: Pixels, step: Colour) -> Pixels:
    """One grey channel, or three colour channels."""
    return in_grey(pixels) if step.mode == "grey" else in_colour(pixels)


def intensity_range(pixels: Pixels, step: IntensityRange) -> Pixels:
    """Stretch the values between two percentiles to the full range of the type; one range for all three channels.

    A percentile is the smallest value that at least so many per cent of the values do not exceed. An image whose two
    percentiles are the same value has nothing to stretch and stays as it is.
    """
    below = np.cumsum(value_counts(pixels))
    low, high = (_percentile(below, percent) for percent in (step.low_percent, step.high_percent))
    if high <= low:
        return pixels
    white = top(pixels)
    stretched = (np.arange(white + 1) - low) * white / (high - low)
    return _looked_up(pixels, np.clip(np.rint(stretched), 0, white).astype(pixels.dtype))


def equalize(pixels: Pixels, step: Equalize) -> Pixels:
    """Spread the values so that all are about equally frequent (histogram equalisation)."""
    return on_luminance(pixels, _equalized)


def clahe(pixels: Pixels, step: Clahe) -> Pixels:
    """Equalise tile by tile with a limit to the contrast (Zuiderveld 1994); the result is 8-bit.

    16 bits are reduced first: the limit counts pixels per value, and with 65,536 values a tile has about one pixel for
    each, so that the limit would undo the whole step.
    """
    tiles = cv2.createCLAHE(clipLimit=step.clip, tileGridSize=(step.tiles, step.tiles))
    return on_luminance(to_8bit(pixels), lambda plane: np.asarray(tiles.apply(plane)))


def denoise(pixels: Pixels, step: Denoise) -> Pixels:
    """Smooth with a Gaussian (its width follows from the size) or a median filter.

    Median filters above 5 px exist for 8 bits only, so 16 bits are reduced for these.
    """
    if step.method == "gaussian":
        return np.asarray(cv2.GaussianBlur(pixels, (step.size_px, step.size_px), 0))
    return np.asarray(cv2.medianBlur(pixels if step.size_px <= 5 else to_8bit(pixels), step.size_px))


def _equalized(plane: Pixels) -> Pixels:
    """`cv2.equalizeHist`, and its formula for 16 bits, which it lacks."""
    if plane.dtype == np.uint8:
        return np.asarray(cv2.equalizeHist(plane))
    counts = value_counts(plane)
    darkest = int(np.flatnonzero(counts)[0])
    others = plane.size - int(counts[darkest])
    if others == 0:
        return plane
    rank = np.cumsum(counts) - counts[darkest]
    spread = np.clip(np.rint(rank * top(plane) / others), 0, top(plane))
    return _looked_up(plane, spread.astype(plane.dtype))


def _percentile(below: npt.NDArray[np.int64], percent: float) -> int:
    needed = max(1.0, np.ceil(below[-1] * percent / 100))
    return int(np.searchsorted(below, needed))


def _looked_up(pixels: Pixels, table: Pixels) -> Pixels:
    return np.asarray(cv2.LUT(pixels, table)) if pixels.dtype == np.uint8 else np.take(table, pixels)
