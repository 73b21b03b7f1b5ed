"""Which part of a data set is being looked at, and the way from one to another."""

from __future__ import annotations

import streamlit as st

from pages.parts import session

SECTION = "data_section"


def chosen(dataset_id: str) -> str:
    """The part that is looked at; what came in, at first."""
    return str(session.visitor().drafts.get(f"{SECTION}:{dataset_id}", "overview"))


def keep(dataset_id: str) -> None:
    """Keep what the choice of parts says."""
    session.visitor().drafts[f"{SECTION}:{dataset_id}"] = st.session_state[SECTION]


def to(dataset_id: str, section: str) -> None:
    """Look at another part from the next run of the script on; for the `on_click` of a button."""
    session.visitor().drafts[f"{SECTION}:{dataset_id}"] = section
