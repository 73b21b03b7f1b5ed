"""The callback that leads a run: counts steps, ends it at its limit or when asked to, and refuses a diverged loss."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import keras

from core.errors import Diverged
from core.specs import TrainingConfig
from core.training.contract import STOPPED_BY_USER, Sink
from core.training.feed import TrainFeed
from core.training.schedule import Schedule

POLL_S = 0.2

Logs = Mapping[str, float]


@dataclass
class Course:
    """Where a run stands; one value that its callbacks share.

    Attributes:
        epoch: the epoch under way, counted from 0.
        step: steps taken in the whole run.
        because: why the run ends, in words; empty while it goes on.
        stop_asked: whether the user asked to stop, so that what is under way is not complete.
    """

    schedule: Schedule
    epoch: int = 0
    step: int = 0
    because: str = ""
    stop_asked: bool = False

    def end(self, because: str) -> None:
        """Name the reason; the first one stands."""
        self.because = self.because or because


class Steering(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """First in the list of callbacks, so that the others find the course up to date."""

    def __init__(self, course: Course, feed: TrainFeed, training: TrainingConfig, sink: Sink) -> None:
        super().__init__()
        self._course, self._feed, self._training, self._sink = course, feed, training, sink
        self._asked_at = -math.inf

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Draw the epoch's order before its first batch is read."""
        self._course.epoch = epoch
        self._feed.begin(epoch)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Count; `batch` is the last index of the steps that were taken at once."""
        course, schedule = self._course, self._course.schedule
        course.step = course.epoch * schedule.steps_per_epoch + min(batch + 1, schedule.steps_per_epoch)
        refuse_diverged("training loss", (logs or {})["loss"], course.epoch, self._training)
        if course.step >= schedule.total_steps:
            course.end(f"all {_limit(self._training)} done")
            self.model.stop_training = True
        elif self._is_asked():
            course.end(STOPPED_BY_USER)
            self.model.stop_training = True

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Keras validates also after a stop; one batch of it cannot be avoided."""
        if self._course.stop_asked:
            self.model.stop_evaluating = True

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A stop is heard during a validation too."""
        if self._is_asked():
            self._course.end(STOPPED_BY_USER)
            self.model.stop_training = self.model.stop_evaluating = True

    def _is_asked(self) -> bool:
        now = time.monotonic()
        if not self._course.stop_asked and now - self._asked_at >= POLL_S:
            self._asked_at = now
            self._course.stop_asked = self._sink.should_stop()
        return self._course.stop_asked


def refuse_diverged(name: str, value: float, epoch: int, training: TrainingConfig) -> None:
    """Refuse a loss that is no number any more.

    Raises:
        Diverged: names the epoch and what to change.
    """
    if not math.isfinite(value):
        raise Diverged(
            f"The {name} became infinite or not a number in epoch {epoch + 1}.",
            f"Lower the learning rate (it was {training.learning_rate:g}), for example to"
            f" {training.learning_rate / 10:g}, or switch on batch normalisation.",
        )


def _limit(training: TrainingConfig) -> str:
    count = training.epochs if training.limit == "epochs" else training.iterations
    name = training.limit if count != 1 else training.limit.removesuffix("s")
    return f"{count:,} {name}"
