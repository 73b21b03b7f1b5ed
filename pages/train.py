"""Train: choose the network and how it is trained, start it, watch it, and read how it ended."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState
from pages.parts import datasets, page, runs, session
from pages.parts.curves import load_ahead
from pages.parts.train import form as train_form
from pages.parts.train import images as train_images
from pages.parts.train import plan as train_plan
from pages.parts.train import run as train_run


def show() -> None:
    """The run in hand, or the form for a new one."""
    page.begin("Train", "Choose the network and how it learns, start it, and watch it learn.")
    data, run = session.dataset_in_hand(), session.run_in_hand()
    if data is None and run is not None:
        train_run.show(run)  # it has outlived its data set
        return
    if data is None:
        page.empty_state(
            "▦", "No images yet", "A network learns from labelled images. Bring yours in first.", "Go to Data", "data"
        )
        return
    card = data.card if data.state is DatasetState.ACCEPTED else None
    prepared = card is not None and train_images.follow_prepare(data, card)
    if run is not None and (card is None or _chosen_view(run, prepared=prepared) == "run"):
        train_run.show(run)
    elif card is not None:
        _new_run(data, card)
    else:
        datasets.not_ready(data, "a network can learn from it")
    _earlier_runs(data)


def _chosen_view(run: actions.RunRow, *, prepared: bool) -> str:
    """Whether the run in hand or the form for a new one is shown.

    At first a run that was chosen or has not ended is; the form where the run is there only because it is the newest,
    or where something new comes from Prepare. From then on the visitor decides.
    """
    me = session.visitor()
    drafts = me.drafts
    if drafts.get("train_seen") != run.id:
        drafts["train_view"] = "run" if run.id == me.chosen_run_id or not run.job.state.final else "new"
    if prepared:
        drafts["train_view"] = "new"
    drafts["train_seen"] = run.id
    st.session_state["train_view"] = drafts["train_view"]
    names = {"run": f"{run.name} · {runs.state_word(run.job.state).lower()}", "new": "New run"}
    st.segmented_control(
        "What to show",
        list(names),
        format_func=lambda choice: page.safe(names[choice]),
        key="train_view",
        label_visibility="collapsed",
        required=True,
        wrap=True,
        on_change=lambda: drafts.update(train_view=st.session_state["train_view"]),
    )
    return str(st.session_state["train_view"])


def _new_run(data: actions.DatasetRow, card: DatasetCard) -> None:
    left, right = page.two_columns(0.42)
    with left:
        choice = train_form.choose(data, card)
    with right:
        train_plan.show(choice, card)
    load_ahead()


def _earlier_runs(data: actions.DatasetRow) -> None:
    found = actions.list_runs(session.home(), data.id)
    if found:
        st.subheader(f"Runs on {page.safe(data.name)}", anchor=False)
        runs.list_runs(found, key="train_runs")


show()
