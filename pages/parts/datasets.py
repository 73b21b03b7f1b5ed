"""Data sets in words: their state as a badge, and what they hold in one line."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetState
from pages.parts import numbers, page

GO = "Go to Data"

STATES = {
    DatasetState.LOOKING: ("Being looked into", "blue", ":material/search:"),
    DatasetState.CHOOSING: ("Labels to be chosen", "orange", ":material/label:"),
    DatasetState.IMPORTING: ("Importing", "blue", ":material/downloading:"),
    DatasetState.REVIEW: ("To be reviewed", "orange", ":material/rule:"),
    DatasetState.ACCEPTED: ("Accepted", "green", ":material/check_circle:"),
    DatasetState.FAILED: ("Failed", "red", ":material/error:"),
}
WITHOUT_CARD = {
    DatasetState.FAILED: "no images",
    DatasetState.LOOKING: "Lightbox looks what is in it",
    DatasetState.CHOOSING: "not imported yet",
}


def state_word(state: DatasetState) -> str:
    """The state of a data set as people call it."""
    return STATES[state][0]


def badge(state: DatasetState) -> None:
    """The state of a data set as a small coloured label; word and sign say it too."""
    word, colour, icon = STATES[state]
    st.badge(word, icon=icon, color=colour)


def contents(row: actions.DatasetRow) -> str:
    """How much is in it: `600 images in 3 classes · synthetic`."""
    if row.card is None:
        return WITHOUT_CARD.get(row.state, "on its way in")
    classes = numbers.count(len(row.card.classes), "class", "classes")
    synthetic = " · synthetic" if row.card.synthetic else ""
    return f"{numbers.count(row.card.images, 'image')} in {classes}{synthetic}"


def not_ready(row: actions.DatasetRow, wanted: str) -> None:
    """Say why a data set cannot be used yet, and lead to where that is mended.

    Args:
        wanted: what it is needed for, to end a sentence: "it can be prepared".
    """
    name = page.safe(row.name)
    if row.state is DatasetState.FAILED:
        page.empty_state("▦", "Not imported", f"{name} could not be imported. See why, or bring in others.", GO, "data")
    elif row.state in (DatasetState.LOOKING, DatasetState.CHOOSING):
        sentence = f"Say where the labels of {name} are written, and import it, before {wanted}."
        page.empty_state("▦", "Not imported yet", sentence, GO, "data")
    else:
        sentence = f"{name} has to be looked through and accepted before {wanted}."
        page.empty_state("▦", "Not accepted yet", sentence, GO, "data")
