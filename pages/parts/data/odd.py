"""Images that stand out from their set, by what is odd about them, worst first; left out by a click."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState, Exclude
from pages.parts import numbers, page, session
from pages.parts.data import edits as data_edits
from pages.parts.data import found as data_found
from pages.parts.picker import Tile, pick, set_chosen
from pages.parts.piece import piece
from pages.parts.thumbnails import SMALL_PX

AT_ONCE = 24
RULES = {
    "blank": ("Blank", "One even colour: there is nothing to see."),
    "too_dark": ("Too dark", "Much darker than the others."),
    "too_bright": ("Too bright", "Much brighter than the others."),
    "blurred": ("Blurred", "Far less sharp than the others."),
    "odd_shape": ("Odd shape", "Far longer or taller than the others."),
    "burned_in_text": (
        "Text in the picture",
        "Letters seem to be burned into the pixels. They may name the patient, or tell the class: look at them; a crop"
        " on the Prepare page can cut a border off.",
    ),
}


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Each kind of oddity with its images; what is ticked can be left out."""
    odd = data_found.odd_ones(row, card)
    if not odd:
        st.markdown(
            ":green-badge[:material/check: Nothing odd] No image is blank, too dark, too bright, blurred or odd in"
            " shape beside the others."
        )
        return
    st.caption(
        "Beside the other images of this set these stand out. That need not be wrong: look at them, tick what is not"
        " meant, and leave it out. A click on a picture opens it as it came."
        f" {data_edits.NEW_REVISION if row.state is DatasetState.ACCEPTED else data_edits.UNDONE}"
    )
    for rule, found in groupby(odd, key=lambda one: one.rule):
        _rule(row, card, rule, list(found))


@piece()
def _rule(row: actions.DatasetRow, card: DatasetCard, rule: str, odd: list[actions.Odd]) -> None:
    data_found.draw_anew_if_changed(row, card)
    word, sentence = RULES.get(rule, (page.safe(rule.replace("_", " ").capitalize()), ""))
    key = f"data_odd_{rule}"
    grid = f"{key}:{row.id}:{data_found.version(card)}"
    st.markdown(f"#### {word} · {numbers.count(len(odd))}")
    st.caption(sentence)
    buttons = st.container()
    shown = _shown(key, odd)
    tiles = [_tile(row, card, one) for one in shown]
    small = card.max_side_px <= SMALL_PX
    chosen = pick(tiles, row.id, grid, label=f"{word}, worst first", small=small, version=data_found.version(card)) & {
        one.item_id for one in odd
    }
    with buttons:
        _buttons(row, odd, chosen, key, grid)


def _shown(key: str, odd: list[actions.Odd]) -> list[actions.Odd]:
    drafts = session.visitor().drafts
    return odd if drafts.get(f"{key}_all") else odd[:AT_ONCE]


def _tile(row: actions.DatasetRow, card: DatasetCard, one: actions.Odd) -> Tile:
    item = data_found.item(row, card, one.item_id)
    lines = tuple(filter(None, (card.classes[item.class_index], one.note)))
    return Tile(item.item_id, item.name, lines, f"{item.split.label.lower()} split")


def _buttons(row: actions.DatasetRow, odd: list[actions.Odd], chosen: set[int], key: str, grid: str) -> None:
    drafts = session.visitor().drafts
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_do"):
        words = f"Leave {data_edits.images(len(chosen))} out" if chosen else "Leave the ticked ones out"
        ticked = Exclude(item_ids=tuple(sorted(chosen)))
        data_edits.button(row, words, ticked, key=f"{key}_drop", disabled=not chosen)
        if len(chosen) < len(odd):
            every = {one.item_id for one in odd}
            st.button("Tick all", key=f"{key}_tick", type="tertiary", on_click=set_chosen, args=(grid, every))
        if chosen:
            st.button("Tick none", key=f"{key}_untick", type="tertiary", on_click=set_chosen, args=(grid,))
        if len(odd) > AT_ONCE and not drafts.get(f"{key}_all"):
            st.button(
                f"Show all {numbers.count(len(odd))}",
                key=f"{key}_more",
                type="tertiary",
                on_click=lambda: drafts.update({f"{key}_all": True}),
            )
