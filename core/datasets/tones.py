"""What the stored pixels of an item mean, in the table of items and out of it; and an item decoded with it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.datasets.shelf import Shelf
from core.images import Decoded, Tone, decode

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("slope", "intercept", "low", "high")
TONE_COLUMNS = (*(f"tone_{name}" for name in _NUMBERS), "tone_unit")


def tone_columns(tones: Sequence[Tone | None]) -> dict[str, Any]:
    """The columns of the table of items that say what pixels mean: numbers, NaN where nothing is said, and the unit.

    Args:
        tones: of each item in order.
    """
    rows = [[getattr(tone, name, None) for name in _NUMBERS] for tone in tones]
    numbers = np.array(rows, dtype=np.float64).reshape(len(tones), len(_NUMBERS))
    columns: dict[str, Any] = {f"tone_{name}": numbers[:, place] for place, name in enumerate(_NUMBERS)}
    return columns | {"tone_unit": [tone.unit if tone else "" for tone in tones]}


def tone_of(items: pd.DataFrame, item_id: int) -> Tone | None:
    """What the pixels of an item mean; None where they are shown as they are, and in tables of earlier versions."""
    if any(name not in items.columns for name in TONE_COLUMNS):
        return None
    row: dict[str, Any] = {name: items[name].iat[item_id] for name in TONE_COLUMNS}
    slope, intercept, low, high = (float(row[f"tone_{name}"]) for name in _NUMBERS)
    if not math.isfinite(slope) or not math.isfinite(intercept) or slope == 0:
        return None
    unit = row["tone_unit"] if isinstance(row["tone_unit"], str) else ""
    if not math.isfinite(low) or not math.isfinite(high):
        return Tone(slope, intercept, unit=unit)
    return Tone(slope, intercept, low, high, unit)


def decoded(shelf: Shelf, item_id: int, max_pixels: int) -> Decoded:
    """An item's pixels as stored, with what they mean.

    Args:
        shelf: the data set.
        item_id: 0..N-1.
        max_pixels: the most that it may have.

    Raises:
        NotFound, DataGone: as `Shelf.original`; and as `core.images.decode`.
    """
    name = str(shelf.items["name"].iat[item_id]) if 0 <= item_id < len(shelf.items) else ""
    image = decode(shelf.original(item_id), name=name, max_pixels=max_pixels)
    return dataclasses.replace(image, tone=tone_of(shelf.items, item_id))
