"""How every page is built: a title, one sentence, controls on the left, evidence on the right; and its plain words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import LightboxError
from pages.parts import session

_FOLDER = Path(__file__).parents[1]
PAGES: dict[str, Path] = {
    name: _FOLDER / f"{name}.py" for name in ("home", "data", "prepare", "train", "results", "predict")
}
_LINK_STARTS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)  # what becomes a link even when escaped
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # every sign of ASCII that Markdown may give a meaning


def begin(title: str, sentence: str) -> None:
    """Open a page: its title and the one sentence that says what is done here.

    The steps and the data set and run in hand stand above it; the frame draws them for every page.

    Args:
        title: Markdown, ours; a name that came from outside must have gone through `safe`.
        sentence: Markdown, ours.
    """
    st.title(title, anchor=False)
    st.markdown(sentence)


def two_columns(left_share: float = 0.36) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Controls on the left, evidence on the right; below each other where the window is narrow."""
    left, right = st.columns([left_share, 1 - left_share], gap="large")
    return left, right


def safe(text: object) -> str:
    """Text from outside as Markdown that shows it letter by letter: no link, no image, no HTML, no formula."""
    one_line = " ".join(str(text).split())
    return _PUNCTUATION.sub(r"\\\1", _LINK_STARTS.sub("\u2060", one_line))


def show_error(error: LightboxError) -> None:
    """An error where it happened: what is wrong, and what to do about it."""
    st.error(f"**{safe(error.what)}** {safe(error.remedy)}")


def tell(error: Exception) -> bool:
    """Show one of our own errors that no page's script was around (a button's callback, a fragment); whether it was.

    The server asks this before it shows anything else; False leaves a bug its traceback.
    """
    if not isinstance(error, LightboxError):
        return False
    show_error(error)
    return True


def go(name: str) -> NoReturn:
    """Switch to another page by its name ("data", "train", ...); what is in hand goes along."""
    st.switch_page(PAGES[name], query_params=session.link())


def empty_state(icon: str, title: str, sentence: str, button: str, page: str) -> None:
    """Say what to do where there is nothing to show yet.

    Args:
        icon: one character or emoji.
        title: what is missing, in a few words.
        sentence: what to do.
        button: label of the button that leads there.
        page: name of the page it leads to.
    """
    with st.container(border=True, horizontal_alignment="center", key=f"lb_empty_{page}"):
        st.markdown(f"### {icon} {title}", width="content", text_alignment="center")
        st.markdown(sentence, width="content", text_alignment="center")
        if st.button(button, type="primary", key=f"lb_empty_go_{page}"):
            go(page)
