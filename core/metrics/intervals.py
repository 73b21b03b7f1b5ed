"""95 % intervals: Wilson's for shares and for F1, a seeded bootstrap for averages over classes.

Sources: Wilson, JASA 22 (1927) 209, for shares. Lam, Gopal and Qian, "Confidence intervals for the F1 score: a
comparison of four methods" (arXiv:2309.14621, 2024), their Wilson indirect method for F1: J = TP / (TP + FP + FN) is a
share and F1 = 2 J / (1 + J) rises with J, so Wilson's limits of J carry over. Unlike a bootstrap it keeps a width where
no mistake was made. Efron, Annals of Statistics 7 (1979) 1, percentile bootstrap: averages are no shares of anything.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from core.metrics.counts import Integers
from core.specs import Figure

CONFIDENCE = 0.95
DRAWS = 1000
SEED = 20260101

Cells = tuple[Integers, Integers, Integers]


def share(hits: int, of: int, reason_if_none: str) -> Figure:
    """`hits / of` with Wilson's interval; no value, with the reason, where `of` is 0."""
    if of == 0:
        return Figure(value=None, reason=reason_if_none)
    low, high = _wilson(hits, of)
    return Figure(value=hits / of, low=low, high=high)


def f1(true_positives: int, false_positives: int, false_negatives: int, reason_if_none: str) -> Figure:
    """2 TP / (2 TP + FP + FN) with the interval that Wilson's for TP / (TP + FP + FN) gives."""
    of = true_positives + false_positives + false_negatives
    if of == 0:
        return Figure(value=None, reason=reason_if_none)
    low, high = (2 * limit / (1 + limit) for limit in _wilson(true_positives, of))
    return Figure(value=2 * true_positives / (of + true_positives), low=low, high=high)


def bootstrap(
    confusion: Integers, measure: Callable[[Integers, Integers, Integers], npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """The middle 95 % of some figures when the same number of images is drawn again and again from the confusion.

    Args:
        confusion: `(C, C)` counts, at least one image.
        measure: from hits, true counts and predicted counts, each `(C,)`, to figures `(K,)`; NaN where undefined.

    Returns:
        `(2, K)`: low and high; NaN where a figure was undefined in every draw.
    """
    true, predicted = np.nonzero(confusion)
    counts = confusion[true, predicted]
    classes, images = len(confusion), int(counts.sum())
    rng = np.random.default_rng(SEED)
    draws = (rng.multinomial(images, counts / images) for _ in range(DRAWS))
    return _middle(np.stack([measure(*_margins(true, predicted, draw, classes)) for draw in draws]))


def _wilson(hits: int, of: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    interval = binomtest(hits, of).proportion_ci(CONFIDENCE, method="wilson")
    return max(0.0, float(interval.low)), min(1.0, float(interval.high))


def _margins(true: Integers, predicted: Integers, draw: Integers, classes: int) -> Cells:
    """Hits, true counts and predicted counts `(C,)` of one draw over the cells that are not empty."""

    def per_class(of: Integers, weights: Integers) -> Integers:
        return np.bincount(of, weights=weights, minlength=classes).astype(np.int64)

    return per_class(true, draw * (true == predicted)), per_class(true, draw), per_class(predicted, draw)


def _middle(figures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    outside = 50 * (1 - CONFIDENCE)
    limits = np.full((2, figures.shape[1]), np.nan)
    for column, values in enumerate(figures.T):
        if (known := values[~np.isnan(values)]).size:
            limits[:, column] = np.percentile(known, [outside, 100 - outside])
    return limits
