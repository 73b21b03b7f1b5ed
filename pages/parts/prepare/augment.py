"""Augmentation: random changes of training images, with eight draws of them on the image in view."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import Augmentation
from pages.parts import session
from pages.parts.form import form
from pages.parts.prepare.draft import Draft

DRAWS = 8
FLIPS = ("flip_horizontal", "flip_vertical")


def choose(dataset_id: str, draft: Draft) -> None:
    """The settings; what is chosen goes into the draft."""
    st.markdown("#### Augmentation")
    st.caption(
        "For training images only: the network sees each of them a little differently every time, as if there were"
        " more of them. Validation and test images are never changed."
    )
    prefix = f"prepare_{dataset_id}_augment"
    flipped = form(Augmentation, draft.augmentation, prefix, only=FLIPS)
    draft.augmentation = form(Augmentation, flipped, prefix, skip=FLIPS, columns=2)


def show_draws(dataset_id: str, item: actions.Item, draft: Draft) -> None:
    """Eight draws of the image in view, as training would see them."""

    def again() -> None:
        draft.seed += 1

    st.markdown("#### Eight draws of this image")
    if draft.augmentation.is_off:
        st.caption("Nothing is changed yet. Turn something on, such as the flips, and see here what it does.")
    images = actions.augmented(
        session.home(), dataset_id, item.item_id, draft.recipe, draft.augmentation, draft.seed, DRAWS
    )
    for row in (images[: DRAWS // 2], images[DRAWS // 2 :]):
        for place, image in zip(st.columns(DRAWS // 2), row, strict=True):
            place.image(image, width="stretch", output_format="PNG", alt="The prepared image, randomly changed")
    st.button(
        "Draw again",
        key="prepare_draw_again",
        icon=":material/casino:",
        on_click=again,
        disabled=draft.augmentation.is_off,
    )
