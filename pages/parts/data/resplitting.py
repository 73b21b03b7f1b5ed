"""Another fold or another split of an accepted data set, as a revision of it."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, DrawSplit, SplitConfig, knobs
from pages.parts import numbers, session
from pages.parts.data import edits as data_edits

KNOBS = {row.name: row for row in knobs(SplitConfig)}


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """The next fold by one click where there are folds; else another draw, or the first of several folds."""
    split = card.split
    if split.source == "drawn" and split.folds > 1:
        _fold(row, split)
    else:
        _draw(row, split)
    st.caption("The images and labels stay the same. In its review the new split can still be set as you like.")


def _fold(row: actions.DatasetRow, split: SplitConfig) -> None:
    folds = range(1, split.folds + 1)
    there = _folds_there(row, split)
    free = [fold for fold in folds if fold not in there]
    done = ", ".join(map(str, sorted(there)))
    st.caption(f"There {'is' if len(there) == 1 else 'are'} fold {done} of {split.folds} in this family.")
    fold = st.segmented_control(
        KNOBS["fold"].label,
        folds,
        default=next(iter(free), 1),
        required=True,
        wrap=True,
        key=f"data_next_fold_{row.id}",
        help=KNOBS["fold"].help,
    )
    edit = DrawSplit(split=split.model_copy(update={"fold": fold}))
    words = f"Make a revision with fold {fold}"
    data_edits.button(row, words, edit, key="data_draw_fold", disabled=fold == split.fold)


def _folds_there(row: actions.DatasetRow, split: SplitConfig) -> set[int]:
    """The folds of this split that the family of the data set has already."""
    cards = [revision.row.card for revision in actions.revisions(session.home(), row.id)]
    splits = [card.split for card in cards if card is not None]
    return {other.fold for other in splits if other.model_copy(update={"fold": split.fold}) == split}


def _draw(row: actions.DatasetRow, split: SplitConfig) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    knob = KNOBS["folds"]
    low, high = int(knob.low or 1), int(knob.high or 1)
    folds = left.number_input(knob.label, low, high, 1, key=f"data_draw_folds_{row.id}", help=knob.help)
    knob = KNOBS["seed"]
    low, high = int(knob.low or 0), int(knob.high or 0)
    seed = right.number_input(
        knob.label, low, high, min(high, split.seed + 1), key=f"data_draw_seed_{row.id}", help=knob.help
    )
    wanted = {"source": "drawn", "folds": folds, "fold": 1, "seed": seed}
    edit = DrawSplit(split=split.model_copy(update=wanted))
    words = f"Make a revision with {numbers.count(folds)} folds" if folds > 1 else "Make a revision with a new split"
    data_edits.button(row, words, edit, key="data_draw_split", disabled=edit.split == split)
