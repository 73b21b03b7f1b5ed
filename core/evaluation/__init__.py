"""Evaluation: what a trained model answers on a split, as a report and a table on disk.

May import: datasets, models, metrics, specs, files, errors. Promises: reading imports no Keras; a report on disk is
whole.
"""

from core.evaluation.measuring import Evaluation, evaluate, probabilities
from core.evaluation.records import read_mistakes, read_report, write

__all__ = ["Evaluation", "evaluate", "probabilities", "read_mistakes", "read_report", "write"]
