"""The images of a data set, page by page, as the browser fetches them from our own route."""

from __future__ import annotations

import html

import streamlit as st

from core import actions
from core.specs import DatasetCard, Split
from pages.http.routes import image_url
from pages.parts import numbers, session
from pages.parts.piece import piece

PER_PAGE = 24
SIDE_PX = 256
ALL = "all"
SMALL_PX = 128  # images up to this side are shown larger than they are: with sharp pixels

STYLE = """<style>
.lb-gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.6rem,1fr));gap:.75rem}
.lb-gallery figure{margin:0;min-width:0}
.lb-gallery img{width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:.35rem;display:block}
.lb-gallery.small img{image-rendering:pixelated}
.lb-gallery figcaption{font-size:.78rem;line-height:1.3;padding-top:.25rem;white-space:nowrap;overflow:hidden;
 text-overflow:ellipsis}
.lb-gallery figcaption span{opacity:.68}
</style>"""


@piece()
def show(dataset_id: str, card: DatasetCard) -> None:
    """One page of the images of a class and a split, with the means to turn it."""
    class_index, split = _filters(card)
    state = f"data_page_{dataset_id}_{class_index}_{split}"
    number = int(st.session_state.get(state, 0))
    found = actions.gallery(session.home(), dataset_id, class_index, split, number, PER_PAGE)
    st.html(STYLE + gallery_html(found.items, dataset_id, card))
    if not found.total:
        st.caption("No image of this class is in this split.")
        return
    _turn(state, number, found)


def gallery_html(items: tuple[actions.Item, ...], dataset_id: str, card: DatasetCard) -> str:
    """The page as HTML, every name in it escaped; a click opens the image as it came."""
    small = " small" if card.max_side_px <= SMALL_PX else ""
    return f'<div class="lb-gallery{small}">{"".join(_figure(item, dataset_id, card) for item in items)}</div>'


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


def _figure(item: actions.Item, dataset_id: str, card: DatasetCard) -> str:
    name, last = html.escape(item.name), html.escape(item.name.rpartition("/")[2])
    kind = html.escape(card.classes[item.class_index])
    source = html.escape(image_url(dataset_id, item.item_id, SIDE_PX))
    whole = html.escape(image_url(dataset_id, item.item_id))
    size = f"{item.width:,} × {item.height:,} px"
    return (
        f'<figure title="{name}, {size}, {item.split.label.lower()} split">'
        f'<a href="{whole}" target="_blank"><img loading="lazy" alt="{name}" src="{source}"></a>'
        f"<figcaption>{kind}<br><span>{last}</span></figcaption></figure>"
    )
