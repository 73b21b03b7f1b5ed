"""The parts of what can be seen of a data set, one at a time: the page stays short, and only what is seen is drawn."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard
from pages.parts import numbers, page
from pages.parts.data import changing as data_changing
from pages.parts.data import evidence as data_evidence
from pages.parts.data import found as data_found
from pages.parts.data import gallery as data_gallery
from pages.parts.data import guards as data_guards
from pages.parts.data import odd as data_odd
from pages.parts.data import overview as data_overview
from pages.parts.data.going import SECTION, chosen, keep

SHOWS = {
    "overview": data_overview.show,
    "copies": data_guards.show,
    "odd": data_odd.show,
    "images": data_gallery.show,
    "changes": data_changing.show,
}


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """A choice of the parts, each with how much is to be seen to in it, and the chosen one.

    A data set whose images are gone shows that instead, and can still be deleted beside it.
    """
    try:
        _parts(row, card)
    except LightboxError as error:
        page.show_error(error)


def _parts(row: actions.DatasetRow, card: DatasetCard) -> None:
    names = {
        "overview": _counted("Overview", data_evidence.pressing(card)),
        "copies": _counted("Copies and leaks", sum(map(data_found.is_pressing, data_found.groups(row, card)))),
        "odd": _counted("Odd images", len(data_found.odd_ones(row, card))),
        "images": "All images",
        "changes": _counted("Changes", len(card.changes)),
    }
    st.session_state[SECTION] = chosen(row.id)
    part = st.segmented_control(
        "What to look at",
        list(names),
        format_func=names.__getitem__,
        key=SECTION,
        on_change=keep,
        args=(row.id,),
        label_visibility="collapsed",
        required=True,
        wrap=True,
    )
    SHOWS[str(part)](row, card)


def _counted(name: str, count: int) -> str:
    return f"{name} · {numbers.count(count)}" if count else name
