"""The images of a data set, page by page, as the browser fetches them from our own route."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, Split
from pages.parts import numbers, session, thumbnails
from pages.parts.piece import piece
from pages.parts.thumbnails import SMALL_PX, Thumbnail

PER_PAGE = 24
SIDE_PX = 256
ALL = "all"


@piece()
def show(dataset_id: str, card: DatasetCard) -> None:
    """One page of the images of a class and a split, with the means to turn it."""
    class_index, split = _filters(card)
    state = f"data_page_{dataset_id}_{class_index}_{split}"
    number = int(st.session_state.get(state, 0))
    found = actions.gallery(session.home(), dataset_id, class_index, split, number, PER_PAGE)
    small = card.max_side_px <= SMALL_PX
    thumbnails.show([thumbnail(item, card) for item in found.items], dataset_id, side_px=SIDE_PX, small=small)
    if not found.total:
        st.caption("No image of this class is in this split.")
        return
    _turn(state, number, found)


def _filters(card: DatasetCard) -> tuple[int | None, Split | None]:
    left, right = st.columns(2)
    names = {-1: f"All classes ({numbers.count(card.images)})"}
    for index, name in enumerate(card.classes):
        names[index] = f"{name} ({numbers.count(sum(card.counts[index].values()))})"
    class_index = left.selectbox("Class", list(names), format_func=names.__getitem__, key="data_gallery_class")
    splits = {ALL: "All splits"} | {split.value: split.label for split in Split}
    split = right.selectbox("Split", list(splits), format_func=splits.__getitem__, key="data_gallery_split")
    return (class_index if class_index >= 0 else None), (Split(split) if split != ALL else None)


def _turn(state: str, number: int, found: actions.GalleryPage) -> None:
    def turn(to: int) -> None:
        st.session_state[state] = to

    with st.container(horizontal=True, vertical_alignment="center", key="data_turn"):
        back, on = number > 0, number + 1 < found.pages
        st.button("Previous", key="data_back", disabled=not back, on_click=turn, args=(number - 1,))
        st.button("Next", key="data_on", disabled=not on, on_click=turn, args=(number + 1,))
        first, last = number * PER_PAGE + 1, number * PER_PAGE + len(found.items)
        st.caption(
            f"Images {numbers.count(first)} to {numbers.count(last)} of {numbers.count(found.total)},"
            f" page {numbers.count(number + 1)} of {numbers.count(found.pages)}",
            width="content",
        )


def thumbnail(item: actions.Item, card: DatasetCard) -> Thumbnail:
    """An image with its class beneath; its size and its split are told to those who point at it."""
    about = f"{item.width:,} × {item.height:,} px, {item.split.label.lower()} split"
    return Thumbnail(item.item_id, item.name, [(card.classes[item.class_index], "", "")], about)
