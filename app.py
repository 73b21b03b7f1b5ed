"""What `streamlit run app.py` starts: the frame with our own routes, and one gate in front of everything."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages.http import Gate, alive, refuse_open_house, routes

refuse_open_house()
app = st.App(
    Path(__file__).parent / "pages" / "parts" / "frame.py",
    routes=routes(),
    middleware=[Middleware(Gate)],
    lifespan=alive,
)
