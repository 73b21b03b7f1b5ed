"""A data set while it is being changed, and the simple edits: leave out, label, rename, place, find the patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.datasets.copies import near_of
from core.datasets.groups import tie, units
from core.errors import BadSetting, NotFound
from core.sources.reader import images_in_words
from core.specs import DatasetCard, Exclude, Place, Relabel, RenameClass, Split

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Draft:
    """A data set between two revisions.

    Attributes:
        items: the table; `item_id` is the number that an image had before the changes began.
        classes: names by index; one without images is refused in the end, not on the way.
        positive: the name of the positive class.
        card: of the revision before, with what merging adds to it.
        folders: of the data sets whose originals these images are.
        known: images of the revision before; they have the ids 0..known-1.
    """

    items: pd.DataFrame
    classes: tuple[str, ...]
    positive: str | None
    card: DatasetCard
    folders: tuple[Path, ...]
    known: int


@dataclass(frozen=True)
class Changed:
    """The draft after an edit, what the edit did in a sentence, and to how many images."""

    draft: Draft
    what: str
    images: int


def exclude(draft: Draft, edit: Exclude) -> Changed:
    """Leave images out."""
    chosen = chosen_rows(draft, edit.item_ids)
    what = f"Left out {images_in_words(len(chosen))} ({by_class(draft, chosen)})."
    return Changed(replace(draft, items=draft.items.drop(chosen.index)), what, len(chosen))


def relabel(draft: Draft, edit: Relabel) -> Changed:
    """Give images another class."""
    label = clean_label(edit.label)
    chosen = chosen_rows(draft, edit.item_ids)
    classes = draft.classes if label in draft.classes else (*draft.classes, label)
    index = classes.index(label)
    moved = chosen[chosen["class_index"] != index]
    if moved.empty:
        raise BadSetting(f"The chosen images have the class {label!r} already.", "Choose others, or another class.")
    items = draft.items.copy()
    items.loc[moved.index, "class_index"] = index
    what = f"Gave {images_in_words(len(moved))} the class “{label}” ({by_class(draft, moved)} before)."
    return Changed(replace(draft, items=items, classes=classes), what, len(moved))


def rename_class(draft: Draft, edit: RenameClass) -> Changed:
    """Give a class another name, or put it together with the class of that name."""
    label, old = clean_label(edit.label), edit.class_index
    if not 0 <= old < len(draft.classes):
        raise NotFound(f"This data set has no class number {old}.", f"Choose one from 0 to {len(draft.classes) - 1}.")
    name = draft.classes[old]
    if label == name:
        raise BadSetting(f"The class is called {label!r} already.", "Give it another name.")
    images = int((draft.items["class_index"] == old).sum())
    positive = label if draft.positive == name else draft.positive
    if label not in draft.classes:
        classes = tuple(label if index == old else other for index, other in enumerate(draft.classes))
        return Changed(replace(draft, classes=classes, positive=positive), f"Renamed “{name}” to “{label}”.", images)
    what = f"Put “{name}” together with “{label}” ({images_in_words(images)})."
    return Changed(replace(_put_together(draft, old, label), positive=positive), what, images)


def place(draft: Draft, edit: Place) -> Changed:
    """Put images into one split, with all that belongs to them."""
    chosen = chosen_rows(draft, edit.item_ids)
    unit = units(draft.items, draft.card.split.by)
    rows = np.isin(unit, unit[np.isin(draft.items["item_id"], chosen["item_id"])])
    folded = draft.card.split.folds > 1 and edit.split is not Split.TEST
    where = "training and validation, fold by fold" if folded else edit.split.label.lower()
    what = f"Put {images_in_words(len(chosen))} into {where}"
    more = int(rows.sum()) - len(chosen)
    what += f", and {more:,} more that belong to the same patients or files." if more else "."
    return Changed(placed(_tied(draft, rows), rows, edit.split.value), what, int(rows.sum()))


def _tied(draft: Draft, rows: NDArray[np.bool_]) -> Draft:
    """The draft in which copies and images of one patient among these rows stay together in every later split."""
    items = draft.items
    alike, patients = near_of(items), items["patient"].to_numpy(dtype=np.str_)
    near = np.full(len(items), -1, np.int64)
    near[items.index.get_indexer(alike.index)] = alike
    items = items.assign(tied=tie(items, items["pixel_digest"].to_numpy(dtype=np.str_), rows))
    items = items.assign(tied=tie(items, near, rows & (near >= 0)))
    items = items.assign(tied=tie(items, patients, rows & (patients != "")))
    return replace(draft, items=items)


def placed(draft: Draft, rows: NDArray[np.bool_], splits: str | NDArray[np.str_]) -> Draft:
    """The draft with these rows in one split, or each in one of its own, and marked as put there."""
    columns = {name: draft.items[name].to_numpy(dtype=object, copy=True) for name in ("split", "placed")}
    for column in columns.values():
        column[rows] = splits
    return replace(draft, items=draft.items.assign(**columns))


def chosen_rows(draft: Draft, item_ids: Sequence[int]) -> pd.DataFrame:
    """The rows of these images, without those that an edit before has left out.

    Raises:
        BadSetting: no image was chosen.
        NotFound: there is no such image.
    """
    if not item_ids:
        raise BadSetting("No image was chosen.", "Choose at least one.")
    foreign = [item_id for item_id in item_ids if not 0 <= item_id < draft.known]
    if foreign:
        raise NotFound(f"This data set has no image number {foreign[0]}.", "Choose images from its gallery.")
    return draft.items[np.isin(draft.items["item_id"], item_ids)]


def by_class(draft: Draft, rows: pd.DataFrame) -> str:
    """How many of the rows are of each class, in words: "2 of “a”, 1 of “b”"; the largest first, five at most."""
    counts = rows["class_index"].value_counts()
    largest = zip(counts.index[:5].to_numpy(), counts.iloc[:5], strict=True)
    named = [f"{count:,} of “{draft.classes[index]}”" for index, count in largest]
    return ", ".join([*named, *(["others"] if len(counts) > 5 else [])]) or "none"


def clean_label(label: str) -> str:
    """A class name as a person typed it, without what is not seen.

    Raises:
        BadSetting: nothing remains.
    """
    seen = "".join(letter if letter.isprintable() else " " for letter in label)
    if not seen.strip():
        raise BadSetting("A class needs a name.", "Type at least one letter.")
    return " ".join(seen.split())


def _put_together(draft: Draft, old: int, label: str) -> Draft:
    """The draft without the class `old`, whose images have the class `label`."""
    kept = tuple(name for index, name in enumerate(draft.classes) if index != old)
    number = {index: kept.index(label if index == old else name) for index, name in enumerate(draft.classes)}
    items = draft.items.assign(class_index=draft.items["class_index"].map(number).astype("int64"))
    return replace(draft, items=items, classes=kept)
