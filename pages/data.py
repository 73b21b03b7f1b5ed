"""Data: bring labelled images in, look them through, and accept them."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetState
from pages.parts import datasets, page, session
from pages.parts.data import accepted as data_accepted
from pages.parts.data import bring as data_bring
from pages.parts.data import choosing as data_choosing
from pages.parts.data import importing as data_import
from pages.parts.data import listing as data_list
from pages.parts.data import review as data_review

VIEW = "data_view"


def show() -> None:
    """The data set in hand as its state asks for, or the ways to bring one in; all data sets beneath."""
    page.begin(
        "Data", "Bring in labelled images, look them through, and accept them before a network learns from them."
    )
    rows = actions.list_datasets(session.home())
    row = session.dataset_in_hand()
    if row is None:
        data_bring.show(first=not rows)
        if rows:
            data_list.show(rows, None)
        return
    if _chosen_view(row) == "bring":
        data_bring.show(first=False)
    else:
        _show_one(row)
    data_list.show(rows, row.id)


def _chosen_view(row: actions.DatasetRow) -> str:
    """Whether the data set in hand or the ways in are wanted; taking another one in hand shows that one."""
    drafts = session.visitor().drafts
    if drafts.get("data_seen") != row.id:
        drafts |= {"data_seen": row.id, VIEW: "one"}
    st.session_state[VIEW] = drafts.get(VIEW, "one")
    names = {"one": f"{row.name} · {datasets.state_word(row.state).lower()}", "bring": "Bring in more data"}
    chosen = st.segmented_control(
        "What to show",
        list(names),
        format_func=lambda choice: page.safe(names[choice]),
        key=VIEW,
        on_change=lambda: drafts.update({VIEW: st.session_state[VIEW]}),
        label_visibility="collapsed",
        required=True,
    )
    return str(chosen)


def _show_one(row: actions.DatasetRow) -> None:
    under_way = row.state in data_import.UNDER_WAY
    if under_way and not data_import.is_over(actions.job_of(session.home(), row.id)):
        data_import.show(row)
    elif row.state is DatasetState.CHOOSING:
        data_choosing.show(row)
    elif under_way or row.state is DatasetState.FAILED or row.card is None:
        data_import.show_failed(row)
    elif row.state is DatasetState.REVIEW:
        data_review.show(row, row.card)
    else:
        data_accepted.show(row, row.card)


show()
