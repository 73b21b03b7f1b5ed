"""The curves of a run as a still picture: loss and accuracy over the epochs, for training and validation.

The live chart of a running training is another piece, in the browser; this one is for reports and finished runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plotly import graph_objects as go

from core.figures.palette import NEUTRAL, SPLIT_COLOURS, dress, translucent
from core.specs import Point, PointKind, Split

ROW_PX = 230


@dataclass(frozen=True)
class LineFacts:
    """One line: a measure on one split, either within the epochs (running means) or at their ends.

    `values` holds None where a value was not finite; the line has a gap there.
    """

    measure: str
    split: Split
    kind: PointKind
    epochs: tuple[float, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class CurvesFacts:
    """All lines by measure, loss first.

    Attributes:
        measures: "loss", "accuracy", ... in the order of the panels from top to bottom.
        lines: every line that has points.
        best_epoch: the epoch with the lowest validation loss, whose weights were kept; None without validation.
    """

    measures: tuple[str, ...]
    lines: tuple[LineFacts, ...]
    best_epoch: int | None


def curves_facts(points: Iterable[Point]) -> CurvesFacts:
    """Sort the points of a run into lines, by measure, split and kind."""
    ordered = sorted(points, key=lambda point: (point.step, point.seq))
    names = {name.removeprefix("val_"): None for point in ordered for name in point.values}
    measures = tuple(sorted(names, key=lambda name: name != "loss"))
    lines = [
        _line(ordered, measure, split, kind)
        for measure in measures
        for split in (Split.TRAIN, Split.VALIDATION)
        for kind in PointKind
    ]
    return CurvesFacts(measures, tuple(line for line in lines if line.epochs), _best(lines))


def draw_curves(facts: CurvesFacts) -> go.Figure:
    """One panel a measure, one over the other on a common axis of epochs; the best epoch is marked."""
    figure = go.Figure([_trace(facts, line) for line in facts.lines])
    panels = max(1, len(facts.measures))
    dress(figure, height_px=60 + ROW_PX * panels)
    for number, measure in enumerate(facts.measures, start=1):
        top = 1 - (number - 1) / panels
        figure.update_layout({f"yaxis{number}": _y_axis(measure, top - 1 / panels + 0.04 * (number < panels), top)})
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(title="Epochs", rangemode="tozero", anchor=f"y{panels}", showgrid=False)
    if facts.best_epoch is not None:
        figure.add_vline(x=facts.best_epoch, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    return figure


def _line(points: list[Point], measure: str, split: Split, kind: PointKind) -> LineFacts:
    name = measure if split is Split.TRAIN else f"val_{measure}"
    chosen = [point for point in points if point.kind is kind and name in point.values]
    return LineFacts(
        measure=measure,
        split=split,
        kind=kind,
        epochs=tuple(point.epoch for point in chosen),
        values=tuple(point.values[name] for point in chosen),
    )


def _best(lines: list[LineFacts]) -> int | None:
    line = next((line for line in lines if (line.measure, line.split, line.kind) == _VALIDATION_LOSS), None)
    if line is None:
        return None
    finite = [(value, epoch) for value, epoch in zip(line.values, line.epochs, strict=True) if value is not None]
    return round(min(finite)[1]) if finite else None


_TITLES = {"images_per_s": "Images a second"}
_VALIDATION_LOSS = ("loss", Split.VALIDATION, PointKind.EPOCH)


def _trace(facts: CurvesFacts, line: LineFacts) -> go.Scatter:
    """Ends of epochs as marked lines; running means inside them thinner, paler and without a place in the legend."""
    colour, ends = SPLIT_COLOURS[line.split], line.kind is PointKind.EPOCH
    number = facts.measures.index(line.measure) + 1
    return go.Scatter(
        name=line.split.label if ends else f"{line.split.label}, within the epoch",
        legendgroup=line.split.value,
        showlegend=ends and number == 1,
        x=line.epochs,
        y=line.values,
        mode="lines+markers" if ends else "lines",
        line={"color": colour if ends else translucent(colour, 0.4), "width": 2 if ends else 1},
        marker={"size": 6, "symbol": "circle" if line.split is Split.TRAIN else "diamond"},
        yaxis=f"y{number}",
        hovertemplate="%{y:.4f}" if ends else None,
        hoverinfo=None if ends else "skip",
    )


def _y_axis(measure: str, bottom: float, top: float) -> dict[str, object]:
    axis: dict[str, object] = {
        "domain": [bottom, top],
        "title": _TITLES.get(measure, measure.replace("_", " ").capitalize()),
        "anchor": "x",
    }
    return axis | ({"range": [0, 1.02]} if measure == "accuracy" else {"rangemode": "tozero"})
