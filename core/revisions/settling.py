"""Settle all copies at once: keep one image of each, or put each group of copies on one side of the split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.datasets.copies import copies_of, near_of
from core.datasets.groups import tie, units
from core.datasets.split import draw_split
from core.errors import BadSetting
from core.revisions.draft import Changed, Draft, placed
from core.sources.reader import images_in_words
from core.specs import SettleCopies

Numbers = NDArray[np.int64]
Chosen = NDArray[np.bool_]


def settle_copies(draft: Draft, edit: SettleCopies) -> Changed:
    """Settle every group of equal images, and of near-duplicates as well if the edit says so."""
    return _drop(draft, edit.near) if edit.how == "drop" else _put_together(draft, edit.near)


def _drop(draft: Draft, near: bool) -> Changed:
    """One image of each group and class stays, where images are rarest.

    Which of several labels is right is not for us to say: such images come to stand on one side of the split, and the
    review names them until somebody decides.
    """
    items = draft.items
    groups, copied = _groups(draft, near)
    in_split = items["split"].map(items["split"].value_counts()).to_numpy()
    order = np.argsort(in_split, kind="stable")
    _, chosen = np.unique(np.stack([groups, items["class_index"]])[:, order], axis=1, return_index=True)
    kept = np.zeros(len(items), np.bool_)
    kept[order[chosen]] = True
    dropped = int((~kept).sum())
    left = replace(draft, items=items[kept])
    told = [f"Left out {images_in_words(dropped)} that stood in the data more than once."] if dropped else []
    if len(np.unique(groups[kept & copied])) < int((kept & copied).sum()):
        together = _put_together(left, near)
        left = together.draft
        told += [together.what] if together.images else []
    if not told:
        raise BadSetting(
            "The copies that are left stand in several classes, on one side of the split.",
            "Decide for each group which class is right, and leave out the others.",
        )
    return Changed(left, " ".join(told), dropped)


def _put_together(draft: Draft, near: bool) -> Changed:
    """Groups across splits are drawn anew, whole, near the shares that the split asks for; all are held in place."""
    items = draft.items
    groups, copied = _groups(draft, near)
    bound = _joined(draft, groups)
    bound_copies = np.isin(bound, bound[copied])
    split = items["split"].to_numpy(dtype="<U5")
    crossing = bound_copies & (items.groupby(bound)["split"].transform("nunique").to_numpy() > 1)
    settled = split.copy()
    settled[crossing] = draw_split(items["class_index"].to_numpy()[crossing], draft.card.split, groups=bound[crossing])
    moved = int((settled != split).sum())
    number = len(np.unique(groups[copied]))
    what = f"Put each of {number:,} {'group' if number == 1 else 'groups'} of copies on one side of the split"
    what += f" ({images_in_words(moved)} moved)." if draft.card.split.folds == 1 else ", in every fold."
    tied = replace(draft, items=items.assign(tied=tie(items, groups, copied)))
    return Changed(placed(tied, bound_copies, settled[bound_copies]), what, moved)


def _groups(draft: Draft, near: bool) -> tuple[Numbers, Chosen]:
    """The group of each image, alone or with its copies; and which images have copies.

    Raises:
        BadSetting: none has.
    """
    table = draft.items[["pixel_digest"]].rename(columns={"pixel_digest": "source_file"}).assign(patient="")
    copied = table.index.isin(copies_of(draft.items).index)
    if near:
        alike = near_of(draft.items)
        table.loc[alike.index, "patient"] = alike.astype(str)
        copied |= table.index.isin(alike.index)
    if not copied.any():
        raise BadSetting("This data set has no copies to settle.", "Look at its findings again.")
    return units(table, "patient"), copied


def _joined(draft: Draft, groups: Numbers) -> Numbers:
    """Groups of copies joined with what the split keeps together anyway."""
    unit = units(draft.items, draft.card.split.by)
    table = draft.items[[]].assign(source_file=unit, patient=groups.astype(str))
    return units(table, "patient")
