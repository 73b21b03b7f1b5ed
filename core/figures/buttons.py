"""The buttons above a chart: what is listed here and nothing else, so that none can send a chart anywhere.

Plotly's own set grows with its versions, and holds one that uploads the chart with its data to a server of theirs.
"""

from __future__ import annotations

from typing import Any

_NOWHERE: dict[str, Any] = {"showSendToCloud": False, "plotlyServerURL": "", "displaylogo": False}

NO_BUTTONS: dict[str, Any] = {**_NOWHERE, "displayModeBar": False}
"""For a chart that is only looked at."""

BUTTONS: dict[str, Any] = {**_NOWHERE, "modeBarButtons": [["toImage"], ["zoom2d", "pan2d"], ["resetScale2d"]]}
"""For a chart in which one looks closer: download as PNG, zoom, pan, reset."""
