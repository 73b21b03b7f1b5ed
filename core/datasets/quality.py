"""Findings about images that are unlike the rest of their data set: blank, too dark, too bright, blurred, odd in shape.

The issues are those of cleanvision; its fixed limits are made for photographs, and call ultrasound dark and cells
blurred. Here an image must stand out from its own data set as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.datasets.reader import images_in_words
from core.datasets.wording import MOST_NAMED, folded
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

Chosen: TypeAlias = NDArray[np.intp]


def quality(items: pd.DataFrame) -> Iterable[Finding]:
    """At most one finding a kind, the worst image first; nothing for a table of an earlier version.

    Args:
        items: one row an image, with `name`, `brightness`, `contrast`, `sharpness`, `width`, `height`, `bit_depth`.
    """
    if not _NEEDED.issubset(items.columns):
        return
    is_blank = items["contrast"].to_numpy() < items["bit_depth"].map(BLANK_CONTRAST).to_numpy()
    yield from _blank(items[is_blank])
    shown = items[~is_blank]
    if len(shown) >= FEWEST_TO_COMPARE:
        yield from _dark_and_bright(shown)
        yield from _blurred(shown)
        yield from _odd_shape(shown)


def _blank(items: pd.DataFrame) -> Iterable[Finding]:
    if len(items):
        yield folded(
            Severity.WARNING,
            "blank",
            list(items["name"]),
            f"{_they_are(len(items))} of one even colour: there is nothing to see.",
            "Delete them and import again: a network learns nothing from them, or the wrong thing.",
        )


def _dark_and_bright(items: pd.DataFrame) -> Iterable[Finding]:
    """Of images of 8 bits only: most of 16 bits use a small part of the range."""
    items = items[items["bit_depth"] == 8]
    light = items["brightness"].to_numpy()
    if not len(light):
        return
    for rule, word, amount, limit in (
        ("too_dark", "darker", light, DARK),
        ("too_bright", "brighter", 1 - light, 1 - BRIGHT),
    ):
        found = _lowest(amount, (amount < limit) & (amount < DARK_OF_TYPICAL * np.median(amount)))
        if len(found):
            yield folded(
                Severity.WARNING,
                rule,
                _with_note(items, found, [f"mean brightness {light[i]:.0%}" for i in found[:MOST_NAMED]]),
                f"{_they_are(len(found))} much {word} than the others, whose mean brightness is typically"
                f" {np.median(light):.0%}.",
                _LOOK,
            )


def _blurred(items: pd.DataFrame) -> Iterable[Finding]:
    sharpness = np.log(np.maximum(items["sharpness"].to_numpy(), 1e-12))
    typical = np.median(sharpness)
    deviation = 1.4826 * np.median(np.abs(sharpness - typical))  # the factor makes it that of a normal distribution
    blurred = sharpness < typical + np.log(BLURRED_OF_TYPICAL)
    found = _lowest(sharpness, blurred & (sharpness < typical - BLURRED_DEVIATIONS * deviation))
    if len(found):
        parts = [f"{np.exp(sharpness[i] - typical):.1%} of the typical sharpness" for i in found[:MOST_NAMED]]
        yield folded(
            Severity.NOTE,
            "blurred",
            _with_note(items, found, parts),
            f"{_they_are(len(found))} far less sharp than the others.",
            _LOOK,
        )


def _odd_shape(items: pd.DataFrame) -> Iterable[Finding]:
    ratio = np.log(items["width"].to_numpy() / items["height"].to_numpy())
    off = np.abs(ratio - np.median(ratio))
    found = _lowest(-off, off > np.log(ODD_TIMES_TYPICAL))
    if len(found):
        sizes = (items["width"].astype(str) + " × " + items["height"].astype(str) + " px").to_numpy()
        yield folded(
            Severity.NOTE,
            "odd_shape",
            _with_note(items, found, [str(sizes[i]) for i in found[:MOST_NAMED]]),
            f"{_they_are(len(found))} far longer or taller than the others.",
            _LOOK,
        )


def _lowest(amount: NDArray[np.float64], chosen: NDArray[np.bool_]) -> Chosen:
    """The chosen places, the smallest amount first."""
    places = np.flatnonzero(chosen)
    return places[np.argsort(amount[places], kind="stable")]


def _with_note(items: pd.DataFrame, found: Chosen, notes: list[str]) -> list[str]:
    """Names with a note each; those beyond the notes are only counted."""
    names = items["name"].to_numpy()[found[: len(notes)]]
    return [f"{name}: {note}" for name, note in zip(names, notes, strict=True)] + [""] * (len(found) - len(notes))


def _they_are(count: int) -> str:
    return f"{images_in_words(count)} {'is' if count == 1 else 'are'}"
