"""Whether the first row of a table is its head or its first image, which only the names of the images can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from core.sources.labels.column_facts import words
from core.sources.labels.column_words import CLASS, GENERIC, ID, IMAGE, PATIENT
from core.sources.labels.folder_rows import Folders
from core.sources.labels.matching import NO_IMAGE, Images
from core.sources.labels.tables import Table, said

_HEADS = IMAGE | CLASS | GENERIC | ID | PATIENT | frozenset(("name", "names", "nr", "no", "key", "uid"))
_SOME_ROWS = 500
_MATCHED, _DISTINCT = 0.1, 0.5  # of the rows; a table may tell of far more images than are there
_NUMBER = re.compile("[0-9]+")
_Found: TypeAlias = Callable[[Sequence[str]], list[bool]]


def is_no_head(table: Table, names: Sequence[str]) -> bool:
    """Whether the head of a table is an image: it names one, or looks as the cells do that name images below it.

    Args:
        table: as it was read, its first row as the head.
        names: of the images inside their source.
    """
    images, folders = Images(names), Folders(names)

    def are_images(cells: Sequence[str]) -> list[bool]:
        return [image != NO_IMAGE for image in images.match(cells).image_of]

    def are_folders(cells: Sequence[str]) -> list[bool]:
        return [bool(below) for below in folders.match(cells)]

    for found in (are_images, are_folders):
        hits = {column: _hits(table, column, found) for column in table.columns}
        best = max(hits, key=lambda column: len(hits[column]))
        if hits[best]:
            return _goes_on(best, hits[best], found)
    return False


def _hits(table: Table, column: str, found: _Found) -> set[str]:
    """What a column says that is there; nothing where nearly all of it is not, or where it says the same all over."""
    rows = range(0, table.cells.num_rows, max(1, table.cells.num_rows // _SOME_ROWS))
    cells = [cell for cell in table.cells[column].take(list(rows)).to_pylist() if said(cell)]
    hits = [cell for cell, hit in zip(cells, found(cells), strict=True) if hit]
    few = len(hits) < _MATCHED * len(cells) or len(set(hits)) < _DISTINCT * len(hits)
    return set() if few else set(hits)


def _goes_on(head: str, hits: set[str], found: _Found) -> bool:
    """Whether a head says what the cells below it say."""
    if words(head) and words(head) <= _HEADS:
        return False
    shape = _shape(head)
    alike = bool(_NUMBER.search(head)) and all(_shape(cell) == shape for cell in hits)
    return alike or found([head])[0]


def _shape(text: str) -> str:
    """A text with its numbers alike: "img017" and "img3" are of one shape."""
    return _NUMBER.sub("0", text.casefold())
