"""The review of a data set before it is accepted: its split, its finding, and the decision."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, Severity
from pages.parts import numbers, page, session
from pages.parts.data import edits as data_edits
from pages.parts.data import manage as data_manage
from pages.parts.data import sections as data_sections
from pages.parts.data import splitting as data_splitting
from pages.parts.data import words as data_words


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Decisions on the left, evidence on the right; nothing is for good until Accept."""
    left, right = page.two_columns()
    with left:
        st.markdown(f"### {page.safe(row.name)}")
        st.markdown(page.safe(data_words.summary(card)))
        data_manage.rename(row)
        card = data_splitting.show(row, card)
        positive = _positive(row, card)
        _decide(row, card, positive)
    with right:
        data_edits.show_state(row, card)
        data_sections.show(row, card)


def _positive(row: actions.DatasetRow, card: DatasetCard) -> int | None:
    """With two classes: which one is the finding. The user says it, nothing is chosen beforehand."""
    if len(card.classes) != 2:
        return None
    drafts, name, key = session.visitor().drafts, f"data_positive:{row.id}", f"data_positive_{row.id}"
    named = drafts.get(name)  # by its name: a change may number the classes anew
    index = card.classes.index(named) if named in card.classes else card.positive_class
    if key in st.session_state and st.session_state[key] != index and not drafts.pop(f"{name}:clicked", False):
        st.session_state[key] = index
    st.markdown("#### Which class is the finding?")
    chosen = st.radio(
        "The finding is what you look for: the disease, the defect, the infected cell. In reports it is called the"
        " positive class.",
        [0, 1],
        index=index,
        format_func=lambda index: page.safe(card.classes[index]),
        key=key,
        on_change=lambda: drafts.update({f"{name}:clicked": True}),
    )
    drafts[name] = card.classes[chosen] if chosen is not None else None
    return chosen


def _decide(row: actions.DatasetRow, card: DatasetCard, positive: int | None) -> None:
    st.markdown("#### Accept or discard")
    undecided = len(card.classes) == 2 and positive is None
    waiting = undecided or data_edits.under_way(row.id)
    st.caption("An accepted data set stays as it is, so that every run on it can be compared.")
    errors = sum(finding.severity is Severity.ERROR for finding in card.findings)
    if errors:
        st.markdown(
            f":red-badge[:material/error: {numbers.count(errors, 'error')}] Look at what the checks found first."
        )
    if undecided:
        st.markdown("Say first which class is the finding.")
    with st.container(horizontal=True, key="data_decide"):
        accept = st.button("Accept", type="primary", key="data_accept", icon=":material/check:", disabled=waiting)
        data_manage.delete(row, label="Discard", title="Discard this data set?", sure="Discard it")
    if accept:
        try:
            actions.accept(session.home(), row.id, positive)
        except LightboxError as error:
            page.show_error(error)
        else:
            st.rerun()
