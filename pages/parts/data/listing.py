"""Every data set of this home, with its state, to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import actions
from pages.parts import datasets, numbers, page, session
from pages.parts.runs import ago

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


def _row(row: actions.DatasetRow, in_hand: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"data_row_{row.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{page.safe(row.name)}**")
            st.caption(f"{datasets.contents(row)} · {ago(row.created_at)}")
        datasets.badge(row.state)
        chosen = row.id == in_hand
        label = "In hand" if chosen else "Take in hand"
        if st.button(label, key=f"data_take_{row.id}", disabled=chosen):
            session.take_dataset(row.id)
            st.rerun()
