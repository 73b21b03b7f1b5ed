"""The leak guard: images that belong together, as groups to look at: copies, near-copies, two labels, two splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.datasets.copies import copies_of, near_of

if TYPE_CHECKING:
    import pandas as pd

Kind: TypeAlias = Literal["conflict", "same_pixels", "near", "patient"]
_WORST_FIRST: tuple[Kind, ...] = ("conflict", "patient", "same_pixels", "near")


@dataclass(frozen=True)
class Suspects:
    """Images that are one another, nearly so, or of one patient.

    Attributes:
        kind: "conflict": the same pixels under several classes; "same_pixels": under one class; "near": one another
            turned, mirrored, saved again or resized; "patient": of one patient, in several splits.
        item_ids: in the order of the table.
        class_indices, labels, splits: of each of them; labels are hostile text.
        crossing: whether they stand in more than one split.
    """

    kind: Kind
    item_ids: tuple[int, ...]
    class_indices: tuple[int, ...]
    labels: tuple[str, ...]
    splits: tuple[str, ...]
    crossing: bool


def suspects(items: pd.DataFrame, classes: Sequence[str]) -> tuple[Suspects, ...]:
    """Every group of images that belong together, worst first: those across splits, then those of several classes.

    Patients are named only where they stand in several splits.

    Args:
        items: one row an image, with `item_id`, `class_index`, `split`, `pixel_digest`; `near_group` and `patient`
            where the table has them.
        classes: the class names by index.
    """
    found = [*_copies(items, classes), *_near(items, classes), *_patients(items, classes)]
    return tuple(sorted(found, key=_how_bad))


def _how_bad(group: Suspects) -> tuple[bool, bool, int, int]:
    torn = len(set(group.class_indices)) > 1
    return not group.crossing, not torn, _WORST_FIRST.index(group.kind), group.item_ids[0]


def _copies(items: pd.DataFrame, classes: Sequence[str]) -> Iterator[Suspects]:
    for rows in _rows_by(copies_of(items), items):
        torn = rows["class_index"].nunique() > 1
        yield _group("conflict" if torn else "same_pixels", rows, classes)


def _near(items: pd.DataFrame, classes: Sequence[str]) -> Iterator[Suspects]:
    for rows in _rows_by(near_of(items), items):
        yield _group("near", rows, classes)


def _patients(items: pd.DataFrame, classes: Sequence[str]) -> Iterator[Suspects]:
    if "patient" not in items:
        return
    named = items["patient"][items["patient"] != ""]
    crossing = items.loc[named.index, "split"].groupby(named).transform("nunique") > 1
    for rows in _rows_by(named[crossing], items):
        yield _group("patient", rows, classes)


def _rows_by(key: pd.Series[str] | pd.Series[int], items: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of each value of the key, in the order in which the values first come."""
    for _, rows in items.loc[key.index, ["item_id", "class_index", "split"]].groupby(key, sort=False):
        yield rows


def _group(kind: Kind, rows: pd.DataFrame, classes: Sequence[str]) -> Suspects:
    class_indices = tuple(int(index) for index in rows["class_index"])
    splits = tuple(str(split) for split in rows["split"])
    return Suspects(
        kind=kind,
        item_ids=tuple(int(item_id) for item_id in rows["item_id"]),
        class_indices=class_indices,
        labels=tuple(classes[index] for index in class_indices),
        splits=splits,
        crossing=len(set(splits)) > 1,
    )
