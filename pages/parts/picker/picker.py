"""Mount the grid of images and keep what is chosen in it, over all its pages, until somebody clears it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.http.routes import image_url

_HERE = Path(__file__).parent
SIDE_PX = 256

_piece = st.components.v2.component(
    "lightbox_picker",
    html='<div class="picker" role="group"></div>',
    css=(_HERE / "picker.css").read_text(encoding="utf-8"),
    js=(_HERE / "picker.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Tile:
    """One image: its number, the lines beneath it (the first stands out), and more for those who point at it."""

    item_id: int
    name: str
    lines: tuple[str, ...] = ()
    about: str = ""


def pick(tiles: Sequence[Tile], dataset_id: str, key: str, *, label: str, small: bool, version: str) -> set[int]:
    """Draw the tiles, with what is chosen ticked; the numbers of all that is chosen, on other pages too.

    Args:
        key: tells grids apart; what is chosen is kept under it.
        label: what is chosen here, for those who hear the page.
        small: whether single pixels should be seen.
        version: of the data set's content (`image_url`).
    """
    kept = _kept(key)
    result = _piece(
        key=f"lb_picker_{key}",
        data={
            "label": label,
            "small": small,
            "turn": kept["turn"],
            "chosen": sorted(kept["chosen"]),
            "tiles": [_as_data(tile, dataset_id, version) for tile in tiles],
        },
        on_chosen_change=lambda: None,
    )
    told = result.chosen
    if told and told.get("turn") == kept["turn"]:
        kept["chosen"] = {int(number) for number in told["ids"]}
    return set(kept["chosen"])


def chosen_of(key: str) -> set[int]:
    """What is chosen in the grid of this key, as of the last time it was drawn."""
    return set(_kept(key)["chosen"])


def set_chosen(key: str, item_ids: Iterable[int] = ()) -> None:
    """Choose these instead of what was chosen; without any, choose nothing."""
    kept = _kept(key)
    kept["turn"] = _new_turn()  # what the browser still says of the turn before counts no more
    kept["chosen"] = set(item_ids)


def _kept(key: str) -> dict[str, Any]:
    slot = f"lightbox_picker:{key}"
    if slot not in st.session_state:
        st.session_state[slot] = {"turn": _new_turn(), "chosen": set()}
    kept: dict[str, Any] = st.session_state[slot]
    return kept


def _new_turn() -> int:
    """A number that no choice of this visitor had before."""
    st.session_state["lightbox_picker_turns"] = turn = int(st.session_state.get("lightbox_picker_turns", 0)) + 1
    return turn


def _as_data(tile: Tile, dataset_id: str, version: str) -> dict[str, Any]:
    return {
        "id": tile.item_id,
        "name": tile.name,
        "lines": list(tile.lines),
        "about": tile.about,
        "src": image_url(dataset_id, tile.item_id, SIDE_PX, version),
        "href": image_url(dataset_id, tile.item_id, 0, version),
    }
