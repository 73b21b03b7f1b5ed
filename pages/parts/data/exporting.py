"""Export a data set with its split as a zip: how far it is, and the link when it is there."""

from __future__ import annotations

import html

import streamlit as st

from core import actions
from core.errors import LightboxError, NotFound
from core.specs import DatasetCard, JobState
from pages.http import routes
from pages.parts import numbers, page, progress, session
from pages.parts.piece import piece

EVERY_S = 0.5
JOB = "data_export_job"


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """The button, then the progress, then the link."""
    st.markdown("#### Take it along")
    st.caption(
        "A zip with the images in folders by split and class, a table of labels (CSV) and the data card; about"
        f" {numbers.size(card.bytes_on_disk)}. It brings nothing back that was dropped at import."
    )
    _export(row.id)


@piece()
def _export(dataset_id: str) -> None:
    drafts = session.visitor().drafts
    job = _job(drafts.get(f"{JOB}:{dataset_id}"))
    if job is not None and not job.state.final:
        _watch(dataset_id, job.id)
        return
    if job is not None and job.state is JobState.FAILED:
        st.error(f"**The export failed.** {page.safe(job.what or '')} {page.safe(job.remedy or '')}")
    if _is_there(dataset_id):
        st.html(_link(dataset_id))
        return
    if st.button("Export this data set", key="data_export", icon=":material/folder_zip:"):
        drafts[f"{JOB}:{dataset_id}"] = actions.export_dataset(session.home(), dataset_id)
        actions.ensure_worker(session.home())
        st.rerun()


@piece(run_every=EVERY_S)
def _watch(dataset_id: str, job_id: str) -> None:
    job = _job(job_id)
    if job is None or job.state.final:
        st.rerun()
    progress.show(job)
    if st.button("Cancel the export", key="data_export_cancel"):
        actions.stop(session.home(), job_id)
        session.visitor().drafts.pop(f"{JOB}:{dataset_id}", None)
        st.rerun()


def _job(job_id: str | None) -> actions.JobRow | None:
    if job_id is None:
        return None
    try:
        return actions.job(session.home(), job_id)
    except NotFound:
        return None


def _is_there(dataset_id: str) -> bool:
    try:
        return actions.export_path(session.home(), dataset_id).is_file()
    except LightboxError:
        return False


def _link(dataset_id: str) -> str:
    """A link that the browser downloads, in the dress of a button."""
    address = html.escape(routes.export_url(dataset_id))
    return (
        f'<a class="lb-download" href="{address}" download>Download the zip</a>'
        "<style>.lb-download{display:inline-block;padding:.4rem .9rem;border-radius:.6rem;font-weight:600;"
        "text-decoration:none!important;background:light-dark(#0e7c86,#4fc3cd);"
        "color:light-dark(#fff,#11191c)!important}</style>"
    )
