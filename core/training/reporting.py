"""The callback that tells the sink: points within an epoch and at its end, progress with the time left."""

from __future__ import annotations

import math
import time

import keras

from core.specs import Point, PointKind, Progress
from core.training.backends import copied
from core.training.contract import Sink
from core.training.pace import Pace
from core.training.steering import Course, Logs

INTERVAL_S = 0.2
STAGE = "Training"


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """Last in the list of callbacks. Figures within an epoch are running means since its start, as Keras gives them.

    The first step of each call of `fit` is left out of the pace: it may include a compilation.
    """

    def __init__(self, course: Course, val_images: int, sink: Sink) -> None:
        super().__init__()
        self._course, self._sink = course, sink
        self.pace = Pace(val_images)
        self._validations = course.epoch
        self._told_at = -math.inf
        self._reported_step = course.step
        self._seen = course.schedule.images_after(course.step)
        self._began_at: float | None = None
        self._epoch = -1

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """The run's clock starts, once."""
        self._cold = True
        if self._began_at is None:
            self._began_at = time.monotonic()
            self._tell_progress()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """The epoch's clock starts; further parts of the same epoch do not set it back."""
        self._step_ended_at = time.monotonic()
        if epoch != self._epoch:
            self._epoch, self._epoch_began = epoch, (self._seen, self._step_ended_at)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A point, where the last one is long enough ago."""
        now = time.monotonic()
        seen = self._course.schedule.images_after(self._course.step)
        if not self._cold:
            self.pace.trained(seen - self._seen, now - self._step_ended_at)
        self._cold, self._seen, self._step_ended_at = False, seen, now
        if now - self._told_at >= INTERVAL_S:
            self._tell_batch(logs or {})

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """The validation's clock starts."""
        self._test_began_at = time.monotonic()

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """A sign of life from long validations."""
        if time.monotonic() - self._told_at >= INTERVAL_S:
            self._tell_progress()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """The validation's clock stops."""
        self._validations += 1
        self.pace.validated(time.monotonic() - self._test_began_at)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """The epoch's point; an epoch that a stop cut short only gets the point of its last step, a part none."""
        if self._course.stop_asked:
            self._tell_batch({name: (logs or {})[name] for name in ("loss", "accuracy")})
        if not self._course.epoch_is_over:
            return
        rate = float(copied(self.model.optimizer.learning_rate))
        values = dict(logs or {}) | {"learning_rate": rate, "images_per_s": self._epoch_images_per_s()}
        self._tell_point(PointKind.EPOCH, values)
        self._tell_progress()

    @property
    def seconds(self) -> float:
        """Since the run's training began, those of earlier attempts included."""
        return self._course.seconds_before + (0 if self._began_at is None else time.monotonic() - self._began_at)

    def _epoch_images_per_s(self) -> float:
        seen, at = self._epoch_began
        return (self._seen - seen) / max(self._step_ended_at - at, 1e-9)

    def _tell_batch(self, logs: Logs) -> None:
        if self._course.step > self._reported_step:
            self._tell_point(PointKind.BATCH, logs)
        self._tell_progress()

    def _tell_point(self, kind: PointKind, values: Logs) -> None:
        self._reported_step = step = self._course.step
        finite = {name: float(value) if math.isfinite(value) else None for name, value in values.items()}
        epoch = self._course.schedule.epochs_after(step)
        self._sink.points([Point(kind=kind, step=step, epoch=epoch, values=finite, at=self.seconds)])

    def _tell_progress(self) -> None:
        self._told_at = time.monotonic()
        schedule = self._course.schedule
        total = schedule.total_images
        left_s = self.pace.left_s(total - self._seen, self._validations_left())
        self._sink.progress(
            Progress(
                stage=STAGE, done=self._seen, total=total, unit="images", rate=self.pace.images_per_s, left_s=left_s
            )
        )

    def _validations_left(self) -> int:
        return self._course.schedule.epochs - self._validations if self.pace.val_images else 0
