"""Figures of merit on plain arrays, used while training and after it.

May import: specs, settings, errors. Promises: never imports Keras, and SciPy only when an interval is asked for; what
is undefined is None with a reason, never 0.
"""

from core.metrics.coach import Advice, advise, run_facts
from core.metrics.counts import DECISION_THRESHOLD, confusion_matrix, loss_value, predicted_classes
from core.metrics.report import classification_report

__all__ = [
    "DECISION_THRESHOLD",
    "Advice",
    "advise",
    "classification_report",
    "confusion_matrix",
    "loss_value",
    "predicted_classes",
    "run_facts",
]
