"""The classification report: every class, the averages, accuracy, all with intervals; from plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.metrics.counts import DECISION_THRESHOLD, Floats, Integers, confusion_matrix, loss_value, predicted_classes
from core.metrics.intervals import bootstrap, f1, share
from core.specs import ClassRow, Figure, Report, Split

NO_IMAGES = "there are no images in this split"
NO_SUCH_IMAGE = "there is no image of this class in this split"
NEVER_PREDICTED = "no image was predicted as this class"
NEITHER = "there is no image of this class in this split, and none was predicted as it"
NO_MISTAKE = "no interval: without any mistake, drawing the images again shows no spread"
AVERAGES = ("macro average", "weighted average")


def classification_report(
    true: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    *,
    classes: Sequence[str],
    positive_class: int | None,
    split: Split,
    loss: str,
    synthetic: bool,
) -> Report:
    """Precision, recall, F1 and support per class and averaged, accuracy, loss and the confusion matrix.

    Args:
        true: `(N,)` class indices.
        probabilities: `(N, C)`, rows summing to 1, columns in class order.
        classes: the C names.
        positive_class: the finding, for two classes.
        split: what the images are.
        loss: one of `TrainingConfig.loss`.
        synthetic: whether Lightbox drew the images.

    Returns:
        A report whose undefined figures are None with a reason. An average is None where a class that counts in it
        is undefined: the mean of the other classes would say more than was measured.

    Raises:
        ValueError: shapes that do not fit, indices out of range, or rows that are no probabilities.
    """
    indices, shares = _checked(true, probabilities, len(classes))
    confusion = confusion_matrix(indices, predicted_classes(shares, positive_class), len(classes))
    hits = int(np.trace(confusion))
    return Report(
        split=split,
        classes=tuple(classes),
        positive_class=positive_class,
        images=len(indices),
        accuracy=share(hits, len(indices), NO_IMAGES),
        loss=loss_value(indices, shares, loss),
        rows=(*_class_rows(confusion, classes), *_average_rows(confusion)),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        decision_threshold=DECISION_THRESHOLD if len(classes) == 2 else None,
        synthetic=synthetic,
    )


def _checked(true: npt.ArrayLike, probabilities: npt.ArrayLike, classes: int) -> tuple[Integers, Floats]:
    indices = np.asarray(true).astype(np.int64)
    shares = np.asarray(probabilities, dtype=np.float64)
    if indices.ndim != 1 or shares.shape != (len(indices), classes):
        raise ValueError(f"expected (N,) and (N, {classes}). Received: {indices.shape} and {shares.shape}")
    if indices.size and not 0 <= indices.min() <= indices.max() < classes:
        raise ValueError(f"class indices must lie between 0 and {classes - 1}. Received: {indices.max()}")
    if not np.allclose(shares.sum(axis=1), 1, atol=1e-4) or (shares < 0).any():
        raise ValueError("each row must hold probabilities that sum to 1")
    return indices, shares


def _class_rows(confusion: Integers, classes: Sequence[str]) -> list[ClassRow]:
    hits, support, predicted = _margins(confusion)
    return [
        ClassRow(
            name=name,
            class_index=index,
            precision=share(int(hits[index]), int(predicted[index]), NEVER_PREDICTED),
            recall=share(int(hits[index]), int(support[index]), NO_SUCH_IMAGE),
            f1=f1(
                int(hits[index]),
                int(predicted[index] - hits[index]),
                int(support[index] - hits[index]),
                NEITHER,
            ),
            support=int(support[index]),
        )
        for index, name in enumerate(classes)
    ]


def _average_rows(confusion: Integers) -> list[ClassRow]:
    """Macro: every class counts the same; weighted: by its support, so a class without images does not count."""
    images = int(confusion.sum())
    if images == 0:
        return [_average_row(name, [Figure(value=None, reason=NO_IMAGES)] * 3, 0) for name in AVERAGES]
    values = _averages(*_margins(confusion))
    limits = bootstrap(confusion, _averages)
    spread = images > int(np.trace(confusion))
    figures = [_average(value, low, high, spread) for value, low, high in zip(values, *limits, strict=True)]
    return [_average_row(AVERAGES[0], figures[:3], images), _average_row(AVERAGES[1], figures[3:], images)]


def _averages(hits: Integers, support: Integers, predicted: Integers) -> Floats:
    """Macro precision, recall, F1 and weighted precision, recall, F1: `(6,)`, NaN where undefined."""
    table = np.stack([_divided(hits, predicted), _divided(hits, support), _divided(2 * hits, support + predicted)])
    counted = support > 0
    weighted = (table[:, counted] * support[counted]).sum(axis=1) / support.sum()
    return np.concatenate([table.mean(axis=1), weighted])


def _divided(numerator: Integers, denominator: Integers) -> Floats:
    shares = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=shares, where=denominator > 0)
    return shares


def _average(value: float, low: float, high: float, spread: bool) -> Figure:
    if np.isnan(value):
        return Figure(value=None, reason="it is not defined for every class")
    if not spread:
        return Figure(value=float(value), reason=NO_MISTAKE)
    return Figure(value=float(value), low=float(low), high=float(high))


def _average_row(name: str, figures: Sequence[Figure], images: int) -> ClassRow:
    precision, recall, harmonic = figures
    return ClassRow(name=name, class_index=None, precision=precision, recall=recall, f1=harmonic, support=images)


def _margins(confusion: Integers) -> tuple[Integers, Integers, Integers]:
    """Hits, support and predicted counts per class, each `(C,)`."""
    return np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
