"""What the guards found, read once for each content and split of a data set, however often the page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from core import actions
from core.specs import DatasetCard
from pages.parts import session

T = TypeVar("T")


def groups(row: actions.DatasetRow, card: DatasetCard) -> list[actions.Suspects]:
    """Groups of images that belong together, worst first."""
    return list(_kept("suspects", row, card, actions.suspects))


def odd_ones(row: actions.DatasetRow, card: DatasetCard) -> list[actions.Odd]:
    """Images that stand out, by rule, the worst of each first."""
    return list(_kept("odd", row, card, actions.odd_ones))


def item(row: actions.DatasetRow, card: DatasetCard, item_id: int) -> actions.Item:
    """One image by its number."""
    known: dict[int, actions.Item] = _kept("items", row, card, lambda _home, _id: {})
    if item_id not in known:
        known[item_id] = actions.item(session.home(), row.id, item_id)
    return known[item_id]


def is_pressing(group: actions.Suspects) -> bool:
    """Whether somebody should look at it: across the split, or under two labels."""
    return group.crossing or is_torn(group)


def is_torn(group: actions.Suspects) -> bool:
    """Whether the same picture, or nearly the same, stands in more than one class."""
    return group.kind != "patient" and len(set(group.class_indices)) > 1


def version(card: DatasetCard) -> str:
    """Tells the images of one content from those of another under the same number."""
    return card.content_digest[:12]


def draw_anew_if_changed(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Draw the whole page anew where the data set has changed since: for parts of it that are drawn on their own."""
    now = actions.dataset(session.home(), row.id).card
    if now is None or (now.content_digest, now.revision, now.classes) != (
        card.content_digest,
        card.revision,
        card.classes,
    ):
        st.rerun()


def _kept(name: str, row: actions.DatasetRow, card: DatasetCard, ask: Callable[[actions.Home, str], T]) -> T:
    stamp: Any = (row.id, card.content_digest, card.revision, len(card.changes), card.split)
    known: dict[str, Any] = st.session_state.setdefault("lightbox_found", {})
    if name not in known or known[name][0] != stamp:
        known[name] = (stamp, ask(session.home(), row.id))
    found: T = known[name][1]
    return found
