"""Prepare: choose the steps every image goes through, and see at once what they do to it."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState
from pages.parts import datasets, page, session
from pages.parts.prepare import augment as prepare_augment
from pages.parts.prepare import draft as prepare_draft
from pages.parts.prepare import image as prepare_image
from pages.parts.prepare import preview as prepare_preview
from pages.parts.prepare import saved as prepare_saved
from pages.parts.prepare import steps as prepare_steps
from pages.parts.prepare import window as prepare_window
from pages.parts.prepare.style import STYLE


def show() -> None:
    """Steps on the left, an image before and after on the right; augmentation and saving beneath."""
    page.begin(
        "Prepare", "Choose what is done to every image before the network sees it, and judge it on your own images."
    )
    row = session.dataset_in_hand()
    if row is None:
        sentence = "Preparing is judged by eye, on your own images. Bring some in first."
        page.empty_state("▦", "No images yet", sentence, "Go to Data", "data")
    elif row.state is not DatasetState.ACCEPTED or row.card is None:
        datasets.not_ready(row, "it can be prepared")
    else:
        _prepare(row, row.card)


def _prepare(row: actions.DatasetRow, card: DatasetCard) -> None:
    draft = prepare_draft.draft_of(row.id, card)
    prepare_saved.start_from(row, card, draft)
    st.html(STYLE)
    left, right = page.two_columns(0.4)
    with left:
        st.markdown("#### Steps")
        places = prepare_steps.show(row.id, draft)
    with right, st.container(key="prepare_evidence"):
        item = prepare_image.choose(row, card)
        if item is not None:
            preview = prepare_preview.show(row.id, item, draft.recipe)
            for name, sentence in prepare_preview.too_small(preview, draft.recipe).items():
                places[name].error(sentence, icon=":material/error:")
            if prepare_draft.FIRST in places:
                with places[prepare_draft.FIRST].container(gap="small"):
                    prepare_window.judge(preview, draft)
    st.divider()
    _augment(row, draft, item)
    st.divider()
    prepare_saved.keep(row, draft)


def _augment(row: actions.DatasetRow, draft: prepare_draft.Draft, item: actions.Item | None) -> None:
    left, right = page.two_columns(0.4)
    with left:
        prepare_augment.choose(row.id, draft)
    with right:
        if item is not None:
            prepare_augment.show_draws(row.id, item, draft)


show()
