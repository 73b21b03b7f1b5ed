"""Practice data: 600 synthetic images of cells, the same bytes each time, so that the path can be walked at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from core.datasets.cells import KINDS, SIDE_PX, draw_cell
from core.images import encode_png
from core.sources.originals import Originals, Stored
from core.sources.reader import Deposit, Entry
from core.specs import Colour, Finding, Recipe, Resize

PRACTICE_CLASSES = KINDS
PRACTICE_SIDE_PX = SIDE_PX
IMAGES_PER_CLASS = 200
_SEED = 0


def practice_recipe() -> Recipe:
    """The recipe that suits the practice data, known before they are drawn."""
    return Recipe(steps=(Colour(mode="rgb"), Resize(side_px=PRACTICE_SIDE_PX)))


class PracticeReader:
    """The practice data as a source like any other.

    Args:
        images_per_class: 200 unless a test wants fewer.
    """

    source = "practice data (synthetic)"
    synthetic = True
    classes: tuple[str, ...] = PRACTICE_CLASSES
    entries: Sequence[Entry]
    findings: tuple[Finding, ...] = ()
    label_tag = patient_tag = patient_name = source_digest = ""

    def __init__(self, images_per_class: int = IMAGES_PER_CLASS) -> None:
        self.entries = [
            Entry(f"{name}/{number:03d}.png", name) for name in PRACTICE_CLASSES for number in range(images_per_class)
        ]
        self.bytes_needed = len(self.entries) * PRACTICE_SIDE_PX**2 * 3

    def close(self) -> None:
        """Nothing is open."""

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """Each image is drawn in the thread that calls the deposit, from a seed of its own."""
        for number, entry in enumerate(self.entries):
            yield partial(_draw, originals, number, PRACTICE_CLASSES.index(entry.label))


def _draw(originals: Originals, number: int, kind: int) -> Stored:
    return originals.put([encode_png(draw_cell(kind, np.random.default_rng([_SEED, number])))])
