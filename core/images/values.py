"""How numbers of any kind (signed, 32-bit, floating point) become the 8 or 16 bits of an image.

Always by one straight line for the whole plane: `low` becomes 0 and `high` becomes white; what lies beyond is cut off.
`full_range` takes the ends from the depth (the same line for every file), `own_range` from the plane itself.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from core.images import refusals
from core.images.pixels import Pixels

Numbers: TypeAlias = npt.NDArray[Any]
"""Values as a file holds them, of any real type and shape."""


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
