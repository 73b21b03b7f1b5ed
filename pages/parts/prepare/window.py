"""What a window is, in words for those who read images; and what it makes of the image in view."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import PRESET_SOURCE, Recipe, Window
from pages.parts import page
from pages.parts.prepare.draft import Draft

ABOUT = (
    "A scanner measures far more shades than a screen shows. A **window** picks the values that matter: all below it"
    " become black, all above it white, and those between are spread over the greys. Its **centre** is the value shown"
    " mid-grey, its **width** the distance from black to white; a narrow window shows faint differences. In CT the"
    " values are **CT numbers** in Hounsfield units (HU): air −1,000, fat about −100, water 0, most organs 20 to 80,"
    " bone above 300. MRI has no such scale: use the file's own window, or percentiles."
)


def explain() -> None:
    """The words, folded away."""
    with st.popover("What is a window?", icon=":material/help:", type="tertiary"):
        st.markdown(ABOUT)
        st.caption(f"Presets: {PRESET_SOURCE}. Images without measured values (PNG, JPEG) pass them unchanged.")


def tell(preview: actions.Preview, recipe: Recipe) -> None:
    """The values of the image in view, and which of them are black and white."""
    step = recipe.steps[0]
    if preview.tone is None and not isinstance(step, Window):
        return
    unit = f" {page.safe(preview.tone.unit)}" if preview.tone and preview.tone.unit else ""
    what = "Measured" if preview.tone else "Stored"
    span = f"{_value(preview.lowest)} to {_value(preview.highest)}{unit}"
    st.caption(f"{what} values of this image: {span}. {_seen(preview, step, unit)}")


def judge(preview: actions.Preview, draft: Draft) -> None:
    """What is odd about the window for the image in view; for a typed one, a button that begins with that image."""
    if sentence := _doubt(preview, draft.recipe):
        st.warning(sentence, icon=":material/warning:")
    step, tone = draft.active[0], preview.tone
    if not isinstance(step, Window) or step.source != "values":
        return
    low, high = preview.lowest, preview.highest
    if tone and tone.low is not None and tone.high is not None:
        low, high = tone.low, tone.high
    values = {"centre": float(f"{(low + high) / 2:.6g}"), "width": max(0.001, float(f"{high - low:.6g}"))}
    st.button(
        "Begin with this image's range",
        key="prepare_window_range",
        help="Sets centre and width to what the file shows, or else to all values of the image in view.",
        on_click=lambda: draft.put(step.model_copy(update=values)),
    )


def _doubt(preview: actions.Preview, recipe: Recipe) -> str:
    step, tone = recipe.steps[0], preview.tone
    if not isinstance(step, Window):
        return ""
    if step.source == "preset" and tone is None:
        return "This image has no measured values, so the preset leaves it as it came. Presets are for CT."
    if step.source in ("preset", "values"):
        low, high = step.ends
        if preview.highest <= low or preview.lowest >= high:
            side = "below" if preview.highest <= low else "above"
            return f"All values of this image lie {side} the window: nothing of it is left. Move the centre."
    if step.source == "preset" and tone is not None and tone.unit not in ("", "HU"):
        return "The values of this image are no CT numbers, for which the presets are meant."
    return ""


def _seen(preview: actions.Preview, step: object, unit: str) -> str:
    tone = preview.tone
    if isinstance(step, Window) and step.source == "percentiles":
        return f"Shown: from the {step.low_percent:g}th to the {step.high_percent:g}th percentile."
    if isinstance(step, Window) and (step.source == "values" or (step.source == "preset" and tone)):
        low, high = step.ends
    elif tone and tone.low is not None and tone.high is not None:
        low, high = tone.low, tone.high
    elif tone:
        return "The file names no window: all of them are shown."
    else:
        return "The file names no window: they are shown as they are."
    dark, bright = ("white", "black") if tone and tone.slope < 0 else ("black", "white")
    return f"Shown: {_value(low)} is {dark}, {_value(high)}{unit} is {bright}."


def _value(number: float) -> str:
    """A measured value: whole where it is large, with a true minus sign."""
    whole = abs(number) >= 100 or number == round(number)
    return (f"{number:,.0f}" if whole else f"{number:.3g}").replace("-", "−")
