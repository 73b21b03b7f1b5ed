"""The callback that leads a run: counts steps, ends it at its limit or when asked to, and refuses a diverged loss."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy.typing as npt

from core.errors import Diverged
from core.specs import TrainingConfig
from core.training.backends import copied
from core.training.contract import STOPPED_BY_USER, Sink
from core.training.feed import TrainFeed
from core.training.schedule import Part, Schedule

POLL_S = 0.2

Logs = Mapping[str, float]


@dataclass
class Course:
    """Where a run stands; one value that its callbacks share. A run that is taken up again begins at a step above 0.

    Attributes:
        step: steps taken in the whole run.
        epoch: the epoch under way, counted from 0.
        because: why the run ends, in words; empty while it goes on.
        stop_asked: whether the user asked to stop, so that what is under way is not complete.
        seconds_before: of training in earlier attempts.
        running: Keras' running means within the epoch, to go on from; None: it begins with fresh ones.
    """

    schedule: Schedule
    step: int = 0
    epoch: int = 0
    because: str = ""
    stop_asked: bool = False
    seconds_before: float = 0.0
    running: list[npt.NDArray[Any]] | None = None

    def __post_init__(self) -> None:
        self.epoch = self.step // self.schedule.steps_per_epoch

    @property
    def goes_on(self) -> bool:
        """Whether there are steps to take and no reason to end before them."""
        return not self.because and self.step < self.schedule.total_steps

    @property
    def epoch_is_over(self) -> bool:
        """Whether the epoch under way was seen to its end; not when only a part of it was trained, or a stop cut it."""
        return not self.stop_asked and self.step >= self.schedule.end_of(self.epoch)

    def end(self, because: str) -> None:
        """Name the reason; the first one stands."""
        self.because = self.because or because


class Steering(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """First in the list of callbacks, so that the others find the course up to date."""

    def __init__(self, course: Course, feed: TrainFeed, training: TrainingConfig, sink: Sink) -> None:
        super().__init__()
        self._course, self._feed, self._training, self._sink = course, feed, training, sink
        self._asked_at = -math.inf

    def begin(self, part: Part) -> None:
        """Say which part the next call of `fit` trains, before its stream is made."""
        self._part = part
        self._feed.begin(part.epoch, part.skip, part.batches)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Draw the epoch's order before its first batch is read; go on with the means of a part before this one."""
        course = self._course
        course.epoch, self._base = epoch, course.step
        self._feed.begin(epoch, self._part.skip, self._part.batches)
        if course.running is not None:
            for variable, value in zip(self.model.metrics_variables, course.running, strict=True):
                variable.assign(value)
            course.running = None

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Count; `batch` is the last index of the steps that were taken at once, or past the last one there is."""
        course = self._course
        course.step = self._base + min(batch + 1, self._part.batches)
        refuse_diverged("training loss", (logs or {})["loss"], course.epoch, self._training)
        if course.step >= course.schedule.total_steps:
            course.end(f"all {_limit(self._training)} done")
            self.model.stop_training = True
        elif self._is_asked():
            course.end(STOPPED_BY_USER)
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Keep the running means where the part ends within an epoch: the next call of `fit` begins with fresh ones."""
        if not self._part.ends_epoch:
            self._course.running = [copied(variable) for variable in self.model.metrics_variables]

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
