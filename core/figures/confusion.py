"""The confusion matrix: how many images of each true class were given each answer, in counts and per cent."""

from __future__ import annotations

from dataclasses import dataclass

from plotly import graph_objects as go

from core.figures.palette import SCALE_DARK, SCALE_LIGHT, class_axis, dress, ink_on, mix, plain
from core.specs import Report, Split

MOST_WRITTEN = 12
"""With more classes than this the cells are too small for numbers; they are in the hover text."""


@dataclass(frozen=True)
class ConfusionFacts:
    """The matrix, row by row.

    Attributes:
        classes: class names in index order (hostile text).
        counts: `counts[true][predicted]`.
        row_percents: the same as per cent of the true class; None in the row of a class without images.
        positive_class: index of the finding, if there is one.
        split: what it was measured on.
        worst: (true, predicted, count) of the most frequent confusion; None when every answer is right.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    row_percents: tuple[tuple[float | None, ...], ...]
    positive_class: int | None
    split: Split
    worst: tuple[int, int, int] | None


def confusion_facts(report: Report) -> ConfusionFacts:
    """The matrix of a report, with shares of each true class."""
    wrong = [
        (count, true, predicted)
        for true, row in enumerate(report.confusion)
        for predicted, count in enumerate(row)
        if true != predicted and count > 0
    ]
    most = max(wrong, key=lambda cell: cell[0], default=None)
    return ConfusionFacts(
        classes=report.classes,
        counts=report.confusion,
        row_percents=tuple(_shares(row) for row in report.confusion),
        positive_class=report.positive_class,
        split=report.split,
        worst=(most[1], most[2], most[0]) if most else None,
    )


def draw_confusion(facts: ConfusionFacts, *, dark: bool = False) -> go.Figure:
    """True classes as rows from top to bottom, answers as columns; the stronger the colour, the larger the share.

    Args:
        facts: the matrix.
        dark: whether the page is dark. The cells are opaque and carry their own text colour, so that the numbers
            can be read on either page whatever is said here.
    """
    many, scale = len(facts.classes), SCALE_DARK if dark else SCALE_LIGHT
    figure = go.Figure(
        go.Heatmap(
            z=[[share or 0 for share in row] for row in facts.row_percents],
            zmin=0,
            zmax=100,
            colorscale=[[0, scale[0]], [1, scale[1]]],
            showscale=False,
            xgap=2,
            ygap=2,
            customdata=_hover(facts),
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    dress(figure, height_px=max(260, min(720, 110 + 62 * many)))
    figure.update_layout(annotations=_numbers(facts, scale) if many <= MOST_WRITTEN else [])
    axis = class_axis(facts.classes, most=16)
    figure.update_xaxes(axis, title="Answer of the model", side="bottom", tickangle=_angle(facts))
    figure.update_yaxes(axis | {"range": [many - 0.5, -0.5]}, title="True class")
    return figure


def _angle(facts: ConfusionFacts) -> int:
    """Level where the names fit below their columns, slanted where Plotly would leave some of them out."""
    longest = max((len(name) for name in facts.classes), default=0)
    return 0 if len(facts.classes) * min(longest, 16) <= 28 else -35


def _shares(row: tuple[int, ...]) -> tuple[float | None, ...]:
    total = sum(row)
    return tuple(100 * count / total if total else None for count in row)


def _hover(facts: ConfusionFacts) -> list[list[str]]:
    return [
        [
            f"{count:,} of {sum(row):,} images of {plain(facts.classes[true], 60)}"
            f"<br>were answered {plain(facts.classes[predicted], 60)}"
            for predicted, count in enumerate(row)
        ]
        for true, row in enumerate(facts.counts)
    ]


def _numbers(facts: ConfusionFacts, scale: tuple[str, str]) -> list[dict[str, object]]:
    """Count and per cent of every cell, in the ink that reads best on it."""
    return [
        {
            "x": predicted,
            "y": true,
            "text": f"<b>{count:,}</b>" if share is None else f"<b>{count:,}</b><br>{share:.1f} %",
            "showarrow": False,
            "font": {"color": ink_on(mix(*scale, (share or 0) / 100)), "size": 13},
        }
        for true, (counts, shares) in enumerate(zip(facts.counts, facts.row_percents, strict=True))
        for predicted, (count, share) in enumerate(zip(counts, shares, strict=True))
    ]
