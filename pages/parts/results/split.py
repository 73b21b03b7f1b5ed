"""On which images a run is measured: validation first; the test split is opened on purpose, and each opening counts."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import JobState, Split
from pages.parts import numbers, page, progress, session
from pages.parts.piece import piece

EVERY_S = 1.0
WHY_CLOSED = (
    "These images were kept back: the network never saw them, and no setting was chosen by them. That makes their"
    " figures the honest ones. Look when you have finished choosing: each look taken while settings are still being"
    " changed makes the figures a little too good."
)


def choose(run: actions.RunRow) -> Split:
    """Validation, unless the test split was opened in this visit."""
    drafts = session.visitor().drafts
    st.markdown("### Measured on")
    job_id = drafts.get(_measuring(run))
    if job_id is not None:
        _look_after(run, job_id)
    if drafts.get(_opened(run)):
        split = st.segmented_control(
            "Measured on",
            [Split.VALIDATION, Split.TEST],
            default=Split.TEST,
            format_func=lambda choice: choice.label,
            key=f"results_split_{run.id}",
            label_visibility="collapsed",
            required=True,
        )
    else:
        split = Split.VALIDATION
        st.markdown("**Validation split**: the images on which settings are compared.")
        if _measuring(run) in drafts:
            _watch(run.id, drafts[_measuring(run)])
        else:
            _offer(run)
    st.caption(_openings(run.id))
    return split


def _opened(run: actions.RunRow) -> str:
    return f"test_open:{run.id}"


def _measuring(run: actions.RunRow) -> str:
    """The draft that holds the id of the job that measures the test split for this visitor."""
    return f"test_job:{run.id}"


def _offer(run: actions.RunRow) -> None:
    with st.popover("Open the test split", icon=":material/lock_open:", key="results_test", wrap=True):
        st.markdown(WHY_CLOSED)
        if st.button("Open it now", type="primary", key="results_test_open"):
            try:
                job_id = actions.start_test_evaluation(session.home(), run.id)
            except LightboxError as error:
                page.show_error(error)
                return
            if job_id is None:
                _open(run)
            else:
                session.visitor().drafts[_measuring(run)] = job_id
            st.rerun()


def _look_after(run: actions.RunRow, job_id: str) -> None:
    """Open the split once it has been measured, or say why it was not."""
    drafts = session.visitor().drafts
    try:
        job = actions.job(session.home(), job_id)
        if not job.state.final:
            return
        if job.state is JobState.FINISHED:
            _open(run)
        elif job.state is JobState.FAILED:
            st.error(f"**{page.safe(job.what or 'Measuring failed.')}** {page.safe(job.remedy or 'Open it again.')}")
        else:
            st.info("Measuring was cancelled. The test split has not been opened.")
    except LightboxError as error:
        page.show_error(error)
    drafts.pop(_measuring(run), None)


def _open(run: actions.RunRow) -> None:
    """What has been measured is looked at now, and counted."""
    actions.open_test_split(session.home(), run.id)
    session.visitor().drafts[_opened(run)] = True


@piece(run_every=EVERY_S)
def _watch(run_id: str, job_id: str) -> None:
    """How far the measuring is, looked at again every second; the page is drawn anew when it ends."""
    job = actions.job(session.home(), job_id)
    if job.state.final:
        st.rerun()
    st.markdown("**Measuring on the test images.** You may leave this page meanwhile.")
    progress.show(job)
    if job.stop_requested:
        st.caption("Cancelling …")
    elif st.button("Cancel", key=f"results_test_cancel_{run_id}", icon=":material/stop_circle:"):
        actions.stop(session.home(), job_id)
        st.rerun()


def _openings(run_id: str) -> str:
    opened = actions.run(session.home(), run_id).test_opened
    if opened == 0:
        return "The test split of this run has not been opened."
    return f"The test split of this run was opened {numbers.count(opened, 'time')}."
