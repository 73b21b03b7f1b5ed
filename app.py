"""What `streamlit run app.py` starts: the frame with our own routes, and one gate in front of everything."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages.http import Gate, alive, our_routes, refuse_open_house
from pages.parts.page import tell

refuse_open_house()
app = st.App(
    Path(__file__).parent / "pages" / "parts" / "frame.py",
    routes=our_routes(),
    middleware=[Middleware(Gate)],
    lifespan=alive,
    on_script_error=tell,
)
