"""An accepted data set: its card, and what may still be done with it."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard
from pages.parts import numbers, page
from pages.parts.data import divided as data_divided
from pages.parts.data import edits as data_edits
from pages.parts.data import manage as data_manage
from pages.parts.data import sections as data_sections
from pages.parts.data import words as data_words


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """The card on the left, the evidence on the right."""
    left, right = page.two_columns()
    with left:
        st.markdown(f"### {page.safe(row.name)}")
        st.markdown(page.safe(data_words.summary(card)))
        if card.synthetic:
            st.caption("These images are synthetic: Lightbox has drawn them for practice.")
        if st.button("Go on to Prepare", type="primary", key="data_go_on", icon=":material/arrow_forward:"):
            page.go("prepare")
        _card(card)
        with st.container(horizontal=True, key="data_manage"):
            data_manage.rename(row)
            data_manage.delete(row, label="Delete", title="Delete this data set?", sure="Delete it for good")
    with right:
        data_edits.show_state(row, card)
        data_sections.show(row, card)


def _card(card: DatasetCard) -> None:
    st.markdown("#### Card")
    lines = [f"**Split:** {data_divided.in_words(card)}", *data_divided.counts(card)]
    if card.positive_class is not None:
        name = page.safe(card.classes[card.positive_class])
        lines.append(f"**The finding (positive class):** {name}")
    if card.revision > 1:
        lines.append(f"**Revision:** {numbers.count(card.revision)}")
    lines.append(f"**On disk:** {numbers.size(card.bytes_on_disk)}")
    lines.append(f"**Fingerprint of the content:** `{card.content_digest[:12] or '–'}`")
    st.markdown("\n\n".join(lines))
    st.caption(
        "Accepted data sets do not change: other labels or fewer images make a revision, which begins in review."
    )
