"""Findings about images that are unlike the rest of their data set: blank, too dark, too bright, blurred, odd in shape.

The issues are those of cleanvision; its fixed limits are made for photographs, and call ultrasound dark and cells
blurred. Here an image must stand out from its own data set as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.sources.reader import images_in_words
from core.sources.wording import MOST_NAMED, folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

QUALITY = frozenset({"blank", "too_dark", "too_bright", "blurred", "odd_shape"})
"""The rules of this file."""

BLANK_CONTRAST = {8: 1 / 255, 16: 1e-4}  # standard deviation, by bit depth; 1 is the whole range
DARK, BRIGHT = 0.1, 0.9  # mean brightness
DARK_OF_TYPICAL = 0.3  # and at most this part of the light (or of the dark) that the typical image has
BLURRED_OF_TYPICAL = 0.1  # of the typical sharpness
BLURRED_DEVIATIONS = 3.0  # below it, in robust standard deviations of the logarithm
ODD_TIMES_TYPICAL = 3.0  # the typical ratio of width to height
FEWEST_TO_COMPARE = 20
_NEEDED = {"brightness", "contrast", "sharpness", "width", "height", "bit_depth"}
_LOOK = "Look at them, and leave them out or take them again if they are not meant."

Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Odd:
    """An image that is unlike the rest of its data set: the rule that says so, and in a few words how."""

    rule: str
    item_id: int
    note: str


@dataclass(frozen=True)
class _Found:
    """What one rule found: places in the table, the worst first, each with its note; and what is to be said of all."""

    severity: Severity
    rule: str
    places: Places
    notes: list[str]
    what: str
    remedy: str = _LOOK


def quality(items: pd.DataFrame) -> Iterable[Finding]:
    """At most one finding a kind, the worst image first; nothing for a table of an earlier version.

    Args:
        items: one row an image, with `name`, `brightness`, `contrast`, `sharpness`, `width`, `height`, `bit_depth`.
    """
    for found in _found(items):
        named = items["name"].to_numpy()[found.places[:MOST_NAMED]]
        where = [f"{name}: {note}" if note else str(name) for name, note in zip(named, found.notes, strict=False)]
        where += [""] * (len(found.places) - len(where))  # those are only counted
        yield folded(found.severity, found.rule, where, found.what, found.remedy)


def odd_ones(items: pd.DataFrame) -> tuple[Odd, ...]:
    """The same images one by one, by rule, the worst of each first.

    Args:
        items: as in `quality`, with `item_id`.
    """
    ids = items["item_id"].to_numpy()
    return tuple(
        Odd(found.rule, int(ids[place]), note)
        for found in _found(items)
        for place, note in zip(found.places, found.notes, strict=True)
    )


def _found(items: pd.DataFrame) -> Iterator[_Found]:
    if not _NEEDED.issubset(items.columns):
        return
    is_blank = items["contrast"].to_numpy() < items["bit_depth"].map(BLANK_CONTRAST).to_numpy()
    yield from _blank(np.flatnonzero(is_blank))
    shown = np.flatnonzero(~is_blank)
    if len(shown) >= FEWEST_TO_COMPARE:
        yield from _dark_and_bright(items, shown)
        yield from _blurred(items, shown)
        yield from _odd_shape(items, shown)


def _blank(places: Places) -> Iterator[_Found]:
    if len(places):
        yield _Found(
            Severity.WARNING,
            "blank",
            places,
            [""] * len(places),
            f"{_they_are(len(places))} of one even colour: there is nothing to see.",
            "Leave them out: a network learns nothing from them, or the wrong thing.",
        )


def _dark_and_bright(items: pd.DataFrame, shown: Places) -> Iterator[_Found]:
    """Of images of 8 bits only: most of 16 bits use a small part of the range."""
    shown = shown[items["bit_depth"].to_numpy()[shown] == 8]
    light = items["brightness"].to_numpy()[shown]
    if not len(light):
        return
    for rule, word, amount, limit in (
        ("too_dark", "darker", light, DARK),
        ("too_bright", "brighter", 1 - light, 1 - BRIGHT),
    ):
        found = _lowest(amount, (amount < limit) & (amount < DARK_OF_TYPICAL * np.median(amount)))
        if len(found):
            yield _Found(
                Severity.WARNING,
                rule,
                shown[found],
                [f"mean brightness {light[i]:.0%}" for i in found],
                f"{_they_are(len(found))} much {word} than the others, whose mean brightness is typically"
                f" {np.median(light):.0%}.",
            )


def _blurred(items: pd.DataFrame, shown: Places) -> Iterator[_Found]:
    sharpness = np.log(np.maximum(items["sharpness"].to_numpy()[shown], 1e-12))
    typical = np.median(sharpness)
    deviation = 1.4826 * np.median(np.abs(sharpness - typical))  # the factor makes it that of a normal distribution
    blurred = sharpness < typical + np.log(BLURRED_OF_TYPICAL)
    found = _lowest(sharpness, blurred & (sharpness < typical - BLURRED_DEVIATIONS * deviation))
    if len(found):
        yield _Found(
            Severity.NOTE,
            "blurred",
            shown[found],
            [f"{np.exp(sharpness[i] - typical):.1%} of the typical sharpness" for i in found],
            f"{_they_are(len(found))} far less sharp than the others.",
        )


def _odd_shape(items: pd.DataFrame, shown: Places) -> Iterator[_Found]:
    width, height = items["width"].to_numpy()[shown], items["height"].to_numpy()[shown]
    ratio = np.log(width / height)
    off = np.abs(ratio - np.median(ratio))
    found = _lowest(-off, off > np.log(ODD_TIMES_TYPICAL))
    if len(found):
        yield _Found(
            Severity.NOTE,
            "odd_shape",
            shown[found],
            [f"{width[i]} × {height[i]} px" for i in found],
            f"{_they_are(len(found))} far longer or taller than the others.",
        )


def _lowest(amount: NDArray[np.float64], chosen: NDArray[np.bool_]) -> Places:
    """The chosen places, the smallest amount first."""
    places = np.flatnonzero(chosen)
    return places[np.argsort(amount[places], kind="stable")]


def _they_are(count: int) -> str:
    return f"{images_in_words(count)} {'is' if count == 1 else 'are'}"
