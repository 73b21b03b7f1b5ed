"""The next sensible step, as one sentence and one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core import actions
from core.specs import DatasetState
from pages.parts import page, runs, session


@dataclass(frozen=True)
class Step:
    """What to do next: a sentence (Markdown, escaped), the button and the page behind it, what to take in hand."""

    sentence: str
    button: str
    page: str
    run_id: str | None = None
    dataset_id: str | None = None


def show(data: Sequence[actions.DatasetRow], found: Sequence[actions.RunRow]) -> None:
    """Draw the step; its button takes along what it is about."""
    step = next_step(data, found)
    with st.container(border=True, key="home_next"):
        st.markdown("### Next")
        st.markdown(step.sentence)
        kind = "primary" if data else "secondary"  # on an empty home the practice data are the way in
        if st.button(step.button, type=kind, key="home_next_go"):
            if step.run_id is not None:
                runs.open_run(step.run_id, step.page)
                return
            if step.dataset_id is not None:
                session.take_dataset(step.dataset_id)
            page.go(step.page)


def next_step(data: Sequence[actions.DatasetRow], found: Sequence[actions.RunRow]) -> Step:
    """The step that follows from how things stand; both lists newest first."""
    busy = next((run for run in reversed(found) if not run.job.state.final), None)
    if busy is not None:
        word = runs.state_word(busy.job.state).lower()
        return Step(f"**{page.safe(busy.name)}** is {word}. Watch its curves.", "Watch it", "train", busy.id)
    if not data:
        return Step("Bring in your images, with their classes in folders or in a table.", "Bring in images", "data")
    newest = data[0]
    if newest.state is not DatasetState.ACCEPTED:
        return _unfinished(newest)
    own = [run for run in found if run.config.dataset_id == newest.id]
    trained = next((run for run in own if actions.has_model(session.home(), run)), None)
    if trained is not None:
        sentence = f"**{page.safe(trained.name)}** has ended. See how well it does and where it is wrong."
        return Step(sentence, "See the results", "results", trained.id)
    sentence = f"**{page.safe(newest.name)}** is ready. See how its images look when prepared, then train."
    return Step(sentence, "Prepare the images", "prepare", dataset_id=newest.id)


def _unfinished(data: actions.DatasetRow) -> Step:
    name = f"**{page.safe(data.name)}**"
    if data.state is DatasetState.CHOOSING:
        return Step(f"Say where the labels of {name} are written.", "Choose the labels", "data", dataset_id=data.id)
    if data.state in (DatasetState.LOOKING, DatasetState.IMPORTING):
        return Step(f"{name} is being brought in.", "Watch it", "data", dataset_id=data.id)
    if data.state is DatasetState.REVIEW:
        return Step(f"{name} is in. Look through it and accept it.", "Review it", "data", dataset_id=data.id)
    return Step(f"{name} could not be brought in. See why.", "See why", "data", dataset_id=data.id)
