"""A download, a look or an import under way: how far, how fast, how long still, a way to cancel; or why it failed."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetState, JobKind, JobState
from pages.parts import page, progress, session
from pages.parts.data import bring as data_bring
from pages.parts.piece import piece

EVERY_S = 1.0
UNDER_WAY = (DatasetState.LOOKING, DatasetState.IMPORTING)
IMPORTING = ("Importing", "You may leave this page: the import goes on, and you find it here again.")
WORDS = {
    JobKind.FETCH: ("Fetching", "It comes from where it is published, and is checked on arrival."),
    JobKind.LOOK: (
        "Looking into",
        "Lightbox reads names, tables and a few headers, so that it can propose where the labels are written.",
    ),
    JobKind.REVISE: ("Changing", "You may leave this page: the work goes on, and you find it here again."),
}


def show(row: actions.DatasetRow) -> None:
    """The progress of what is done for `row`, asked for again every second until it ends."""
    _watch(row.id)


def show_failed(row: actions.DatasetRow) -> None:
    """Why an import gave no data set, what to do about it, and the ways in again."""
    job = actions.job_of(session.home(), row.id)
    what = (job.what if job else None) or "The work ended without a data set."
    remedy = (job.remedy if job else None) or "Bring the file in again."
    st.error(f"**{page.safe(row.name)} could not be imported.** {page.safe(what)}", icon=":material/error:")
    st.markdown(f"**What to do:** {page.safe(remedy)}")
    st.caption("Nothing of it was kept on this server.")
    if st.button("Remove this entry", key="data_failed_remove"):
        actions.delete_dataset(session.home(), row.id)
        session.take_dataset(None)
        st.rerun()
    st.markdown("### Try again")
    data_bring.show(first=False)


def is_over(job: actions.JobRow | None) -> bool:
    """Whether the work will give no data set any more; one that has just finished is about to hand it over."""
    return job is None or job.state in (JobState.FAILED, JobState.STOPPED)


@piece(run_every=EVERY_S)
def _watch(dataset_id: str) -> None:
    row, job = actions.dataset(session.home(), dataset_id), actions.job_of(session.home(), dataset_id)
    if row.state not in UNDER_WAY or job is None or is_over(job):
        st.rerun()
    title, sentence = WORDS.get(job.kind, IMPORTING)
    st.markdown(f"### {title} {page.safe(row.name)}")
    st.markdown(sentence)
    left, right = st.columns([0.75, 0.25], vertical_alignment="center", gap="medium")
    with left:
        progress.show(job)
    if right.button("Cancel", key="data_cancel", width="stretch"):
        actions.delete_dataset(session.home(), dataset_id)
        session.take_dataset(None)
        st.rerun()
