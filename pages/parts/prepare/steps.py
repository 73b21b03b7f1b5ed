"""The steps of a recipe: those that are done, in their order, and those that are switched off."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.specs import Spec, knobs
from pages.parts.form import form
from pages.parts.prepare import window as prepare_window
from pages.parts.prepare.draft import FIRST, KINDS, NEEDED, Draft, moves_pixels, name_of, title_of

LONG_CHOICE = 16
ABOUT = {
    "window": "Picks the measured values that are spread from black to white, as at a CT workstation. Always first.",
    "colour": "One grey channel, or three colour channels.",
    "rotate": "Turns every image by quarter turns.",
    "crop_centre": "Keeps the middle of the image.",
    "crop_box": "Keeps a box that you place.",
    "intensity_range": "Stretches the values to the full range from black to white.",
    "denoise": "Smooths away grain and specks.",
    "equalize": "Spreads the values evenly, so that faint differences show.",
    "clahe": "Raises the contrast of each neighbourhood on its own, up to a limit.",
    "resize": "Brings every image to one square size.",
}


def show(dataset_id: str, draft: Draft) -> dict[str, DeltaGenerator]:
    """The active steps with their settings, then the others to be switched on; changes go into the draft.

    Returns:
        For each active step a place beside it, where the page may say what is wrong with it.
    """
    places = {name: _active(dataset_id, draft, name, place) for place, name in enumerate(draft.names)}
    if not draft.in_usual_order:
        st.button("Back to the usual order", key="prepare_order", on_click=draft.order_as_usual)
    _switched_off(dataset_id, draft)
    st.caption(
        "Steps that *move pixels* change the geometry of an image, and can be undone for a map drawn on it. Steps that"
        " *change values* leave every pixel where it is."
    )
    return places


def _active(dataset_id: str, draft: Draft, name: str, place: int) -> DeltaGenerator:
    step = next(step for step in draft.active if name_of(step) == name)
    with st.container(border=True, gap="small", key=f"prepare_step_{name}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _title(dataset_id, draft, name, place)
            _nature(name)
            _arrow(draft, name, -1)
            _arrow(draft, name, 1)
        if knobs(type(step)):
            draft.put(_set(step, f"prepare_{dataset_id}_{name}"))
        if name == FIRST:
            prepare_window.explain()
        return st.empty()


def _set(step: Spec, prefix: str) -> Spec:
    """The step as its widgets say: choices with long words take the whole width, the others stand two by two."""
    wide = {row.name for row in knobs(type(step)) if any(len(label) > LONG_CHOICE for label in row.choice_labels)}
    first = form(type(step), step, prefix, only=wide) if wide else step
    return form(type(step), first, prefix, skip=wide, columns=2)


def _title(dataset_id: str, draft: Draft, name: str, place: int) -> None:
    label = f"{place + 1}. {title_of(name)}"
    if name in NEEDED:
        st.markdown(f"**{label}**", width="content", help=f"{ABOUT[name]} Every recipe has this step.")
    else:
        _switch(dataset_id, draft, name, on=True, label=f"**{label}**")


def _switched_off(dataset_id: str, draft: Draft) -> None:
    off = [name for name in KINDS if name not in draft.names]
    if not off:
        return
    st.markdown("#### Switched off")
    with st.container(horizontal=True, gap="small", key="prepare_off"):
        for name in off:
            _switch(dataset_id, draft, name, on=False, label=title_of(name))


def _switch(dataset_id: str, draft: Draft, name: str, *, on: bool, label: str) -> None:
    key = f"prepare_on_{dataset_id}_{name}"
    st.session_state[key] = on  # the draft decides, a loaded recipe may have changed it
    change = draft.switch_off if on else draft.switch_on
    st.toggle(label, key=key, help=ABOUT[name], on_change=change, args=(name,))


def _nature(name: str) -> None:
    with st.container(width="stretch"):
        if moves_pixels(name):
            st.badge("moves pixels", color="violet")
        else:
            st.badge("changes values", color="gray")


def _arrow(draft: Draft, name: str, by: int) -> None:
    earlier = by < 0
    st.button(
        "",
        icon=":material/arrow_upward:" if earlier else ":material/arrow_downward:",
        key=f"prepare_{'up' if earlier else 'down'}_{name}",
        help=f"Do this step {'earlier' if earlier else 'later'}",
        type="tertiary",
        disabled=not draft.can_move(name, by),
        on_click=draft.move,
        args=(name, by),
    )
