"""The live chart of a run: loss and accuracy as they come, with progress, time left and the state in words.

A components-v2 piece: it asks our points route for what is newer than its last point and draws with Plotly.react, so
zoom and hover survive. Promises: it stops asking when the run is final, and finds back after a restart of the server.
"""

from pages.parts.curves.curves import live_curves, load_ahead

__all__ = ["live_curves", "load_ahead"]
