"""The look that the theme in `.streamlit/config.toml` cannot say: spacing, the top bar, sharp pixels."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

_SHEET = Path(__file__).parent / "assets" / "lightbox.css"


def dress() -> None:
    """Put the style sheet into the page; it loads nothing from anywhere."""
    st.html(f"<style>{_sheet()}</style>")


@cache
def _sheet() -> str:
    return _SHEET.read_text(encoding="utf-8")
