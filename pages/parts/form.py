"""A config class in, widgets out, a checked config back: every widget follows from a knob of the spec.

A page keeps the config as a draft of the visitor and hands it in again at each run, so a value survives a switch of
pages, when Streamlit forgets its widgets. Widgets are keyed `<prefix>_<knob>`; a draft that was changed from outside
(a reset, a run taken as the starting point) replaces what the widgets show. Number widgets get no limits: a browser
that keeps a value outside them to itself would let a run start with another number than the one that stands there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.errors import BadSetting
from core.specs import Knob, Spec, knobs
from pages.parts.page import show_error
from pages.parts.widgets import draw_entries, draw_one

S = TypeVar("S", bound=Spec)


@dataclass(frozen=True)
class Asked(Generic[S]):
    """What a form gave: the last config that is allowed, and the error of what stands in the widgets, if any."""

    spec: S
    error: BadSetting | None


def form(spec_class: type[S], current: S, key_prefix: str, **options: Any) -> S:
    """`ask`, for pages that need only the config: the last one that is allowed."""
    return ask(spec_class, current, key_prefix, **options).spec


def ask(
    spec_class: type[S],
    current: S,
    key_prefix: str,
    *,
    only: Collection[str] | None = None,
    skip: Collection[str] = (),
    columns: int = 1,
    entry_words: Mapping[str, tuple[str, str]] | None = None,
) -> Asked[S]:
    """Draw a widget for each knob and read them all; a value that does not fit is named under its widget.

    Args:
        spec_class: the config to ask for.
        current: the draft: what the widgets show; settings that are not drawn keep its values.
        key_prefix: begins the key of each widget, `<key_prefix>_<knob name>`.
        only: names of the knobs to draw; None: all of them.
        skip: names of knobs to leave out.
        columns: widgets side by side, 1 or more; lists of numbers take a whole row.
        entry_words: for a list of numbers: what its length and one entry are called ("Blocks", "Filters, block {n}").
    """
    rows = [row for row in knobs(spec_class) if (only is None or row.name in only) and row.name not in skip]
    fresh = _show_draft(rows, current, key_prefix)
    values = current.model_dump() | {row.name: _typed_in(row, current, key_prefix, fresh) for row in rows}
    spec, error, wrong = _checked(spec_class, values, current)
    drawn = [row for row in rows if _matters(row, values)]
    _draw(drawn, key_prefix, columns, dict(entry_words or {}), {wrong: error}, fresh)
    if error is not None and wrong not in {row.name for row in rows}:
        show_error(error)
    if error is None:
        _shown(key_prefix).update({row.name: getattr(spec, row.name) for row in rows})
    return Asked(spec, error)


def _show_draft(rows: list[Knob], current: Spec, prefix: str) -> set[str]:
    """Put the draft's values into the widgets that are new, or whose draft was changed from outside: their keys."""
    shown, fresh = _shown(prefix), set()
    for row in rows:
        value = getattr(current, row.name)
        changed = row.name not in shown or shown[row.name] != value
        for key, part in _parts(row, value, prefix).items():
            if changed or key not in st.session_state:
                st.session_state[key] = part
                fresh.add(key)
        shown[row.name] = value
    return fresh


def _shown(prefix: str) -> dict[str, Any]:
    """The values that this form returned last, by knob."""
    shown: dict[str, Any] = st.session_state.setdefault(f"{prefix}__shown", {})
    return shown


def _parts(row: Knob, value: Any, prefix: str) -> dict[str, Any]:
    key = f"{prefix}_{row.name}"
    if row.kind == "integers":
        return {f"{key}_count": len(value)} | {f"{key}_{i}": entry for i, entry in enumerate(value)}
    return {key: float(value) if row.kind == "number" else value}


def _typed_in(row: Knob, current: Spec, prefix: str, fresh: set[str]) -> Any:
    key = f"{prefix}_{row.name}"
    if row.kind == "number":  # a step of 0.0001 from 0.0002 ends a little beside 0.0003
        return float(f"{st.session_state[key]:.12g}")
    if row.kind != "integers":
        return st.session_state[key]
    entries: list[int] = []
    for i in range(st.session_state[f"{key}_count"]):
        entry = f"{key}_{i}"
        if entry not in st.session_state:
            st.session_state[entry] = entries[-1] if entries else (getattr(current, row.name) or row.default)[0]
            fresh.add(entry)
        entries.append(st.session_state[entry])
    return tuple(entries)


def _checked(spec_class: type[S], values: dict[str, Any], current: S) -> tuple[S, BadSetting | None, str]:
    """The config, or the last allowed one with the error and the name of the setting it is about."""
    try:
        return spec_class.checked(values), None, ""
    except BadSetting as error:
        about = next((row.name for row in knobs(spec_class) if f"({row.name})" in error.what), "")
        return current, error, about


def _matters(row: Knob, values: Mapping[str, Any]) -> bool:
    return row.shown_with is None or str(values[row.shown_with[0]]) == row.shown_with[1]


def _draw(
    rows: list[Knob],
    prefix: str,
    columns: int,
    words: Mapping[str, tuple[str, str]],
    errors: Mapping[str, BadSetting | None],
    fresh: Collection[str],
) -> None:
    """The widgets in order, `columns` side by side, each with its own error beneath."""
    free: list[Any] = []
    for row in rows:
        if row.kind == "integers":
            free = []
            draw_entries(row, f"{prefix}_{row.name}", words.get(row.name, (f"{row.label}: how many", "{n}")), fresh)
        else:
            free = free or list(st.columns(columns, vertical_alignment="bottom"))
            with free.pop(0):
                draw_one(row, f"{prefix}_{row.name}", fresh)
        if (error := errors.get(row.name)) is not None:
            show_error(error)
