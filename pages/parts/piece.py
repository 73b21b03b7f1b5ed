"""A part of a page that runs again on its own, and shows its own errors in its own place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from core.errors import LightboxError
from pages.parts.page import show_error

P = ParamSpec("P")


def piece(*, run_every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function a fragment: a click inside runs only it, and the frame's catch of errors is not around it then.

    Args:
        run_every: seconds after which it runs again by itself; None: only when something inside is used.
    """

    def dress(function: Callable[P, None]) -> Callable[P, None]:
        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                function(*args, **kwargs)
            except LightboxError as error:
                show_error(error)

        fragment: Callable[P, None] = st.fragment(guarded, run_every=run_every)
        return fragment

    return dress
