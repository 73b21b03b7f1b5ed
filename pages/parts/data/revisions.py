"""The family of a data set: its revisions, what each changed, and the runs that saw it."""

from __future__ import annotations

import streamlit as st

from core import actions
from pages.parts import datasets, numbers, page, runs, session

MOST_RUNS = 3
INDENT = "\u2003"


def show(row: actions.DatasetRow) -> None:
    """Every revision with its runs; nothing for a data set without family and runs."""
    family = actions.revisions(session.home(), row.id)
    if len(family) < 2 and not family[0].runs:
        return
    st.markdown("#### Revisions and their runs")
    st.caption("A run stays with the revision that it saw, so its figures can be read later.")
    for revision in family:
        _one(revision, row.id)


def _one(revision: actions.Revision, in_hand: str) -> None:
    row = revision.row
    key = f"data_revision_{row.id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"{INDENT * revision.depth}{'↳ ' if revision.depth else ''}**{page.safe(row.name)}**")
            st.caption(f"{datasets.contents(row)} · {_change(row)} · {runs.ago(row.created_at)}")
        datasets.badge(row.state)
        label = "In hand" if row.id == in_hand else "Take in hand"
        if st.button(label, key=f"{key}_take", disabled=row.id == in_hand):
            session.take_dataset(row.id)
            st.rerun()
    if revision.runs:
        runs.list_runs(revision.runs, key=f"{key}_run", most=MOST_RUNS)


def _change(row: actions.DatasetRow) -> str:
    """What this revision changed; for the first one, where it came from."""
    if row.card is None:
        return "on its way"
    own = [change for change in row.card.changes if row.card.revision - change.revision < 1]
    if not row.card.changes:
        return "as it came in"
    return page.safe((own or row.card.changes)[-1].what) + (
        f" and {numbers.count(len(row.card.changes) - 1, 'change')} before" if len(row.card.changes) > 1 else ""
    )
