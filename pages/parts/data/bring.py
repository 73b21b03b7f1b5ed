"""The ways to bring data in: files from this computer, a folder on the server, a public set, or the practice data."""

from __future__ import annotations

import streamlit as st

from core import actions
from pages.http.uploads import Upload
from pages.parts import numbers, session
from pages.parts.data import bring_public, bring_server
from pages.parts.data.bring_words import EXAMPLES, FORMATS, INTRODUCTION, PRACTICE
from pages.parts.upload import upload_file


def show(*, first: bool) -> None:
    """The ways side by side, the most usual one largest.

    Args:
        first: whether there is no data set yet, so that a newcomer is told where to begin.
    """
    if first:
        st.markdown(INTRODUCTION)
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left.container(border=True, height="stretch", key="data_way_files"):
        _files()
    with right.container(border=True, key="data_way_practice"):
        _practice()
    with right.container(border=True, key="data_way_public"):
        take(bring_public.show())
    with right.container(border=True, key="data_way_server"):
        take(bring_server.show())


def _files() -> None:
    st.markdown("#### From this computer")
    limit = numbers.size(session.home().settings.max_upload_bytes).replace(" ", "\u00a0")  # stays on one line
    hint = f"Drop it here: a zip, an NPZ file, several images with or without a table, or a folder; up to {limit}."
    take(upload_file("Choose your images", "files", _bring_in, several=True, hint=hint))
    st.markdown("**How it may look inside**")
    for tab, (sentence, tree, note) in zip(st.tabs(list(EXAMPLES)), EXAMPLES.values(), strict=True):
        with tab:
            st.markdown(sentence)
            st.code(tree, language=None)
            st.caption(note)
    st.caption(FORMATS)


def _practice() -> None:
    st.markdown("#### Practice data")
    st.markdown(PRACTICE)
    if st.button("Draw the practice data", type="primary", key="data_practice", icon=":material/draw:"):
        dataset_id, _ = actions.import_practice_data(session.home())
        take(dataset_id)


def _bring_in(upload: Upload) -> str:
    """Have what has just arrived looked into; the data set's id."""
    home = session.home()
    name = actions.suggested_name(home, upload.filename)
    return actions.bring_in(home, upload.path, name, delete_source=True)


def take(dataset_id: str | None) -> None:
    """Take a data set that has just begun in hand, and show it; nothing where there is none."""
    if dataset_id is None:
        return
    actions.ensure_worker(session.home())
    session.take_dataset(dataset_id)
    st.rerun()
