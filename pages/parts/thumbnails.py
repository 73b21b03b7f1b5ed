"""Images side by side as the browser fetches them from our own route, each with words beneath; all text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.http.routes import image_url

SMALL_PX = 128  # images up to this side are shown larger than they are: with sharp pixels
LEAST = "7.6rem"
STYLE = """<style>
.lb-images{display:grid;grid-template-columns:repeat(auto-fill,minmax(var(--least),1fr));gap:.75rem}
.lb-images figure{margin:0;min-width:0}
.lb-images img{width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:.35rem;display:block}
.lb-images.small img{image-rendering:pixelated}
.lb-images figcaption{font-size:.8rem;line-height:1.35;padding-top:.3rem;overflow-wrap:anywhere}
.lb-images figcaption span{display:block}
.lb-images figcaption .name{opacity:.72;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
</style>"""


@dataclass(frozen=True)
class Thumbnail:
    """One image and the words beneath it, plain text that may come from strangers.

    Attributes:
        item_id: the image's number in its data set; None: it is gone, only the words are shown.
        name: what the image is called; its last part stands beneath, the whole name is told to those who point at it.
        lines: what is said of it, a line each: before, in bold, and after.
        about: more about it, for those who point at it.
    """

    item_id: int | None
    name: str
    lines: Sequence[tuple[str, str, str]] = ()
    about: str = ""


def show(
    images: Sequence[Thumbnail],
    dataset_id: str,
    *,
    side_px: int,
    small: bool,
    least: str = LEAST,
    version: str = "",
) -> None:
    """The images on the page; see `grid_html`."""
    st.html(STYLE + grid_html(images, dataset_id, side_px=side_px, small=small, least=least, version=version))


def grid_html(
    images: Sequence[Thumbnail],
    dataset_id: str,
    *,
    side_px: int,
    small: bool,
    least: str = LEAST,
    version: str = "",
) -> str:
    """The images as HTML; a click opens one as it came.

    Args:
        dataset_id: whose images they are.
        side_px: how large they are fetched.
        small: whether single pixels should be seen.
        least: how narrow a column may become, a length of CSS.
        version: of the data set's content (`image_url`); needed where it may change.
    """
    figures = "".join(_figure(image, dataset_id, side_px, version) for image in images)
    return f'<div class="lb-images{" small" if small else ""}" style="--least:{least}">{figures}</div>'


def _figure(image: Thumbnail, dataset_id: str, side_px: int, version: str) -> str:
    name, last = html.escape(image.name), html.escape(image.name.rpartition("/")[2])
    lines = "".join(
        f"<span>{html.escape(before)}{f'<b>{html.escape(bold)}</b>' if bold else ''}{html.escape(after)}</span>"
        for before, bold, after in image.lines
    )
    words = f'<figcaption>{lines}<span class="name">{last}</span></figcaption>' if image.lines else ""
    title = ", ".join(filter(None, (name, html.escape(image.about))))
    return f'<figure title="{title}">{_image(image, dataset_id, side_px, name, version)}{words}</figure>'


def _image(image: Thumbnail, dataset_id: str, side_px: int, name: str, version: str) -> str:
    if image.item_id is None:
        return ""
    source = html.escape(image_url(dataset_id, image.item_id, side_px, version))
    whole = html.escape(image_url(dataset_id, image.item_id, 0, version))
    return f'<a href="{whole}" target="_blank"><img loading="lazy" alt="{name}" src="{source}"></a>'
