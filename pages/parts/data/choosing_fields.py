"""The widgets of the choosing form; what one holds survives a switch of pages, as the draft it is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.parts import page

T = TypeVar("T")


def switch(label: str, key: str, on: bool, explained: str, warning: str) -> bool:
    """A switch with a plain warning under it while it is on."""
    on = st.toggle(label, bool(now(key, on)), key=key, help=explained)
    if on:
        st.warning(warning, icon=":material/warning:")
    return on


def pick(
    label: str, options: Sequence[str], chosen: str | None, key: str, about: dict[str, str], explained: str
) -> str:
    """One of strangers' names from a list, each with a word about it; "" while none is chosen."""
    current = now(key, chosen)
    picked = st.selectbox(
        label,
        options,
        index=options.index(current) if current in options else None,
        format_func=lambda name: f"{name} · {about.get(name, '')}",
        key=key,
        help=explained,
        placeholder="Choose one",
    )
    return picked or ""


def side_by_side(label: str, options: Sequence[T], chosen: T, key: str, name: Callable[[T], str], explained: str) -> T:
    """One of a few places or settings, side by side."""
    current = now(key, chosen)
    picked: Any = st.segmented_control(
        label,
        options,
        default=current if current in options else chosen,
        format_func=lambda option: page.safe(name(option)),
        key=key,
        help=explained,
        required=True,
        wrap=True,
    )
    return chosen if picked is None else picked


def now(key: str, drafted: Any) -> Any:
    """What a widget holds: what was just done to it, else the draft (it forgets itself at a switch of pages)."""
    return st.session_state.get(key, drafted)
