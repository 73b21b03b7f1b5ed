"""The images of a data set, page by page; tick one or many, and give them another class or leave them out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState, Exclude, Place, Relabel, Split
from pages.parts import numbers, session
from pages.parts.data import edits as data_edits
from pages.parts.data import found as data_found
from pages.parts.picker import Tile, chosen_of, pick, set_chosen
from pages.parts.piece import piece
from pages.parts.thumbnails import SMALL_PX

PER_PAGE = 24
MOST_TICKED = 5000
ALL = "all"


@piece()
def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """One page of the images of a class and a split, what to do with the ticked ones, and the means to turn it."""
    data_found.draw_anew_if_changed(row, card)
    grid = f"gallery:{row.id}:{data_found.version(card)}"
    class_index, split = _filters(card)
    state = f"data_page_{row.id}_{class_index}_{split}"
    number = int(st.session_state.get(state, 0))
    found = actions.gallery(session.home(), row.id, class_index, split, number, PER_PAGE)
    if not found.total:
        st.caption("No image of this class is in this split.")
        return
    bar = st.container(key="data_ticked")
    tiles = [tile(item, card) for item in found.items]
    small = card.max_side_px <= SMALL_PX
    pick(tiles, row.id, grid, label="Images of the data set", small=small, version=data_found.version(card))
    _turn(state, number, found)
    with bar:
        _ticked(row, card, grid, lambda: _tick_all(row, grid, class_index, split, found.total))


def tile(item: actions.Item, card: DatasetCard) -> Tile:
    """An image with its class and its split beneath; its size is told to those who point at it."""
    patient = f", patient {item.patient}" if item.patient else ""
    about = f"{item.width:,} × {item.height:,} px, {item.split.label.lower()} split{patient}"
    return Tile(item.item_id, item.name, (card.classes[item.class_index], item.split.label), about)


def _filters(card: DatasetCard) -> tuple[int | None, Split | None]:
    left, right = st.columns(2)
    names = {-1: f"All classes ({numbers.count(card.images)})"}
    for index, name in enumerate(card.classes):
        names[index] = f"{name} ({numbers.count(sum(card.counts[index].values()))})"
    class_index = left.selectbox("Class", list(names), format_func=names.__getitem__, key="data_gallery_class")
    splits = {ALL: "All splits"} | {split.value: split.label for split in Split}
    split = right.selectbox("Split", list(splits), format_func=splits.__getitem__, key="data_gallery_split")
    return (class_index if class_index >= 0 else None), (Split(split) if split != ALL else None)


def _ticked(row: actions.DatasetRow, card: DatasetCard, grid: str, more: Callable[[], None]) -> None:
    """What can be done with the ticked images, and `more` beside it; how to tick where none is."""
    chosen = tuple(sorted(chosen_of(grid)))
    if not chosen:
        st.caption(
            "Tick images to give them another class or to leave them out; with Shift a whole row. By keyboard: Tab,"
            " the arrows, and the space bar."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="data_ticked_do"):
        st.markdown(f"**{data_edits.images(len(chosen))} ticked**", width="content")
        with st.popover("Give a class", icon=":material/label:", key="data_label"):
            _label(row, card, chosen)
        with st.popover("Put into a split", icon=":material/call_split:", key="data_place"):
            _place(row, chosen)
        data_edits.button(row, "Leave out", Exclude(item_ids=chosen), key="data_exclude", icon=":material/block:")
        with st.container(horizontal=True, width="content", key="data_tick_more"):  # turn to a new line together
            st.button("Tick none", key="data_untick", type="tertiary", on_click=set_chosen, args=(grid,))
            more()
    if row.state is DatasetState.ACCEPTED:
        st.caption(data_edits.NEW_REVISION)


def _label(row: actions.DatasetRow, card: DatasetCard, chosen: tuple[int, ...]) -> None:
    label = st.selectbox(
        "Class of the ticked images",
        card.classes,
        index=None,
        placeholder="Choose one, or type a new one",
        accept_new_options=True,
        key="data_label_class",
        help="Their class from now on. Correct labels that are wrong; a name that no class has yet makes a new class.",
    )
    words = f"Give {data_edits.images(len(chosen))} this class"
    edit = Relabel(item_ids=chosen, label=label[:120] if label and label.strip() else "?")
    data_edits.button(row, words, edit, key="data_label_sure", type="primary", disabled=edit.label == "?")


def _place(row: actions.DatasetRow, chosen: tuple[int, ...]) -> None:
    st.caption("All that belongs to an image moves with it: the other images of its patient, of its volume.")
    with st.container(horizontal=True):
        for split in Split:
            edit = Place(item_ids=chosen, split=split)
            data_edits.button(row, split.label, edit, key=f"data_place_{split.value}")


def _tick_all(row: actions.DatasetRow, grid: str, class_index: int | None, split: Split | None, total: int) -> None:
    """Tick every image of the chosen class and split, on all pages."""

    def tick() -> None:
        found = actions.gallery(session.home(), row.id, class_index, split, 0, total)
        set_chosen(grid, chosen_of(grid) | {item.item_id for item in found.items})

    if PER_PAGE < total <= MOST_TICKED and chosen_of(grid) and len(chosen_of(grid)) < total:
        st.button(f"Tick all {numbers.count(total)}", key="data_tick_all", type="tertiary", on_click=tick)


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
