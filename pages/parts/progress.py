"""How far a piece of work is: a bar with the stage over it; how much, how fast and how long still beneath."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import JobState, Progress
from pages.parts import numbers, page, session


def show(job: actions.JobRow) -> None:
    """The progress of a job that has not ended."""
    if job.state is JobState.QUEUED:
        st.progress(0.0, text=_waiting())
        return
    st.progress(job.progress.share or 0.0, text=page.safe(job.progress.stage))
    st.caption(page.safe(line(job.progress)))


def line(progress: Progress) -> str:
    """What is known of it: `1,200 of 4,000 images · 350 images/s · 3 min 20 s left`; plain text."""
    unit = f" {progress.unit}" if progress.unit else ""
    parts = []
    if progress.total:
        parts.append(f"{numbers.count(progress.done)} of {numbers.count(progress.total)}{unit}")
    elif progress.done:
        parts.append(f"{numbers.count(progress.done)}{unit}")
    if progress.rate and progress.unit:
        parts.append(numbers.rate(progress.rate, progress.unit))
    if progress.left_s is not None:
        parts.append(f"{numbers.duration(progress.left_s)} left")
    return " · ".join(parts) or "The time left is known in a moment."


def _waiting() -> str:
    if actions.worker_alive(session.home()):
        return "Waiting for its turn"
    return "Waiting for the worker, the process that does the work; the first time it takes about ten seconds"
