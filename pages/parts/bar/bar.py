"""Mount the bar of steps and say which page was clicked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

_HERE = Path(__file__).parent
_LOGO = (_HERE.parent / "assets" / "logo.svg").read_text(encoding="utf-8")
_BRAND = f'<a class="brand">{_LOGO}<span>Lightbox</span></a>'
_HTML = f'<div class="bar">{_BRAND}<nav aria-label="Steps"><ol></ol></nav></div>'
_WORDS = {"done": "done", "here": "you are here", "next": "next", "later": "not yet"}

_piece = st.components.v2.component(
    "lightbox_bar",
    html=_HTML,
    css=(_HERE / "bar.css").read_text(encoding="utf-8"),
    js=(_HERE / "bar.js").read_text(encoding="utf-8"),
)


def step_bar(states: dict[str, str], current: str, in_hand: dict[str, str]) -> str | None:
    """Draw the steps in their order.

    Args:
        states: of each step: "done", "here", "next" or "later".
        current: name of the page that is shown, which may be none of the steps.
        in_hand: parameters that the links carry along.

    Returns:
        The name of the page that was just clicked, None when none was.
    """
    query = urlencode(in_hand)
    steps = [
        {"name": name, "label": name.capitalize(), "state": state, "words": _WORDS[state]}
        for name, state in states.items()
    ]
    result = _piece(
        key="lb_bar",
        data={"steps": steps, "current": current, "query": f"?{query}" if query else ""},
        on_go_change=lambda: None,
    )
    return result.go
