"""A source that was looked into: the choices on the left, what they would give on the right, and the import."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError, NotFound
from core.specs import JobKind, SourceLook
from pages.parts import numbers, page, session
from pages.parts.data import choosing_chosen, choosing_form, choosing_preview
from pages.parts.data import words as data_words
from pages.parts.data.choosing_draft import Draft, draft_of
from pages.parts.data.choosing_words import NAME_HELP
from pages.parts.piece import piece
from pages.parts.runs import ago

MOST_LETTERS = 120
STICKY = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-data_choose_bar){position:sticky;bottom:0;z-index:5;
 padding:.6rem 0 .8rem;background:light-dark(#ffffff,#11191c);
 border-top:1px solid color-mix(in srgb,currentColor 22%,transparent)}
[data-testid="stLayoutWrapper"]:has(> .st-key-data_choose_bar)::before{content:"";position:absolute;
 inset:-1.75rem 0 100%;pointer-events:none;background:linear-gradient(transparent,light-dark(#ffffff,#11191c))}
</style>"""
CONTENTS = {"zip": "The archive", "folder": "The folder", "files": "The upload", "npz": "The file"}


def show(row: actions.DatasetRow) -> None:
    """The form for a data set whose labels are to be chosen."""
    try:
        look = actions.look(session.home(), row.id)
    except LightboxError as error:  # somebody has tidied up beneath it
        page.show_error(error)
        _remove(row.id)
        return
    name = page.safe(row.name)
    st.markdown(f"### What is in {name}" if look.kind == "npz" else f"### Where are the labels of {name}?")
    st.markdown(
        f"{contents(look)} Check what Lightbox proposes, look at the preview, and import. Nothing is imported yet."
    )
    _say_why_again(row)
    if look.same_as:
        _seen_before(row, look.same_as)
    _choose(row.id)


def _say_why_again(row: actions.DatasetRow) -> None:
    """Why the import that was tried last did not come about; its source was kept."""
    job = actions.job_of(session.home(), row.id)
    if job is not None and job.kind is JobKind.IMPORT and job.what:
        st.error(
            f"**It could not be imported with these labels.** {page.safe(job.what)} {page.safe(job.remedy or '')}"
            " The files were kept: choose again below.",
            icon=":material/error:",
        )


def contents(look: SourceLook) -> str:
    """What was found in the source, in one sentence."""
    kinds = page.safe(data_words.kinds(look.formats)) if look.formats else ""
    inside = numbers.count(look.images, "image") + (f" ({kinds})" if kinds else "")
    if look.tables:
        inside += f" and {numbers.count(len(look.tables), 'table')}"
    return f"{CONTENTS[look.kind]} holds {inside}."


def _seen_before(row: actions.DatasetRow, same_as: str) -> None:
    """Say that the same content was imported before, and lead there; the form below imports it again."""
    try:
        earlier = actions.dataset(session.home(), same_as)
    except NotFound:  # deleted meanwhile
        return
    with st.container(border=True, key="data_same"):
        st.markdown(
            f":blue-badge[:material/history: Seen before] **This content was imported before, as"
            f" {page.safe(earlier.name)}**, {ago(earlier.created_at)}. Open that one, or import it again below, with"
            " other labels for instance."
        )
        if st.button("Open it and drop this upload", key="data_same_open", icon=":material/arrow_forward:"):
            actions.delete_dataset(session.home(), row.id)
            session.take_dataset(earlier.id)
            st.rerun()


@piece()
def _choose(dataset_id: str) -> None:
    home, drafts = session.home(), session.visitor().drafts
    look, name = actions.look(home, dataset_id), f"data_labels:{dataset_id}"
    left, right = page.two_columns()
    with left:
        title = _name(dataset_id)
        drafts[name] = choosing_form.ask(drafts.get(name) or _first(look), look, f"data_{dataset_id}")
        chosen = choosing_chosen.chosen(dataset_id, drafts[name])
        _decide(dataset_id, title, chosen)
    with right:
        choosing_preview.show(look, chosen.draft, chosen.preview, chosen.error)


def _first(look: SourceLook) -> Draft:
    """What the form begins with: the proposal, and for a table not in use the column with the most values as names."""
    draft = draft_of(look.proposal)
    if look.tables and not draft.rest["image_column"]:
        table = look.tables[0]
        fullest = max(table.columns, key=lambda column: column.distinct, default=None)
        return draft.with_rest(table=table.name, image_column=fullest.name if fullest else "")
    return draft


def _name(dataset_id: str) -> str:
    """What the data set is to be called; kept as a draft until it is imported."""
    drafts, key = session.visitor().drafts, f"data_title_{dataset_id}"
    current = st.session_state.get(key, drafts.get(key)) or actions.dataset(session.home(), dataset_id).name
    drafts[key] = st.text_input("Name of the data set", current, max_chars=MOST_LETTERS, key=key, help=NAME_HELP)
    return str(drafts[key])


def _decide(dataset_id: str, title: str, chosen: choosing_chosen.Chosen) -> None:
    st.html(STICKY)
    with st.container(gap="xsmall", key="data_choose_bar"):
        with st.container(horizontal=True):
            start = st.button(
                "Import",
                type="primary",
                key="data_choose_import",
                icon=":material/download:",
                disabled=bool(chosen.hindrance),
            )
            _remove(dataset_id)
        st.caption(chosen.hindrance or "Next you look the images through.")
    home = session.home()
    if start and chosen.labelling is not None:
        if title.strip():
            actions.rename_dataset(home, dataset_id, title)
        actions.begin_import(home, dataset_id, chosen.labelling)
        actions.ensure_worker(home)
        st.rerun()


def _remove(dataset_id: str) -> None:
    """The button that drops what waits, with its upload; nothing is imported yet, so it asks no further."""
    if st.button("Remove it", key="data_choose_remove", icon=":material/delete:"):
        actions.delete_dataset(session.home(), dataset_id)
        session.take_dataset(None)
        st.rerun()
