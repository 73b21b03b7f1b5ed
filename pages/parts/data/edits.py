"""A change of the data set from the click to its end: asked for, watched, taken back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, DatasetState, Edits, JobState
from core.specs.edits import Edit
from pages.parts import numbers, page, progress, session
from pages.parts.piece import piece

EVERY_S = 0.5
SEEN = "data_change_seen"
"""The draft that holds the id of the failed change whose message was put away."""
NEW_REVISION = (
    "This data set is accepted and stays as it is: a change makes a revision of it, which you look through and accept"
    " in turn. Runs stay with the revision that they saw."
)

UNDONE = "Every change can be undone until the data set is accepted."


def under_way(dataset_id: str) -> bool:
    """Whether a change of the data set has not ended yet; nothing else may be changed then."""
    job = actions.revise_job(session.home(), dataset_id)
    return job is not None and not job.state.final


def button(row: actions.DatasetRow, label: str, *edits: Edit, key: str, busy: bool | None = None, **looks: Any) -> None:
    """A button that makes these changes together, in order.

    Args:
        busy: whether a change is under way, where the caller knows.
        looks: of the button.
    """
    disabled = looks.pop("disabled", False) or (under_way(row.id) if busy is None else busy)
    if st.button(label, key=key, disabled=disabled, **looks):
        make(row, *edits)


def make(row: actions.DatasetRow, *edits: Edit) -> None:
    """Ask for the changes, take what they change in hand, and draw the page anew; a refusal is shown in its place."""
    try:
        changing = actions.revise(session.home(), row.id, Edits(edits=edits))
    except LightboxError as error:
        page.show_error(error)
        return
    actions.ensure_worker(session.home())
    session.take_dataset(changing)
    st.rerun()


def show_state(row: actions.DatasetRow, card: DatasetCard) -> None:
    """How a change goes, or why it failed, or the last one with the way back."""
    job = actions.revise_job(session.home(), row.id)
    if job is not None and not job.state.final:
        _watch(row.id)
        return
    if job is not None and job.state is JobState.FAILED and session.visitor().drafts.get(SEEN) != job.id:
        _failed(job)
    elif card.changes and row.state is DatasetState.REVIEW:
        _last(row, card)


@piece(run_every=EVERY_S)
def _watch(dataset_id: str) -> None:
    job = actions.revise_job(session.home(), dataset_id)
    if job is None or job.state.final:
        st.rerun()
    left, right = st.columns([0.8, 0.2], vertical_alignment="center")
    with left:
        progress.show(job)
    if right.button("Cancel", key="data_change_cancel", width="stretch", help="Leaves the data set as it was."):
        actions.stop(session.home(), job.id)
        st.rerun()


def _failed(job: actions.JobRow) -> None:
    st.error(f"**The change was not made.** {page.safe(job.what or '')} {page.safe(job.remedy or '')}")
    drafts = session.visitor().drafts
    st.button("Put this message away", key="data_change_seen", on_click=lambda: drafts.update({SEEN: job.id}))


def _last(row: actions.DatasetRow, card: DatasetCard) -> None:
    """The last change in its own words, and a button that takes it back."""
    with st.container(horizontal=True, vertical_alignment="center", key="data_last_change"):
        st.markdown(f":green-badge[:material/check: Done] {page.safe(card.changes[-1].what)}", width="stretch")
        looks: dict[str, Any] = {"icon": ":material/undo:", "type": "tertiary"}
        if actions.can_undo(session.home(), row.id):
            if st.button("Undo", key="data_undo", help="Takes this change back.", **looks):
                _undo(row.id)
        elif _parent_is_there(row) and st.button("Back to the one before", key="data_parent", **looks):
            session.take_dataset(row.parent_id)
            st.rerun()


def _parent_is_there(row: actions.DatasetRow) -> bool:
    return any(other.id == row.parent_id for other in actions.list_datasets(session.home()))


def _undo(dataset_id: str) -> None:
    try:
        actions.undo(session.home(), dataset_id)
    except LightboxError as error:
        page.show_error(error)
        return
    st.rerun()


def images(count: int) -> str:
    """So many images, in words."""
    return numbers.count(count, "image")
