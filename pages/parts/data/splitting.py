"""The form of the split: its shares, what is kept together, and folds."""

from __future__ import annotations

from typing import Any, TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, Knob, SplitConfig, knobs
from pages.parts import page, session
from pages.parts.data import divided as data_divided

GIVEN, DRAWN = "given", "drawn"
SOURCES = {GIVEN: "As the data set brings it", DRAWN: "Draw a new one"}
KNOBS: dict[str, Knob] = {row.name: row for row in knobs(SplitConfig)}
Shares: TypeAlias = tuple[int, int, int]
"""Per cent of training, validation and test."""


def show(row: actions.DatasetRow, card: DatasetCard) -> DatasetCard:
    """The form of the split; what is shown is what is used, so a change made here is carried out at once.

    Only a change made here: somebody else may have drawn another split since, and then the form shows that one.
    """
    st.markdown("#### Split")
    st.caption(
        "Images are divided into three parts: the network learns from the **training** images, you compare settings on"
        " the **validation** images, and the **test** images are kept back for the final figures."
    )
    wanted = _wanted(row, card)
    drafts = session.visitor().drafts
    if wanted is not None and drafts.pop(_changed(row), False) and wanted != card.split:
        try:
            card = actions.set_split(session.home(), row.id, wanted)
        except LightboxError as error:
            page.show_error(error)
    st.caption("  \n".join(data_divided.counts(card)))
    return card


def _changed(row: actions.DatasetRow) -> str:
    """The draft that says that a widget of the split was changed here, and not carried out yet."""
    return f"data_split_changed:{row.id}"


def _key(row: actions.DatasetRow, name: str) -> str:
    return f"data_split_{name}_{row.id}"


def _follow(row: actions.DatasetRow, key: str, value: object, name: str) -> dict[str, Any]:
    """What a widget of the split begins with: the card's value, unless it was just changed here; and who is told."""
    drafts = session.visitor().drafts
    start: dict[str, Any] = {"on_change": lambda: drafts.update({_changed(row): True})}
    if st.session_state.get(key, value) != value and not drafts.get(_changed(row)):
        st.session_state[key] = value
        return start
    return start | {name: st.session_state.get(key, value)}


def _wanted(row: actions.DatasetRow, card: DatasetCard) -> SplitConfig | None:
    """What the widgets ask for; None where the shares leave nothing for the test split."""
    if card.has_given_split and _source(row, card) == GIVEN:
        return card.split.model_copy(update={"source": GIVEN})
    by = _by(row, card) if card.patients else card.split.by
    shares = _shares_of_folds if _folds_asked(row, card) > 1 else _shares
    train, val, test = shares(row, card)
    left, right = _pair()
    with left:
        folds = _number(row, card, "folds")
    with right:
        seed = _number(row, card, "seed")
    fold = _fold(row, card, folds) if folds > 1 else 1
    if test < 1:
        st.error(
            f"Training and validation take {train + val} % together, so nothing is left for the test split."
            " Lower one of them.",
            icon=":material/error:",
        )
        return None
    whole: dict[str, Any] = {"source": DRAWN, "by": by, "folds": folds, "fold": fold, "seed": seed}
    return SplitConfig(train_percent=train, val_percent=val, test_percent=test, **whole)


def _source(row: actions.DatasetRow, card: DatasetCard) -> str | None:
    key = _key(row, "source")
    start = _follow(row, key, card.split.source, "default")
    names = SOURCES.__getitem__
    return st.segmented_control("Which split", list(SOURCES), format_func=names, key=key, required=True, **start)


def _by(row: actions.DatasetRow, card: DatasetCard) -> Any:
    knob, key = KNOBS["by"], _key(row, "by")
    labels = dict(zip(knob.choices, knob.choice_labels, strict=True))
    start = _follow(row, key, card.split.by, "index")
    if "index" in start:
        start["index"] = knob.choices.index(start["index"])
    return st.radio(knob.label, knob.choices, format_func=labels.__getitem__, key=key, help=knob.help, **start)


def _pair() -> list[DeltaGenerator]:
    """Places for two widgets side by side."""
    return st.columns(2, vertical_alignment="bottom")


def _shares(row: actions.DatasetRow, card: DatasetCard) -> Shares:
    """Training and validation as asked for, and what remains for the test."""
    left, right = _pair()
    with left:
        train = _number(row, card, "train_percent")
    with right:
        val = _number(row, card, "val_percent")
    rest = 100 - train - val
    st.text_input("Test (%), what remains", str(max(rest, 0)), disabled=True, help=KNOBS["test_percent"].help)
    return train, val, rest


def _shares_of_folds(row: actions.DatasetRow, card: DatasetCard) -> Shares:
    """The test as asked for; one fold of the rest is for validation, and the others are for training."""
    test = _number(row, card, "test_percent")
    rest, folds = 100 - test, _folds_asked(row, card)
    val = max(1, round(rest / folds))
    return rest - val, val, test


def _folds_asked(row: actions.DatasetRow, card: DatasetCard) -> int:
    """The folds that the widget, drawn further down, will ask for."""
    key = _key(row, "folds")
    pending = session.visitor().drafts.get(_changed(row))
    return int(st.session_state.get(key, card.split.folds)) if pending else card.split.folds


def _fold(row: actions.DatasetRow, card: DatasetCard, folds: int) -> int:
    """Which fold is for validation: one click each."""
    knob, key = KNOBS["fold"], _key(row, "fold")
    start = _follow(row, key, card.split.fold, "default")
    if st.session_state.get(key, 1) > folds:
        st.session_state[key] = folds
        start.pop("default", None)
    choices = range(1, folds + 1)
    return int(
        st.segmented_control(knob.label, choices, key=key, help=knob.help, required=True, wrap=True, **start) or 1
    )


def _number(row: actions.DatasetRow, card: DatasetCard, name: str) -> int:
    knob, key = KNOBS[name], _key(row, name)
    label = f"{knob.label} ({knob.unit})" if knob.unit else knob.label
    limits = int(knob.low or 0), int(knob.high or 0)
    start = _follow(row, key, getattr(card.split, name), "value")
    return int(st.number_input(label, *limits, step=1, key=key, help=knob.help, **start))
