"""Pixel values before and after preparation: two histograms on one scale, side by side like the images above them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from core.figures.palette import ACCENT, CHANNEL_COLOURS, NEUTRAL, dress, translucent

CHANNEL_NAMES = ("Red", "Green", "Blue")
LEVELS = 256
BINS = 64
DWARFS = 3
"""A bin with more than this many times the pixels of the fourth highest is cut off."""


@dataclass(frozen=True)
class ValueFacts:
    """The values of one image.

    Attributes:
        percent: per channel, the share of pixels in each of 64 bins of four levels, in per cent; a channel adds up
            to 100.
        mean: mean level over all channels, 0 to 255; None for an image without pixels.
        dark_percent, bright_percent: share of values that are fully black (level 0) and fully white (level 255).
    """

    percent: tuple[tuple[float, ...], ...]
    mean: float | None
    dark_percent: float
    bright_percent: float


@dataclass(frozen=True)
class HistogramFacts:
    """Before and after, and the upper end of their common scale in per cent of the pixels.

    A bin that holds far more pixels than the others (a black border) is cut off at `top_percent`, so that the rest
    can be seen; `cut` says so in words.
    """

    before: ValueFacts
    after: ValueFacts
    top_percent: float
    cut: tuple[str, ...]


def histogram_facts(before: npt.ArrayLike, after: npt.ArrayLike) -> HistogramFacts:
    """Shares of pixels per level.

    Args:
        before: counts per level, (256,) or (3, 256), of the image as it came.
        after: the same of the prepared image.
    """
    facts_before, facts_after = _values(before), _values(after)
    top = max(_top(facts_before), _top(facts_after))
    cut = (*_cut("before", facts_before, top), *_cut("after", facts_after, top))
    return HistogramFacts(before=facts_before, after=facts_after, top_percent=top, cut=cut)


def draw_histogram(facts: HistogramFacts) -> go.Figure:
    """Two panels with one vertical scale: the image as it came on the left, the prepared one on the right."""
    figure = go.Figure()
    for number, (values, grey) in enumerate(((facts.before, NEUTRAL), (facts.after, ACCENT)), start=1):
        figure.add_traces([_line(values, channel, grey, number) for channel in range(len(values.percent))])
    dress(figure, height_px=190)
    scale = {"range": [0, facts.top_percent], "ticksuffix": " %", "nticks": 4, "fixedrange": True}
    levels = {"range": [0, LEVELS - 1], "tickvals": [0, 128, 255], "showgrid": False, "fixedrange": True}
    levels["zeroline"] = False
    figure.update_layout(
        showlegend=False,
        hovermode="x unified",
        xaxis={**levels, "domain": [0, 0.46], "title": "Value before"},
        xaxis2={**levels, "domain": [0.54, 1], "title": "Value after", "anchor": "y2"},
        yaxis={**scale, "title": "Pixels"},
        yaxis2={**scale, "anchor": "x2", "matches": "y", "showticklabels": False},
    )
    return figure


def _values(counts: npt.ArrayLike) -> ValueFacts:
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    totals = table.sum(axis=1, keepdims=True)
    percent = 100 * np.divide(table, totals, out=np.zeros_like(table), where=totals > 0)
    share = percent.mean(axis=0)
    binned = percent.reshape(len(percent), BINS, LEVELS // BINS).sum(axis=2)
    return ValueFacts(
        percent=tuple(tuple(float(value) for value in row) for row in binned),
        mean=float(share @ np.arange(share.size)) / 100 if totals.all() else None,
        dark_percent=float(share[0]),
        bright_percent=float(share[-1]),
    )


def _top(values: ValueFacts) -> float:
    """The upper end of the scale: the highest share, or the fourth highest where the first dwarfs it; and some air."""
    highest = 0.0
    for row in values.percent:
        ordered = sorted(row)
        first, fourth = ordered[-1], ordered[-4]
        highest = max(highest, fourth if fourth > 0 and first > DWARFS * fourth else first)
    return 1.1 * highest or 1.0


def _cut(name: str, values: ValueFacts, top: float) -> tuple[str, ...]:
    share = np.max(np.asarray(values.percent), axis=0)
    width = LEVELS // BINS
    return tuple(
        f"{name}: {share[place]:.0f} % at values {place * width} to {place * width + width - 1}"
        for place in np.flatnonzero(share > top)[:3]
    )


def _line(values: ValueFacts, channel: int, grey: str, number: int) -> go.Scatter:
    colour = CHANNEL_COLOURS[channel] if len(values.percent) > 1 else grey
    name = CHANNEL_NAMES[channel] if len(values.percent) > 1 else "Grey"
    return go.Scatter(
        name=name,
        x=[place * LEVELS // BINS + (LEVELS // BINS - 1) / 2 for place in range(BINS)],
        y=values.percent[channel],
        mode="lines",
        line={"color": colour, "width": 1, "shape": "hvh"},
        fill="tozeroy",
        fillcolor=translucent(colour, 0.35 if len(values.percent) == 1 else 0.15),
        xaxis=f"x{number}",
        yaxis=f"y{number}",
        hovertemplate="%{y:.2f} %",
    )
