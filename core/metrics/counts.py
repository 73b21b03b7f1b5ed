"""From probabilities to counts: the predicted classes, the confusion matrix, and the loss."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DECISION_THRESHOLD = 0.5
SMALLEST_PROBABILITY = 1e-7  # as Keras clips before the logarithm


def predicted_classes(probabilities: Floats, positive_class: int | None = None) -> Integers:
    """The class that each row answers.

    Args:
        probabilities: `(N, C)`, rows summing to 1.
        positive_class: for two classes, the finding (class 1 where none is named): it is answered from a probability
            of 0.5 on, so an exact tie counts as the finding.

    Returns:
        `(N,)` int64. For more than two classes the most probable one, the first of equals.
    """
    if probabilities.shape[1] != 2:
        most: Integers = np.argmax(probabilities, axis=1)
        return most
    positive = 1 if positive_class is None else positive_class
    return np.where(probabilities[:, positive] >= DECISION_THRESHOLD, positive, 1 - positive).astype(np.int64)


def confusion_matrix(true: Integers, predicted: Integers, classes: int) -> Integers:
    """Counts `(C, C)` int64: row the true class, column the predicted one."""
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def loss_value(true: Integers, probabilities: Floats, loss: str) -> float | None:
    """The mean loss of these answers as Keras computes it for the run; None without images.

    Args:
        true: `(N,)` class indices.
        probabilities: `(N, C)`, rows summing to 1; two columns stand for one sigmoid unit.
        loss: one of `TrainingConfig.loss`: "cross_entropy" (binary and categorical alike: minus the logarithm of the
            true class's probability) or "mse" (mean over classes; for two it equals that of the one unit).

    Raises:
        ValueError: another loss.
    """
    if len(true) == 0:
        return None
    rows = np.arange(len(true))
    if loss == "cross_entropy":
        of_true = probabilities[rows, true].clip(SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
        return float(-np.log(of_true).mean())
    if loss == "mse":
        errors = probabilities.astype(np.float64, copy=True)
        errors[rows, true] -= 1
        return float((errors**2).mean())
    raise ValueError(f"loss must be 'cross_entropy' or 'mse'. Received: loss={loss!r}")
