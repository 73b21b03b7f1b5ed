"""The images that were answered wrongly, worst first, as the browser fetches them from our own route."""

from __future__ import annotations

import html

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.figures import probability_words
from core.specs import Mistake, Report
from pages.http.routes import image_url
from pages.parts import numbers, page, session

SHOWN = 12
MOST = 96
SIDE_PX = 240
SMALL_PX = 128  # images up to this side are shown larger than they are: with sharp pixels

STYLE = """<style>
.lb-wrong{display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:1rem}
.lb-wrong figure{margin:0}
.lb-wrong img{width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:.35rem;display:block}
.lb-wrong.small img{image-rendering:pixelated}
.lb-wrong figcaption{font-size:.82rem;line-height:1.4;padding-top:.35rem;overflow-wrap:anywhere}
.lb-wrong figcaption span{opacity:.68;display:block}
</style>"""


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
    st.html(STYLE + grid_html(wrong[:many], report, run.config.dataset_id, small=_small(run.config.dataset_id)))
    if many < len(wrong) and st.button(f"Show more ({numbers.count(len(wrong) - many)})", key="results_more"):
        drafts["mistakes_shown"] = MOST
        st.rerun()


def grid_html(wrong: list[Mistake], report: Report, dataset_id: str, *, small: bool | None) -> str:
    """The grid as HTML, every text escaped; `small` None: the images are gone, only the words are shown."""
    figures = "".join(_figure(mistake, report, dataset_id, with_image=small is not None) for mistake in wrong)
    return f'<div class="lb-wrong{" small" if small else ""}">{figures}</div>'


def _figure(mistake: Mistake, report: Report, dataset_id: str, *, with_image: bool) -> str:
    true, answer = report.classes[mistake.true_class], report.classes[mistake.predicted_class]
    sure = html.escape(probability_words(mistake.probabilities[mistake.predicted_class]))
    address = html.escape(image_url(dataset_id, mistake.item_id, SIDE_PX)) if with_image else ""
    image = f'<img loading="lazy" alt="{html.escape(mistake.name)}" src="{address}">' if with_image else ""
    return (
        f"<figure>{image}<figcaption>Is <b>{html.escape(true)}</b><br>"
        f"Answer <b>{html.escape(answer)}</b> ({sure})<span>{html.escape(mistake.name)}</span></figcaption></figure>"
    )


def _small(dataset_id: str) -> bool | None:
    """Whether the images are so small that single pixels should be seen; None when they are gone."""
    try:
        data = actions.dataset(session.home(), dataset_id)
    except LightboxError as error:
        page.show_error(error)
        return None
    return data.card is not None and data.card.max_side_px <= SMALL_PX
