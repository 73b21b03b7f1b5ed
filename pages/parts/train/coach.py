"""What the coach reads off the curves, beside them: a sentence with its evidence, and what to do about it."""

from __future__ import annotations

import streamlit as st

from core import actions
from pages.parts import session


def show(run_id: str) -> None:
    """Each piece of advice in a box of its own; nothing where there is nothing to say."""
    for advice in actions.coach(session.home(), run_id):
        st.info(f"{advice.what} **{advice.remedy}**", icon=":material/lightbulb:")
