"""Plotly pictures, one a file: facts first (`*_facts`), then the drawing (`draw_*`).

May import: specs, errors. Promises: hostile names are shown as text, colours suit light and dark backgrounds and
colour-blind eyes, and what a figure shows can be read off its facts without drawing it.
"""

from core.figures.buttons import BUTTONS, NO_BUTTONS
from core.figures.class_counts import ClassCountsFacts, class_counts_facts, draw_class_counts
from core.figures.confusion import ConfusionFacts, confusion_facts, draw_confusion
from core.figures.curves import CurvesFacts, LineFacts, curves_facts, draw_curves
from core.figures.histogram import HistogramFacts, ValueFacts, draw_histogram, histogram_facts
from core.figures.palette import (
    ACCENT,
    CATEGORICAL,
    CHANNEL_COLOURS,
    NEUTRAL,
    SPLIT_COLOURS,
    colour_of,
    contrast,
    plain,
    template,
    translucent,
)
from core.figures.probabilities import ProbabilitiesFacts, draw_probabilities, probabilities_facts, probability_words
from core.figures.sizes import SizesFacts, draw_sizes, sizes_facts

__all__ = [
    "ACCENT",
    "BUTTONS",
    "CATEGORICAL",
    "CHANNEL_COLOURS",
    "NEUTRAL",
    "NO_BUTTONS",
    "SPLIT_COLOURS",
    "ClassCountsFacts",
    "ConfusionFacts",
    "CurvesFacts",
    "HistogramFacts",
    "LineFacts",
    "ProbabilitiesFacts",
    "SizesFacts",
    "ValueFacts",
    "class_counts_facts",
    "colour_of",
    "confusion_facts",
    "contrast",
    "curves_facts",
    "draw_class_counts",
    "draw_confusion",
    "draw_curves",
    "draw_histogram",
    "draw_probabilities",
    "draw_sizes",
    "histogram_facts",
    "plain",
    "probabilities_facts",
    "probability_words",
    "sizes_facts",
    "template",
    "translucent",
]
