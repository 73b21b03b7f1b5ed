"""The distribution of image sizes: as bars where there are few sizes, as a histogram where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from plotly import graph_objects as go

from core.figures.palette import ACCENT, SPLIT_COLOURS, dress, translucent
from core.specs import Split

if TYPE_CHECKING:
    import pandas as pd

FEW_SIZES = 8
MOST_BINS = 30


@dataclass(frozen=True)
class SizesFacts:
    """How large the images are as they came.

    Attributes:
        images: number of images.
        distinct: number of different sizes (width and height together).
        common: up to eight commonest sizes as (width_px, height_px, images), most frequent first.
        edges_px: bin edges of the histogram, n + 1 of them; empty where every size stands in `common`.
        widths, heights: images per bin, n each.
        min_px, max_px: shortest and longest side of all images; 0 without images.
    """

    images: int
    distinct: int
    common: tuple[tuple[int, int, int], ...]
    edges_px: tuple[float, ...]
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    min_px: int
    max_px: int

    @property
    def all_equal(self) -> bool:
        """Whether every image has the same size, so that no chart is needed."""
        return self.distinct <= 1


def sizes_facts(sizes: pd.DataFrame) -> SizesFacts:
    """Count the sizes of a table with the columns `width` and `height` (pixels, one row an image)."""
    width, height = sizes["width"].to_numpy(np.int64), sizes["height"].to_numpy(np.int64)
    pairs, counts = np.unique(np.stack([width, height], axis=1), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:FEW_SIZES]
    common = tuple((int(pairs[i, 0]), int(pairs[i, 1]), int(counts[i])) for i in order)
    edges = _edges(np.concatenate([width, height])) if len(pairs) > FEW_SIZES else np.empty(0)
    return SizesFacts(
        images=len(sizes),
        distinct=len(pairs),
        common=common,
        edges_px=tuple(float(edge) for edge in edges),
        widths=_per_bin(width, edges),
        heights=_per_bin(height, edges),
        min_px=int(min(width.min(), height.min())) if len(sizes) else 0,
        max_px=int(max(width.max(), height.max())) if len(sizes) else 0,
    )


def draw_sizes(facts: SizesFacts) -> go.Figure:
    """Few sizes: one bar each. Many: the widths and the heights as two outlines over shared bins."""
    return _draw_outlines(facts) if facts.edges_px else _draw_bars(facts)


def _edges(sides: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Bins of whole pixels between the shortest and the longest side, at most thirty, shared by both outlines."""
    low, high = int(sides.min()), int(sides.max())
    step = max(1, int(np.ceil((high - low + 1) / MOST_BINS)))
    return np.arange(low, high + step + 1, step, dtype=np.float64) - 0.5


def _per_bin(sides: npt.NDArray[np.int64], edges: npt.NDArray[np.float64]) -> tuple[int, ...]:
    if not len(edges):
        return ()
    return tuple(int(count) for count in np.histogram(sides, bins=edges)[0])


def _draw_bars(facts: SizesFacts) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[images for _, _, images in facts.common],
            y=list(range(len(facts.common))),
            marker={"color": ACCENT, "line": {"width": 0}},
            customdata=[f"{width:,} × {height:,} px" for width, height, _ in facts.common],
            hovertemplate="%{customdata}: %{x:,d} images<extra></extra>",
        )
    )
    dress(figure, height_px=60 + 28 * max(2, len(facts.common)))
    figure.update_layout(bargap=0.35, showlegend=False)
    figure.update_xaxes(title="Images", rangemode="tozero", tickformat=",d", showgrid=True)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(facts.common))),
        ticktext=[f"{width:,} × {height:,} px" for width, height, _ in facts.common],
        range=[len(facts.common) - 0.5, -0.5],
        showgrid=False,
    )
    return figure


def _draw_outlines(facts: SizesFacts) -> go.Figure:
    sides = (("Width", facts.widths, ACCENT), ("Height", facts.heights, SPLIT_COLOURS[Split.VALIDATION]))
    figure = go.Figure([_outline(facts, name, counts, colour) for name, counts, colour in sides])
    dress(figure, height_px=260)
    figure.update_xaxes(title="Side in pixels", tickformat=",d", showgrid=False)
    figure.update_yaxes(title="Images", rangemode="tozero", tickformat=",d")
    return figure


def _outline(facts: SizesFacts, name: str, counts: tuple[int, ...], colour: str) -> go.Scatter:
    """A step line over the bins; it begins and ends at zero, so that the outline is closed."""
    low_high = [
        f"{low + 0.5:,.0f} to {high - 0.5:,.0f} px"
        for low, high in zip(facts.edges_px[:-1], facts.edges_px[1:], strict=True)
    ]
    return go.Scatter(
        name=name,
        x=[facts.edges_px[0], *facts.edges_px],
        y=[0, *counts, 0],
        mode="lines",
        line={"color": colour, "width": 2, "shape": "hv"},
        fill="tozeroy",
        fillcolor=translucent(colour, 0.12),
        customdata=["", *low_high, ""],
        hovertemplate=name + " %{customdata}: %{y:,d} images<extra></extra>",
    )
