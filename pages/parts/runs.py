"""Runs in words: their state as a badge, and a list of them with the figure that counts and links to look closer."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import JobState
from pages.parts import numbers, page, session

STATES = {
    JobState.QUEUED: ("Waiting", "grey", ":material/hourglass_empty:"),
    JobState.RUNNING: ("Training", "blue", ":material/play_circle:"),
    JobState.FINISHED: ("Finished", "green", ":material/check_circle:"),
    JobState.STOPPED: ("Stopped", "orange", ":material/stop_circle:"),
    JobState.FAILED: ("Failed", "red", ":material/error:"),
}


def state_word(state: JobState) -> str:
    """The state of a run as people call it."""
    return STATES[state][0]


def under_way(run: actions.RunRow) -> str:
    """What a run that has not ended is doing, as the rest of a sentence."""
    return "waiting for its turn" if run.job.state is JobState.QUEUED else "still training"


def heading(run: actions.RunRow) -> None:
    """The name of a run with its state beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(page.safe(run.name), anchor=False, width="content")
        badge(run.job.state)


def badge(state: JobState) -> None:
    """The state of a run as a small coloured label; word and sign say it too."""
    word, colour, icon = STATES[state]
    st.badge(word, icon=icon, color=colour)


def accuracy(run: actions.RunRow) -> str:
    """Validation accuracy of a run that has a model, with its 95 % interval where the report can be read."""
    try:
        measured = actions.report(session.home(), run.id).accuracy
    except LightboxError:  # the run's own summary may still know the value
        return numbers.figure(run.summary.val_accuracy if run.summary is not None else None)
    return f"{numbers.figure(measured.value)} ({numbers.interval(measured.low, measured.high)})"


def list_runs(runs: Sequence[actions.RunRow], *, key: str, most: int = 8, names: dict[str, str] | None = None) -> None:
    """Runs one under the other, newest first.

    Args:
        runs: what to list.
        key: begins the keys of this list's widgets.
        most: how many stand here at once; the rest fold away.
        names: data set names by id, to be shown beside each run; None: not shown.
    """
    for run in runs[:most]:
        _row(run, key, names)
    if len(runs) > most:
        with st.expander(f"{numbers.count(len(runs) - most, 'older run')}"):
            for run in runs[most:]:
                _row(run, key, names)


def open_run(run_id: str, where: str) -> None:
    """Take a run in hand and go to a page to look at it."""
    session.take_run(run_id)
    session.visitor().drafts["train_view"] = "run"  # not the form for a new one, which may be open on Train
    page.go(where)


def ago(then: float) -> str:
    """How long ago a moment (unix seconds) was, roughly: `just now`, `5 min ago`, `3 h ago`, `2 days ago`."""
    passed = max(0.0, time.time() - then)
    if passed < 60:
        return "just now"
    for most, size, unit in ((3600, 60, "min"), (86_400, 3600, "h")):
        if passed < most:
            return f"{passed // size:.0f} {unit} ago"
    return f"{numbers.count(passed // 86_400, 'day')} ago"


def _row(run: actions.RunRow, key: str, names: dict[str, str] | None) -> None:
    where = f" · {page.safe(names.get(run.config.dataset_id, 'data set deleted'))}" if names is not None else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_{run.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{page.safe(run.name)}**{where}")
            st.caption(f"{_headline(run)} · {ago(run.created_at)}")
        badge(run.job.state)
        where, label = ("results", "Results") if actions.has_model(session.home(), run) else ("train", "Look")
        if st.button(label, key=f"{key}_go_{run.id}", type="tertiary", icon=":material/arrow_forward:"):
            open_run(run.id, where)


def _headline(run: actions.RunRow) -> str:
    if actions.has_model(session.home(), run):
        return f"validation accuracy {accuracy(run)}"
    return {
        JobState.RUNNING: "under way",
        JobState.QUEUED: "waits for its turn",
        JobState.FAILED: "ended without a model",
        JobState.STOPPED: "stopped before it had a model",
    }.get(run.job.state, "no figures")
