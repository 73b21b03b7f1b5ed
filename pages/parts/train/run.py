"""One run on the Train page: waiting or training with live curves and Stop; afterwards how it ended and what next."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import JobState
from pages.parts import configuration, numbers, page, progress, runs, session
from pages.parts.curves import live_curves
from pages.parts.train import coach as train_coach
from pages.parts.train import ended as train_ended

LOOK_EVERY_S = 1.0


def show(run: actions.RunRow) -> None:
    """State and controls on the left, the curves on the right."""
    left, right = page.two_columns()
    with left:
        if run.job.state.final:
            train_ended.show(run)
        else:
            st.fragment(_watch, run_every=LOOK_EVERY_S)(run.id, run.job.state)
        with st.expander("Configuration"):
            configuration.show(run.config)
    with right:
        if run.job.state is JobState.FAILED and not actions.points_after(session.home(), run.id, 0):
            st.caption("It ended before the first point of its curves.")
        else:
            live_curves(run.id, key=f"curves_{run.id}")


def _watch(run_id: str, drawn: JobState) -> None:
    """State and Stop, looked at again every second; a change of state draws the whole page anew."""
    run = actions.run(session.home(), run_id)
    if run.job.state is not drawn:
        st.rerun()
    runs.heading(run)
    if run.job.state is JobState.QUEUED:
        _waiting(run)
    _stop(run)
    train_coach.show(run_id)


def _waiting(run: actions.RunRow) -> None:
    before = actions.queue_position(session.home(), run.id)
    job = actions.import_job(session.home(), run.config.dataset_id)
    if job is not None and not job.state.final:
        st.markdown("It starts as soon as its images are in.")
        progress.show(job)
    elif before:
        st.markdown(f"It waits for {numbers.count(before, 'run')} before it.")
    else:
        st.markdown("It is next.")
    if not actions.worker_alive(session.home()):
        st.caption("The worker, the program that trains, is starting; this takes a few seconds.")


def _stop(run: actions.RunRow) -> None:
    if run.job.stop_requested:
        st.caption("Stopping after the current batches; the best weights so far are kept.")
        return
    st.button(
        "Stop",
        icon=":material/stop_circle:",
        key="train_stop",
        help="Ends the training; the weights of the best epoch so far are kept.",
        on_click=actions.stop,
        args=(session.home(), run.id),
    )
