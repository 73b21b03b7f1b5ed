"""Every data set of this home, with its state, to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import actions
from core.specs import DatasetState
from pages.parts import numbers, page, session
from pages.parts.runs import ago

STATES = {
    DatasetState.IMPORTING: ("Importing", "blue", ":material/downloading:"),
    DatasetState.REVIEW: ("To be reviewed", "orange", ":material/rule:"),
    DatasetState.ACCEPTED: ("Accepted", "green", ":material/check_circle:"),
    DatasetState.FAILED: ("Failed", "red", ":material/error:"),
}
MOST = 8


def show(rows: Sequence[actions.DatasetRow], in_hand: str | None) -> None:
    """All data sets, newest first, where there is another than the one in hand; the rest of a long list folds away."""
    if len(rows) < 2 and in_hand is not None:
        return
    st.markdown("#### All data sets")
    for row in rows[:MOST]:
        _row(row, in_hand)
    if len(rows) > MOST:
        with st.expander(numbers.count(len(rows) - MOST, "older data set")):
            for row in rows[MOST:]:
                _row(row, in_hand)


def badge(state: DatasetState) -> None:
    """The state of a data set as a small coloured label; word and sign say it too."""
    word, colour, icon = STATES[state]
    st.badge(word, icon=icon, color=colour)


def _row(row: actions.DatasetRow, in_hand: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"data_row_{row.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{page.safe(row.name)}**")
            st.caption(f"{_contents(row)} · {ago(row.created_at)}")
        badge(row.state)
        chosen = row.id == in_hand
        label = "In hand" if chosen else "Take in hand"
        if st.button(label, key=f"data_take_{row.id}", disabled=chosen):
            session.take_dataset(row.id)
            st.rerun()


def _contents(row: actions.DatasetRow) -> str:
    if row.card is None:
        return "no images" if row.state is DatasetState.FAILED else "on its way in"
    return f"{numbers.count(row.card.images, 'image')} in {numbers.count(len(row.card.classes), 'class', 'classes')}"
