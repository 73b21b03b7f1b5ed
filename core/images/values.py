"""How numbers of any kind (signed, 32-bit, floating point) become the 8 or 16 bits of an image.

Always by one straight line for the whole plane. `stored` keeps the numbers: whole ones of up to 16 bits, and all that
span no more than that, without any loss, others in 65,536 steps; it says what a pixel stands for. `full_range` and
`own_range` make a picture at once, from the depth (the same line for every file) or from the plane itself.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.images import refusals
from core.images.pixels import Pixels
from core.images.tone import Stored, Tone

Numbers: TypeAlias = npt.NDArray[Any]
"""Values as a file holds them, of any real type and shape."""

Span: TypeAlias = tuple[float, float]
"""The lowest and the highest of some numbers; whole numbers where these are."""


_STEPS = 65535  # between the 65,536 values of 16 bits


def stored(values: Numbers, tone: Tone, name: str, *, span: Span | None = None, inverted: bool = False) -> Stored:
    """The numbers of a plane kept as pixels, and what a pixel stands for.

    Args:
        values: `(H, W)` or `(H, W, 3)`, real, as they stand in the file.
        tone: what a number in the file means.
        name: what to call the file in an error.
        span: the lowest and the highest number in all of the file, so that all its planes are kept alike; else those of
            this plane. Does not matter for whole numbers of up to 16 bits.
        inverted: whether the file shows low values bright.

    Returns:
        uint8 or uint16; brighter pixels are higher ones, so they may be mirrored (negative slope).

    Raises:
        BadImage: some are no numbers (NaN) or infinite.
    """
    pixels, step, first = _kept(values, name, span)
    with np.errstate(over="ignore", invalid="ignore"):
        slope, intercept = np.float64(tone.slope) * step, tone.intercept + np.float64(tone.slope) * first
        if not np.isfinite((slope, intercept, slope * _STEPS + intercept)).all() or slope == 0:
            raise refusals.not_numbers(name)
    kept = Tone(float(slope), float(intercept), tone.low, tone.high, tone.unit)
    if (kept.slope < 0) == inverted:
        return Stored(pixels, kept)
    white = int(np.iinfo(pixels.dtype).max)
    return Stored(white - pixels, kept.mirrored(white))


def _kept(values: Numbers, name: str, span: Span | None) -> tuple[Pixels, float, float]:
    """The numbers as pixels, and the line back: `number = pixel * step + first`."""
    if values.dtype.kind == "u" and values.dtype.itemsize <= 2:
        return values.astype(values.dtype.newbyteorder("="), copy=False), 1.0, 0.0
    if values.dtype.kind == "i" and values.dtype.itemsize <= 2:
        lowest = int(np.iinfo(values.dtype).min)
        return (values.astype(np.int32) - lowest).astype(f"u{values.dtype.itemsize}"), 1.0, float(lowest)
    require_numbers(values, name)
    low, high = span or span_of(values)
    if not np.isfinite(float(high) - float(low)):  # the ends of float64 themselves
        raise refusals.not_numbers(name)
    if high - low <= _STEPS and low == int(low) and _whole(values):
        return (values - values.dtype.type(low)).astype(np.uint16), 1.0, float(low)
    return spread(values, low, high), (high - low) / _STEPS or 1.0, float(low)


def _whole(values: Numbers) -> bool:
    return values.dtype.kind != "f" or bool((values == np.rint(values)).all())


def span_of(values: Numbers) -> Span:
    """The lowest and the highest number; whole ones without rounding."""
    low, high = values.min().item(), values.max().item()
    return low, high


def spread(values: Numbers, low: float, high: float, dtype: type[np.uint8] | type[np.uint16] = np.uint16) -> Pixels:
    """The values on a straight line from `low`, which becomes 0, to `high`, which becomes the type's white.

    Args:
        values: any shape, finite.
        low, high: the ends; where they are equal there is nothing to show and all becomes 0.
        dtype: np.uint8 or np.uint16.
    """
    white = np.iinfo(dtype).max
    if high == low:
        return np.zeros(values.shape, dtype)
    part = values.astype(np.float64)
    part -= low
    part /= high - low  # before it is made larger: the range of a float64 could not hold the product
    part *= white
    return np.asarray(np.clip(np.rint(part, out=part), 0, white, out=part).astype(dtype))


def full_range(values: Numbers, bits: int) -> Pixels:
    """Unsigned numbers of 1 to 16 bits over all of 8 bits, or of 16 if there are more than 8; 8 and 16 stay as are."""
    dtype = np.uint8 if bits <= 8 else np.uint16
    return values.astype(dtype, copy=False) if bits in (8, 16) else spread(values, 0, 2**bits - 1, dtype)


def own_range(values: Numbers, name: str) -> Pixels:
    """From the lowest value of this plane to its highest, over 16 bits.

    Args:
        values: any shape, real.
        name: what to call the file in an error.

    Raises:
        BadImage: some are no numbers (NaN) or infinite.
    """
    require_numbers(values, name)
    low, high = float(values.min()), float(values.max())
    if not np.isfinite(high - low):  # the ends of float64 themselves
        raise refusals.not_numbers(name)
    return spread(values, low, high)


def require_numbers(values: Numbers, name: str) -> None:
    """Refuse a plane that holds NaN or infinity.

    Raises:
        BadImage: it does.
    """
    if not np.isfinite(values).all():
        raise refusals.not_numbers(name)
