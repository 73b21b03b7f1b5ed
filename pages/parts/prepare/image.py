"""Choose the image on which a recipe is judged: by class, one after the other, or at random."""

from __future__ import annotations

import random

import streamlit as st

from core import actions
from core.specs import DatasetCard, Split
from pages.parts import numbers, page, session


def choose(row: actions.DatasetRow, card: DatasetCard) -> actions.Item | None:
    """The class to look at, and the means to go from image to image; None where a class has no image.

    Only training images are offered: a recipe fitted by eye to the test images would flatter the final figures.
    """
    drafts, where = session.visitor().drafts, f"prepare_image:{row.id}"
    class_index, place = drafts.setdefault(where, (0, 0))
    total = card.counts[class_index].get(Split.TRAIN, 0)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="prepare_choose"):
        _choose_class(row, card, where)
        place = _turn(place, total)
    drafts[where] = (class_index, place)
    if not total:
        st.caption("This class has no training image.")
        return None
    item = actions.gallery(session.home(), row.id, class_index, Split.TRAIN, place, per_page=1).items[0]
    st.caption(
        f"Training image {numbers.count(place + 1)} of {numbers.count(total)}: {page.safe(item.name)}. Test images are"
        " not shown here, so that they stay unseen."
    )
    return item


def _choose_class(row: actions.DatasetRow, card: DatasetCard, where: str) -> None:
    drafts, key = session.visitor().drafts, f"prepare_class_{row.id}"
    st.session_state[key] = drafts[where][0]
    st.selectbox(
        "Show an image of",
        range(len(card.classes)),
        format_func=card.classes.__getitem__,
        key=key,
        on_change=lambda: drafts.update({where: (st.session_state[key], 0)}),
    )


def _turn(place: int, total: int) -> int:
    """Previous, next, random; the round goes on at the other end."""
    most = max(1, total)
    if st.button("Previous", key="prepare_previous", disabled=total < 2):
        place = (place - 1) % most
    if st.button("Next", key="prepare_next", disabled=total < 2):
        place = (place + 1) % most
    if st.button("Random", key="prepare_random", icon=":material/shuffle:", disabled=total < 2):
        place = random.randrange(most)
    return min(place, most - 1)
