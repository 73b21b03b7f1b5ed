"""Home: where things stand, and the next sensible step."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from pages.parts import datasets, numbers, page, runs, session
from pages.parts.home import next_step as home_next


def show() -> None:
    """Next step and device on the left, data sets and runs on the right."""
    page.begin("Where things stand", "From a folder of images to a trained and tested network, on your own server.")
    data = actions.list_datasets(session.home())
    found = actions.list_runs(session.home())
    left, right = page.two_columns(0.4)
    with left:
        home_next.show(data, found)
        _practice(first=not data)
        st.fragment(_device, run_every=2.0 if actions.device(session.home()) is None else None)()
    with right:
        _runs(found, {row.id: row.name for row in data})
        _datasets(data)


def _practice(*, first: bool) -> None:
    with st.container(border=True, key="home_practice"):
        st.markdown("### Try it with practice data")
        st.markdown(
            "600 drawn images of three kinds of cells, a network with the default settings, a report at the end:"
            " everything once, in about two minutes. The images are synthetic and marked so."
        )
        kind = "primary" if first else "secondary"
        if st.button("Try it with practice data", icon=":material/play_arrow:", key="home_try", type=kind):
            try:
                run_id = actions.try_practice(session.home())
            except LightboxError as error:
                page.show_error(error)
                return
            actions.ensure_worker(session.home())
            runs.open_run(run_id, "train")


def _device() -> None:
    """What will be trained on, in words; asked again until the worker has said so."""
    facts = actions.device(session.home())
    st.markdown("### This server")
    if facts is None:
        alive = actions.worker_alive(session.home())
        st.markdown("The worker is looking at its device." if alive else "The worker is starting; a few seconds.")
        return
    st.markdown(f"Networks train on **{page.safe(facts.words)}**.")
    if facts.reason:
        st.warning(page.safe(facts.reason))


def _runs(found: list[actions.RunRow], names: dict[str, str]) -> None:
    st.markdown(f"### Runs{_how_many(len(found))}")
    if found:
        runs.list_runs(found, key="home_runs", most=6, names=names)
    else:
        st.caption("A run is one training of one network. None yet.")


def _datasets(data: list[actions.DatasetRow]) -> None:
    st.markdown(f"### Data sets{_how_many(len(data))}")
    if not data:
        st.caption("A data set is a collection of labelled images. None yet.")
    for row in data[:6]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"home_data_{row.id}"):
            with st.container(gap=None, width="stretch"):
                st.markdown(f"**{page.safe(row.name)}**")
                st.caption(f"{datasets.contents(row)} · {runs.ago(row.created_at)}")
            datasets.badge(row.state)
            if st.button("Open", key=f"home_open_{row.id}", type="tertiary", icon=":material/arrow_forward:"):
                session.take_dataset(row.id)
                page.go("data")
    if len(data) > 6:
        st.caption(f"{numbers.count(len(data) - 6, 'older data set')}: choose them at the top of the page.")


def _how_many(many: int) -> str:
    return f" · {many:,}" if many else ""


show()
