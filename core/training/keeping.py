"""The callback that keeps the best weights, and ends a run that gets no better or is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy.typing as npt

from core.specs import TrainingConfig
from core.training.backends import copied
from core.training.steering import Course, Logs, refuse_diverged

Weights = list[npt.NDArray[Any]]


@dataclass(frozen=True)
class Best:
    """The epoch (counted from 0) with the lowest validation loss, its figures, and the weights at its end."""

    epoch: int
    logs: dict[str, float]
    weights: Weights


class Keeper(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """Looks at every whole epoch; a part of one, or one that was cut short by a stop, does not count.

    Without validation images the training loss decides.
    """

    def __init__(self, course: Course, training: TrainingConfig) -> None:
        super().__init__()
        self._course, self._training = course, training
        self.best: Best | None = None
        self.epochs_done = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare with the best so far."""
        if not self._course.epoch_is_over:
            return
        figures = dict(logs or {})
        self.epochs_done += 1
        self._compare(epoch, figures)
        self._stop_if_no_better(epoch)
        self._stop_if_good_enough(figures)

    def weights(self) -> Weights:
        """The best weights; those of this moment where no epoch has ended yet."""
        return self._copied() if self.best is None else self.best.weights

    def _compare(self, epoch: int, figures: dict[str, float]) -> None:
        loss = _deciding(figures)
        refuse_diverged("validation loss", loss, epoch, self._training)
        if self.best is None or loss < _deciding(self.best.logs):
            self.best = Best(epoch, figures, self._copied())

    def _stop_if_no_better(self, epoch: int) -> None:
        patience = self._training.patience
        if patience and self.best is not None and epoch - self.best.epoch >= patience:
            epochs = f"{patience} epoch{'s' * (patience != 1)}"
            self._end(f"early stopping: no lower validation loss for {epochs}")

    def _stop_if_good_enough(self, figures: dict[str, float]) -> None:
        which = self._training.stop_when
        if which in figures and figures[which] < self._training.stop_below:
            name = {"loss": "training loss", "val_loss": "validation loss"}[which]
            self._end(f"the {name} fell below {self._training.stop_below:g}")

    def _end(self, because: str) -> None:
        self._course.end(because)
        self.model.stop_training = True

    def _copied(self) -> Weights:
        """Copies: on some backends the arrays that Keras hands out share memory with the model."""
        return [copied(variable) for variable in self.model.weights]


def _deciding(figures: dict[str, float]) -> float:
    return figures.get("val_loss", figures["loss"])
