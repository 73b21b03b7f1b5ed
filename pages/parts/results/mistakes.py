"""The images that were answered wrongly, worst first, as the browser fetches them from our own route."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.figures import probability_words
from core.specs import Mistake, Report
from pages.parts import numbers, page, session, thumbnails
from pages.parts.thumbnails import SMALL_PX, Thumbnail

SHOWN = 12
MOST = 96
SIDE_PX = 240
LEAST = "10rem"


def show(run: actions.RunRow, report: Report) -> None:
    """A grid of the wrong images, each with what it is, what it was called, and how sure the network was."""
    st.markdown("### Images it got wrong, worst first")
    wrong = actions.mistakes(session.home(), run.id, report.split, MOST)
    if not wrong:
        st.markdown("None: every answer on this split is right.")
        return
    st.caption("Worst first: the less probability an image's true class was given, the further up it stands.")
    drafts = session.visitor().drafts
    many = int(drafts.get("mistakes_shown", SHOWN))
    dataset_id = run.config.dataset_id
    small = _small(dataset_id)
    images = [thumbnail(mistake, report, with_image=small is not None) for mistake in wrong[:many]]
    thumbnails.show(images, dataset_id, side_px=SIDE_PX, small=bool(small), least=LEAST)
    if many < len(wrong) and st.button(f"Show more ({numbers.count(len(wrong) - many)})", key="results_more"):
        drafts["mistakes_shown"] = MOST
        st.rerun()


def thumbnail(mistake: Mistake, report: Report, *, with_image: bool) -> Thumbnail:
    """A wrong image with what it is, what it was called and how sure the network was; maybe only the words."""
    true, answer = report.classes[mistake.true_class], report.classes[mistake.predicted_class]
    sure = probability_words(mistake.probabilities[mistake.predicted_class])
    return Thumbnail(
        mistake.item_id if with_image else None, mistake.name, [("Is ", true, ""), ("Answer ", answer, f" ({sure})")]
    )


def _small(dataset_id: str) -> bool | None:
    """Whether the images are so small that single pixels should be seen; None when they are gone."""
    try:
        data = actions.dataset(session.home(), dataset_id)
    except LightboxError as error:
        page.show_error(error)
        return None
    return data.card is not None and data.card.max_side_px <= SMALL_PX
