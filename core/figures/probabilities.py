"""The probabilities of one answer, as horizontal bars with the most probable class on top."""

from __future__ import annotations

import html
from dataclasses import dataclass

from plotly import graph_objects as go

from core.figures.palette import ACCENT, NEUTRAL, class_axis, dress, plain
from core.specs import Answer


@dataclass(frozen=True)
class ProbabilitiesFacts:
    """The bars from top to bottom.

    Attributes:
        names: class names (hostile text), most probable first.
        probabilities: 0 to 1, in the same order.
        predicted: position of the answer in `names`.
        true: position of the true class, where it is known and shown.
        others: how many less probable classes are not shown.
        others_probability: what they have together.
    """

    names: tuple[str, ...]
    probabilities: tuple[float, ...]
    predicted: int
    true: int | None
    others: int
    others_probability: float


def probabilities_facts(answer: Answer, *, true_class: int | None = None, most: int = 10) -> ProbabilitiesFacts:
    """The most probable classes of an answer.

    Args:
        answer: probabilities in class order.
        true_class: index of the true class, where it is known; it is shown however improbable.
        most: how many classes are shown.
    """
    ranked = sorted(range(len(answer.probabilities)), key=lambda index: (-answer.probabilities[index], index))
    needed = {index for index in (answer.predicted_class, true_class) if index is not None}
    others = [index for index in ranked if index not in needed][: max(0, most - len(needed))]
    shown = [index for index in ranked if index in needed or index in others]
    return ProbabilitiesFacts(
        names=tuple(answer.classes[index] for index in shown),
        probabilities=tuple(answer.probabilities[index] for index in shown),
        predicted=shown.index(answer.predicted_class),
        true=shown.index(true_class) if true_class is not None else None,
        others=len(ranked) - len(shown),
        others_probability=sum(answer.probabilities[index] for index in ranked if index not in shown),
    )


def probability_words(value: float) -> str:
    """A model's probability with three decimals, never rounded to certainty: `0.914`, `> 0.999`, `< 0.001`."""
    if value >= 0.9995:
        return "> 0.999"
    return "< 0.001" if value < 0.0005 else f"{value:.3f}"


def draw_probabilities(facts: ProbabilitiesFacts) -> go.Figure:
    """One bar a class from 0 to 1; the answer in the accent colour, the number beside every bar."""
    names, values = _rows(facts)
    places = list(range(len(names)))
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=values,
            y=places,
            marker={"color": [ACCENT if place == facts.predicted else NEUTRAL for place in places]},
            text=[html.escape(probability_words(value)) for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(name) for name in names],
            hovertemplate="%{customdata}: %{x:.4f}<extra></extra>",
        )
    )
    dress(figure, height_px=50 + 34 * max(2, len(places)))
    figure.update_layout(showlegend=False, bargap=0.35)
    figure.update_traces(marker_line_width=0)
    figure.update_xaxes(range=[0, 1.24], tickvals=[0, 0.25, 0.5, 0.75, 1], title="Probability", fixedrange=True)
    figure.update_yaxes(class_axis(names, most=32) | {"range": [len(places) - 0.5, -0.5]}, fixedrange=True)
    return figure


def _rows(facts: ProbabilitiesFacts) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Names and values as drawn: the true class is named in words, for colour alone says nothing to some eyes."""
    names = tuple(f"True class: {name}" if place == facts.true else name for place, name in enumerate(facts.names))
    if not facts.others:
        return names, facts.probabilities
    rest = f"{facts.others} other class" + ("es" if facts.others > 1 else "")
    return (*names, rest), (*facts.probabilities, facts.others_probability)
