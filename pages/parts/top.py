"""The top of every page: the steps with their state, and the data set and the run in hand, to be changed there."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from core import actions
from core.errors import NotFound
from core.specs import DatasetState
from pages.parts import session
from pages.parts.bar import step_bar
from pages.parts.page import go, safe, show_error

DATASET, RUN = "lb_dataset", "lb_run"
STEPS = ("data", "prepare", "train", "results", "predict")


def draw(current: str) -> None:
    """Draw the bar for the page `current` and follow what is clicked in it."""
    missing = None
    try:
        session.follow_link()
        _follow_choice()
    except NotFound as error:
        missing = error
    dataset, run = session.dataset_in_hand(), session.run_in_hand()
    session.write_link()
    session.visitor().visited.add(f"{current}:{run.id if run else ''}")
    asked = step_bar(step_states(current, dataset, run), current, session.link())
    if asked is not None and asked != current:
        go(asked)
    if dataset is not None or run is not None:
        _in_hand(dataset, run)
    if missing is not None:
        show_error(missing)


def step_states(current: str, dataset: actions.DatasetRow | None, run: actions.RunRow | None) -> dict[str, str]:
    """The state of each step: "here", "done", "next" (the first that is not done) or "later"."""
    done = _done(dataset, run)
    first_open = next((step for step in STEPS if step not in done), None)
    return {step: _state(step, current, done, first_open) for step in STEPS}


def _state(step: str, current: str, done: set[str], first_open: str | None) -> str:
    if step == current:
        return "here"
    if step in done:
        return "done"
    return "next" if step == first_open else "later"


def _done(dataset: actions.DatasetRow | None, run: actions.RunRow | None) -> set[str]:
    done: set[str] = set()
    if dataset is None or dataset.state is not DatasetState.ACCEPTED:
        return done
    done.add("data")
    if run is not None or actions.recipes(session.home(), dataset.id):
        done.add("prepare")
    if run is not None and actions.has_model(session.home(), run):
        done.add("train")
        done |= {step for step in ("results", "predict") if f"{step}:{run.id}" in session.visitor().visited}
    return done


def _in_hand(dataset: actions.DatasetRow | None, run: actions.RunRow | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="lb_in_hand"):
        names = {row.id: row.name for row in actions.list_datasets(session.home())}
        _choice("Data set", DATASET, names, dataset.id if dataset is not None else None)
        if run is not None:
            source = run.config.dataset_id
            _choice("Run", RUN, {row.id: row.name for row in actions.list_runs(session.home(), source)}, run.id)
        card = dataset.card if dataset is not None else None
        if card is not None and card.synthetic:
            st.badge("Synthetic data", color="violet")
        if card is not None and card.positive_class is not None:
            st.caption(f"Finding: {safe(card.classes[card.positive_class])}", width="content")


def _choice(label: str, key: str, names: dict[str, str], chosen: str | None) -> None:
    words = told_apart(names)
    st.session_state[key] = chosen  # what is in hand decides, a page may have changed it since the last run
    st.session_state[f"{key}_ids"] = set(names)
    st.selectbox(
        label,
        list(words),
        index=None if chosen is None else 0,
        placeholder="deleted",
        format_func=lambda name: words.get(name, "?"),
        key=key,
        on_change=_choose,
        args=(key,),
    )


def told_apart(names: dict[str, str]) -> dict[str, str]:
    """The names, with the id behind those that are not the only one: a selectbox knows its options by their words."""
    often = {name for name, times in Counter(names.values()).items() if times > 1}
    return {key: f"{name} ({key})" if name in often else name for key, name in names.items()}


def _choose(key: str) -> None:
    """Keep what was chosen for the script run that follows, inside whose catch it may turn out to be gone.

    A browser that still shows an older list (somebody renamed a run) sends words that are no id any more: they mean
    no choice at all.
    """
    if st.session_state[key] in st.session_state.get(f"{key}_ids", ()):
        session.visitor().drafts["chosen_on_top"] = (key, st.session_state[key])


def _follow_choice() -> None:
    key, chosen = session.visitor().drafts.pop("chosen_on_top", (None, None))
    if key == DATASET:
        session.take_dataset(chosen)
    elif key == RUN:
        session.take_run(chosen)
