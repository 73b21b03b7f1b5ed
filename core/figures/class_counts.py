"""Images per class and split, as stacked bars: where the data are many and where they are few."""

from __future__ import annotations

from dataclasses import dataclass

from plotly import graph_objects as go

from core.figures.palette import SPLIT_COLOURS, class_axis, dress, plain
from core.specs import DatasetCard, Split


@dataclass(frozen=True)
class ClassCountsFacts:
    """What the bars say.

    Attributes:
        classes: class names in index order (hostile text).
        counts: images per split, each in class order.
        totals: images per class over all splits.
        positive_class: index of the finding, if there is one.
        rarest, commonest: class indices; None without classes.
        imbalance: images of the commonest class for one of the rarest; None when a class is empty.
    """

    classes: tuple[str, ...]
    counts: dict[Split, tuple[int, ...]]
    totals: tuple[int, ...]
    positive_class: int | None
    rarest: int | None
    commonest: int | None
    imbalance: float | None

    @property
    def split_totals(self) -> dict[Split, int]:
        """Images per split over all classes."""
        return {split: sum(counts) for split, counts in self.counts.items()}


def class_counts_facts(card: DatasetCard) -> ClassCountsFacts:
    """The counts of a data set's card, by split and class."""
    counts = {split: tuple(by_split.get(split, 0) for by_split in card.counts) for split in Split}
    totals = tuple(sum(by_split.values()) for by_split in card.counts)
    indices = range(len(totals))
    rarest = min(indices, key=totals.__getitem__, default=None)
    commonest = max(indices, key=totals.__getitem__, default=None)
    fewest = totals[rarest] if rarest is not None else 0
    return ClassCountsFacts(
        classes=card.classes,
        counts=counts,
        totals=totals,
        positive_class=card.positive_class,
        rarest=rarest,
        commonest=commonest,
        imbalance=max(totals) / fewest if fewest else None,
    )


def draw_class_counts(facts: ClassCountsFacts) -> go.Figure:
    """One bar per class from left to right, the first class on top, its splits stacked in their colours."""
    figure = go.Figure([_bars(facts, split) for split in Split if any(facts.counts[split])])
    dress(figure, height_px=70 + 30 * max(3, len(facts.classes)))
    figure.update_layout(barmode="stack", bargap=0.35, hovermode="closest", legend_traceorder="normal")
    figure.update_xaxes(title="Images", rangemode="tozero", tickformat=",d", showgrid=True)
    figure.update_yaxes(**class_axis(facts.classes) | {"range": [len(facts.classes) - 0.5, -0.5]})
    return figure


def _bars(facts: ClassCountsFacts, split: Split) -> go.Bar:
    return go.Bar(
        name=split.label,
        orientation="h",
        x=facts.counts[split],
        y=list(range(len(facts.classes))),
        marker={"color": SPLIT_COLOURS[split], "line": {"width": 0}},
        customdata=[plain(name) for name in facts.classes],
        hovertemplate="%{customdata}<br>" + split.label + ": %{x:,d} images<extra></extra>",
    )
