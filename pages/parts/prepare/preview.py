"""An image before and after the recipe, side by side, with the histograms of both."""

from __future__ import annotations

import html

import streamlit as st

from core import actions
from core.figures import NO_BUTTONS, HistogramFacts, draw_histogram, histogram_facts
from core.specs import Recipe
from pages.http.routes import image_url
from pages.parts import numbers, page, session
from pages.parts.prepare import window

SHOWN_PX = 768
SMALL_PX = 256
FEWEST_PX = 8
"""With fewer pixels along a side than this there is nothing to learn from."""


def show(dataset_id: str, item: actions.Item, recipe: Recipe) -> actions.Preview:
    """Draw before and after, and hand back what was drawn.

    Raises:
        DataGone, BadImage: the image cannot be read (any more).
    """
    preview = actions.preview(session.home(), dataset_id, item.item_id, recipe)
    left, right = st.columns(2)
    with left:
        _before(dataset_id, item)
    with right:
        _after(preview, recipe)
    window.tell(preview, recipe)
    _histograms(preview)
    _stages(preview)
    return preview


def too_small(preview: actions.Preview, recipe: Recipe) -> dict[str, str]:
    """Steps after which almost nothing is left of the image, by name, with a sentence each."""
    found: dict[str, str] = {}
    for step, (title, image) in zip(recipe.steps, preview.stages, strict=False):  # a crop may need a second resize
        height, width = image.shape[:2]
        if min(height, width) < FEWEST_PX:
            found[step.step] = (
                f"Only {width:,} × {height:,} px of this image are left after {title}. Keep more of it, or place the"
                " box inside the image."
            )
    return found


def _before(dataset_id: str, item: actions.Item) -> None:
    _heading("As it came", f"{item.width:,} × {item.height:,} px")
    small = " small" if max(item.width, item.height) <= SMALL_PX else ""
    source = html.escape(image_url(dataset_id, item.item_id, SHOWN_PX))
    image = f'<img alt="{html.escape(item.name)}, as it came" src="{source}">'
    st.html(f'<div class="lb-came{small}">{image}</div>')


def _after(preview: actions.Preview, recipe: Recipe) -> None:
    channels = "colour" if recipe.channels == 3 else "grey"
    _heading("As the network sees it", f"{recipe.side_px:,} × {recipe.side_px:,} px, {channels}")
    st.image(preview.after, width="stretch", output_format="PNG", alt="The same image, prepared")


def _heading(words: str, size: str) -> None:
    with st.container(gap=None):
        st.markdown(f"**{words}**")
        st.caption(size)


def _histograms(preview: actions.Preview) -> None:
    facts = histogram_facts(preview.before_histogram, preview.after_histogram)
    st.plotly_chart(draw_histogram(facts), key="prepare_histograms", config=NO_BUTTONS, alt=_words(facts))
    note = "How many pixels have which value, from black (0) to white (255)."
    cut = f" Taller than the scale: {'; '.join(facts.cut)}." if facts.cut else ""
    st.caption(note + cut)


def _words(facts: HistogramFacts) -> str:
    before, after = numbers.figure(facts.before.mean, 0), numbers.figure(facts.after.mean, 0)
    return f"Histograms of the pixel values. Mean value before: {before}, after: {after}."


def _stages(preview: actions.Preview) -> None:
    """The image after each step, drawn only when it is asked for."""
    steps = st.expander("Step by step", key="prepare_stages", on_change="rerun")
    if not steps.open:
        return
    places = steps.columns(4)
    for number, (title, image) in enumerate(preview.stages):
        height, width = image.shape[:2]
        with places[number % len(places)]:
            st.image(image, width="stretch", output_format="PNG", alt=f"After step {number + 1}, {title}")
            st.caption(f"{number + 1}: {page.safe(title)}, {width:,} × {height:,} px")
