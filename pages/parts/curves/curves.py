"""Mount the live chart of a run."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.figures import BUTTONS, SPLIT_COLOURS
from pages.http.routes import PLOTLY_PATH, points_url

_HERE = Path(__file__).parent

_PLOTLY = (_HERE / "plotly.js").read_text(encoding="utf-8")

_piece = st.components.v2.component(
    "lightbox_curves",
    html=(_HERE / "curves.html").read_text(encoding="utf-8"),
    css=(_HERE / "curves.css").read_text(encoding="utf-8"),
    js=_PLOTLY + (_HERE / "curves.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # Plotly puts the styles of its hover labels and buttons into the document's head
)

_ahead = st.components.v2.component(
    "lightbox_curves_ahead",
    js=_PLOTLY + "export default ({ data }) => void plotly(data.plotly).catch(() => {}); // the chart tries again\n",
)


def load_ahead() -> None:
    """Let the browser load the chart's script while a form is filled in, so that the first point is drawn at once."""
    _ahead(key="lb_curves_ahead", data={"plotly": PLOTLY_PATH})


def live_curves(run_id: str, *, height: int = 420, key: str = "curves") -> bool:
    """Draw loss and accuracy of a run, and go on drawing while it runs.

    Args:
        run_id: the run, waiting, running or ended.
        height: of the chart, in px; the line of progress above it comes on top.
        key: tells charts on one page apart.

    Returns:
        True in the one script run that the chart asked for because the run has just ended.
    """
    result = _piece(
        key=f"lb_curves_{key}_{run_id}",
        data={
            "run": run_id,
            "points": points_url(run_id),
            "plotly": PLOTLY_PATH,
            "height": height,
            "config": BUTTONS,
            "colours": {split.value: colour for split, colour in SPLIT_COLOURS.items()},
        },
        on_ended_change=lambda: None,
        on_renew_change=lambda: None,
    )
    return bool(result.ended)
