"""The widget of each kind of knob: what stands on the screen for a number, a choice, a switch, or a list of numbers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from core.specs import Knob

_SLIDER_STOPS = 400  # a slider with more stops than this cannot be set exactly by hand
_SHORT_CHOICES = 3  # up to this many choices stand side by side
ENTRY_PX = 96  # wide enough for four digits and a short label


def draw_one(row: Knob, key: str, fresh: Collection[str]) -> None:
    """The widget of a knob with one value.

    Args:
        key: of the widget.
        fresh: keys whose value this run has put into the session state.
    """
    label = f"{row.label} ({row.unit})" if _says_more(row) else row.label
    if row.kind == "switch":
        st.toggle(label, key=key, help=row.help, **_start(key, fresh))
    elif row.kind == "choice":
        _draw_choice(row, label, key, fresh)
    elif row.kind == "text":
        st.text_input(label, key=key, help=row.help, **_start(key, fresh))
    elif row.kind == "integer":
        st.number_input(label, step=int(row.step or 1), key=key, help=row.help, **_start(key, fresh))
    else:
        _draw_number(row, label, key, _start(key, fresh))


def draw_entries(row: Knob, key: str, words: tuple[str, str], fresh: Collection[str]) -> None:
    """How many entries a list of numbers has, then one number for each, side by side.

    Args:
        key: begins the keys of its widgets, `<key>_count` and `<key>_0`, `<key>_1`, ...
        words: what the length and one entry are called; the second with `{n}`.
        fresh: keys whose value this run has put into the session state.
    """
    lengths = range(row.min_items, row.max_items + 1)
    count = f"{key}_count"
    start = _start(count, fresh, "default")
    st.segmented_control(words[0], lengths, key=count, help=row.help, required=True, wrap=True, **start)
    with st.container(horizontal=True):  # unlike columns it begins another line where the page is narrow
        for i in range(int(st.session_state[count])):
            entry = f"{key}_{i}"
            st.number_input(words[1].format(n=i + 1), step=1, key=entry, width=ENTRY_PX, **_start(entry, fresh))


def _says_more(row: Knob) -> bool:
    """Whether the unit adds something to the label: choices carry it themselves, "Epochs (epochs)" says it twice."""
    return bool(row.unit) and row.kind != "choice" and row.unit.lower() != row.label.lower()


def _draw_choice(row: Knob, label: str, key: str, fresh: Collection[str]) -> None:
    names = dict(zip(row.choices, row.choice_labels, strict=True))
    start = _start(key, fresh, "default")
    if len(names) <= _SHORT_CHOICES:
        st.segmented_control(
            label, row.choices, format_func=names.get, key=key, help=row.help, required=True, wrap=True, **start
        )
    else:
        place = {"index": row.choices.index(start["default"])} if start else {}
        st.selectbox(label, row.choices, format_func=names.__getitem__, key=key, help=row.help, **place)


def _draw_number(row: Knob, label: str, key: str, start: dict[str, Any]) -> None:
    step, low, high = row.step or 0.01, float(row.low or 0), float(row.high or 0)
    if row.scale == "log":  # the step serves the arrow keys only; any value between may be typed
        st.number_input(label, step=max(low, 1e-4), format="%.6g", key=key, help=row.help, **start)
    elif (high - low) / step <= _SLIDER_STOPS:
        st.slider(label, low, high, step=step, format="%g", key=key, help=row.help, **start)
    else:
        st.number_input(label, step=step, format="%.6g", key=key, help=row.help, **start)


def _start(key: str, fresh: Collection[str], name: str = "value") -> dict[str, Any]:
    """What a widget begins with, where this run has not put it there through the session state.

    A run sends such a value to the browser once. Where the next run begins before the browser has drawn the widget
    (a quick click on a busy machine), the value is lost, and the widget's own default comes back instead.
    """
    return {} if key in fresh or key not in st.session_state else {name: st.session_state[key]}
