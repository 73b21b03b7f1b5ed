"""The curves of a run that has ended, as a still picture."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.figures import BUTTONS, curves_facts, draw_curves
from pages.parts import session


def show(run_id: str) -> None:
    """Loss and accuracy over the epochs, for training and validation, with the epoch whose weights were kept."""
    points = actions.all_points(session.home(), run_id)
    if not points:
        st.caption("This run left no curves.")
        return
    facts = curves_facts(points)
    st.plotly_chart(draw_curves(facts), key="results_curves", config=BUTTONS)
    st.caption(
        "An epoch is one pass over all training images. Loss is the error that training makes small; accuracy is the"
        " share of right answers. Training falling on while validation rises again is overfitting."
        + (f" The dotted line marks epoch {facts.best_epoch}, whose weights were kept." if facts.best_epoch else "")
    )
