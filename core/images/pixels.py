"""Pixel arrays: what they may look like, and how 16 bits become 8.

An image here is `(H, W)` grey or `(H, W, 3)` in the order red, green, blue, as uint8 or uint16, over the full range
of its type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Pixels: TypeAlias = npt.NDArray[Any]
"""`(H, W)` or `(H, W, 3)` RGB, uint8 or uint16."""

_CHUNK = 2**22


def to_8bit(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """The same image in 8 bits: 16-bit values are divided by 257 and rounded, so that 0 and 65,535 become 0 and 255.

    Args:
        pixels: `(H, W)` or `(H, W, C)`, uint8 or uint16.

    Returns:
        The same shape, uint8; the very same array if it was uint8 already.

    Raises:
        TypeError: values of another type.
    """
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype != np.uint16:
        raise TypeError(f"Pixels are uint8 or uint16. Received: {pixels.dtype}.")
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=1 / 257), np.uint8).reshape(pixels.shape)


def top(pixels: Pixels) -> int:
    """The value of white: 255 or 65,535."""
    return int(np.iinfo(pixels.dtype).max)


def value_counts(pixels: Pixels) -> npt.NDArray[np.int64]:
    """How often each value of the type occurs, over all channels: `(256,)` or `(65536,)` int64."""
    values, levels = pixels.reshape(-1), top(pixels) + 1
    counts = np.zeros(levels, np.int64)
    for start in range(0, values.size, _CHUNK):  # `bincount` makes eight bytes of each value
        counts += np.bincount(values[start : start + _CHUNK], minlength=levels)
    return counts


def on_luminance(pixels: Pixels, change: Callable[[Pixels], Pixels]) -> Pixels:
    """Apply a change of grey values to a grey image, or to the luminance (Y of YCrCb) of a colour image.

    YCrCb and not LAB: it exists for 16 bits, and a grey image in three channels comes back exactly as if it had one.

    Args:
        pixels: `(H, W)` or `(H, W, 3)` RGB, uint8 or uint16.
        change: from `(H, W)` to `(H, W)` of the same type.

    Returns:
        The shape and type of `pixels`.
    """
    if pixels.ndim == 2:
        return change(pixels)
    split = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    split[..., 0] = change(np.ascontiguousarray(split[..., 0]))
    return np.asarray(cv2.cvtColor(split, cv2.COLOR_YCrCb2RGB))


def in_colour(pixels: Pixels) -> Pixels:
    """The image in three channels; a grey one has the same values in each."""
    return pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB))


def in_grey(pixels: Pixels) -> Pixels:
    """The image in one channel: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
