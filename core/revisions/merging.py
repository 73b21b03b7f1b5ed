"""Put the images of another data set to those of this one: classes of one name become one, equal images come once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.groups import units
from core.datasets.shelf import Shelf
from core.errors import BadSetting
from core.revisions.draft import Changed, Draft
from core.settings import Settings
from core.sources.deidentify import PATIENT_LETTERS, hashed_patient
from core.sources.reader import images_in_words
from core.sources.wording import were
from core.specs import DatasetCard, DroppedTag, Merge

if TYPE_CHECKING:
    import pandas as pd

_HASHED = re.compile(f"p[a-z2-7]{{{PATIENT_LETTERS}}}")


def merge(draft: Draft, edit: Merge, other: Callable[[str], Shelf], settings: Settings) -> Changed:
    """The draft with the images of another data set, which keep their split unless their patient is here already.

    Images of equal pixels and class are not taken twice. Where only one of the two tells patients by their ids, these
    are hashed like the other's: a patient of both would be two patients otherwise.

    Raises:
        BadSetting: the other data set adds nothing.
    """
    import pandas as pd  # half a second that the first page need not wait for

    shelf = other(edit.dataset_id)
    classes = (*draft.classes, *(name for name in shelf.card.classes if name not in draft.classes))
    arriving = _renumbered(shelf, draft, classes)
    draft, arriving = _hashed_alike(draft, arriving, shelf.card, settings)
    known = set(zip(draft.items["pixel_digest"], draft.items["class_index"], strict=True))
    pairs = zip(arriving["pixel_digest"], arriving["class_index"], strict=True)
    new = arriving[np.fromiter((pair not in known for pair in pairs), np.bool_, len(arriving))]
    if new.empty:
        raise BadSetting("Every image of that data set is in this one already.", "Choose another data set.")
    items = pd.concat([draft.items, new], ignore_index=True, join="inner")
    items = _on_one_side(items, len(draft.items), draft)
    twice = len(arriving) - len(new)
    what = f"Added {images_in_words(len(new))} of another data set"
    what += f"; {images_in_words(twice)} {were(twice)} here already." if twice else "."
    merged = replace(
        draft,
        items=items,
        classes=classes,
        card=_card_of_both(draft.card, shelf.card),
        folders=(*draft.folders, shelf.folder),
    )
    return Changed(merged, what, len(new))


def _renumbered(shelf: Shelf, draft: Draft, classes: tuple[str, ...]) -> pd.DataFrame:
    """The images of the other data set with the numbers that they have in this one."""
    items = shelf.items
    index = {number: classes.index(name) for number, name in enumerate(shelf.card.classes)}
    first_id = max(draft.known, int(draft.items["item_id"].max()) + 1)
    first_file = int(draft.items["source_file"].max()) + 1
    given = items["given_split"] if draft.card.has_given_split else ""
    if draft.card.has_given_split and not shelf.card.has_given_split:
        given = items["split"]
    group, tied = items["near_group"], items["tied"]  # the first is looked for anew where all have a fingerprint
    return items.assign(
        item_id=first_id + np.arange(len(items)),
        class_index=items["class_index"].map(index).astype("int64"),
        source_file=first_file + items["source_file"],
        given_split=given,
        near_group=group.where(group < 0, int(draft.items["near_group"].max()) + 1 + group),
        tied=tied.where(tied < 0, int(draft.items["tied"].max()) + 1 + tied),
    )


def _hashed_alike(
    draft: Draft, arriving: pd.DataFrame, card: DatasetCard, settings: Settings
) -> tuple[Draft, pd.DataFrame]:
    """Both with patients told in one way: by ids if both have these, else by hashes."""

    @cache
    def hashed(patient: str) -> str:
        return hashed_patient(patient, settings.salt_file)

    def as_hashes(items: pd.DataFrame) -> pd.DataFrame:
        return items.assign(patient=[hashed(patient) for patient in items["patient"]])

    items, kept = draft.items, _keeps_ids(draft.items, draft.card)
    others_kept = _keeps_ids(arriving, card)
    if kept is False and others_kept:
        arriving = as_hashes(arriving)
    if others_kept is False and kept:
        items = as_hashes(items)
    by_hash = False in (kept, others_kept) or not (kept or others_kept)
    own = draft.card.model_copy(update={"patients_hashed": by_hash})
    return replace(draft, items=items, card=own), arriving


def _keeps_ids(items: pd.DataFrame, card: DatasetCard) -> bool | None:
    """Whether patients are told by their ids; None where none is known. An earlier version's card does not say so."""
    known = items["patient"][items["patient"] != ""]
    return None if known.empty else not (card.patients_hashed and all(map(_HASHED.fullmatch, known.unique())))


def _on_one_side(items: pd.DataFrame, here: int, draft: Draft) -> pd.DataFrame:
    """What belongs to a patient of the first `here` rows goes to that patient's side."""
    unit = units(items, draft.card.split.by)
    side = items["split"].iloc[:here].groupby(unit[:here]).first()
    new = unit[here:]
    split = items["split"].to_numpy(copy=True)
    split[here:] = np.where(np.isin(new, side.index), side.reindex(new).to_numpy(), split[here:])
    return items.assign(split=split)


def _card_of_both(one: DatasetCard, other: DatasetCard) -> DatasetCard:
    """The first card with what the second adds to it beside the images."""
    dropped = {tag.name: tag.files for tag in one.dropped_tags}
    for tag in other.dropped_tags:
        dropped[tag.name] = dropped.get(tag.name, 0) + tag.files
    return one.model_copy(
        update={
            "source": one.source if one.source == other.source else f"{one.source}, merged with {other.source}",
            "synthetic": one.synthetic or other.synthetic,
            "unreadable": one.unreadable + other.unreadable,
            "patient_name": one.patient_name or other.patient_name,
            "dropped_tags": tuple(DroppedTag(name=name, files=files) for name, files in dropped.items()),
            "names_kept": one.names_kept or other.names_kept,
        }
    )
