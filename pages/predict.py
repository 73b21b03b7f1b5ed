"""Predict: ask the trained network about one image, and see what it saw."""

from __future__ import annotations

import streamlit as st

from core import actions
from pages.parts import page, runs, session
from pages.parts.predict import ask as predict_ask
from pages.parts.predict import show as predict_show


def show() -> None:
    """One image on the left, what the run in hand says about it on the right."""
    page.begin("Predict", "Give the trained network one image and see which class it answers, and how sure it is.")
    run = session.run_in_hand()
    if run is None:
        sentence = "Only a trained network can answer. Train one first; the defaults are a good start."
        page.empty_state("◎", "No run yet", sentence, "Go to Train", "train")
    elif not run.job.state.final:
        sentence = f"{page.safe(run.name)} is {runs.under_way(run)}. It can be asked as soon as it ends."
        page.empty_state("◎", "Not ended yet", sentence, "Watch it", "train")
    elif not actions.has_model(session.home(), run):
        sentence = f"{page.safe(run.name)} ended without a trained network, so there is nothing to ask."
        page.empty_state("◎", "No network", sentence, "See how it ended", "train")
    else:
        _ask_and_show(run)


def _ask_and_show(run: actions.RunRow) -> None:
    left, right = page.two_columns()
    with left:
        question = predict_ask.choose(run)
    with right:
        if question is None:
            st.markdown("### The answer will stand here")
            st.caption("Choose an image on the left. It does not leave this server.")
        else:
            predict_show.show(run, question)


show()
