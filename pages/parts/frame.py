"""The frame around every page: page list, top bar, footer, and the one catch of our own errors. The main script."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.actions import DISCLAIMER
from core.errors import LightboxError
from pages.parts import look, top
from pages.parts.page import PAGES, show_error

ASSETS = Path(__file__).parent / "assets"


def draw() -> None:
    """Draw one run of the script: the page that the address names, inside the frame."""
    st.set_page_config(
        page_title="Lightbox",
        page_icon=str(ASSETS / "favicon.png"),
        layout="wide",
        menu_items={"About": f"**Lightbox** turns a folder of images into a trained and tested model.\n\n{DISCLAIMER}"},
    )
    look.dress()
    pages = {
        name: st.Page(path, title=name.capitalize(), url_path=name, default=name == "home")
        for name, path in PAGES.items()
        if path.exists()
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    try:
        top.draw(next(name for name, page in pages.items() if page.title == chosen.title))
        chosen.run()
    except LightboxError as error:
        show_error(error)
    with st.container(key="lb_footer"):
        st.caption(DISCLAIMER)


draw()
