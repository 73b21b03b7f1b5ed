"""Rename and delete a data set; deleting says first what is lost."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from pages.parts import page, session

MOST_LETTERS = 120
ASKED = "data_delete_asked"
"""The draft that holds the id of the data set that is about to be deleted."""


def rename(row: actions.DatasetRow) -> None:
    """A small form behind a button; the new name stands everywhere at once."""
    with st.popover("Rename", icon=":material/edit:", key=f"data_rename_{row.id}"):
        name = st.text_input("Name of the data set", row.name, max_chars=MOST_LETTERS, key=f"data_name_{row.id}")
        if st.button("Save the name", key="data_rename_save", disabled=not name.strip()):
            actions.rename_dataset(session.home(), row.id, name)
            st.rerun()


def delete(row: actions.DatasetRow, *, label: str, title: str, sure: str) -> None:
    """A button that asks once more, naming what is lost, before anything is deleted.

    Args:
        row: the data set.
        label: what the button says.
        title: the question.
        sure: what the button says that does it.
    """
    drafts = session.visitor().drafts
    st.button(label, key="data_delete", icon=":material/delete:", on_click=lambda: drafts.update({ASKED: row.id}))
    if drafts.get(ASKED) == row.id:
        st.dialog(title, on_dismiss=lambda: drafts.pop(ASKED, None))(_ask)(row, sure)


def _ask(row: actions.DatasetRow, sure: str) -> None:
    drafts = session.visitor().drafts
    st.markdown(f"**{page.safe(row.name)}**")
    for sentence in actions.what_delete_loses(session.home(), row.id):
        st.markdown(f"- {page.safe(sentence)}")
    st.markdown("This cannot be undone.")
    with st.container(horizontal=True):
        if st.button(sure, type="primary", key="data_delete_sure"):
            _delete(row.id)
        if st.button("Keep it", key="data_delete_not"):
            drafts.pop(ASKED, None)
            st.rerun()


def _delete(dataset_id: str) -> None:
    try:
        actions.delete_dataset(session.home(), dataset_id)
    except LightboxError as error:
        page.show_error(error)
        return
    session.visitor().drafts.pop(ASKED, None)
    session.take_dataset(None)
    st.rerun()
