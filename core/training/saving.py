"""The callback that writes checkpoints, and how a run is set to where one says that it was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras

from core.training.backends import copied
from core.training.checkpoint import Arrays, BadCheckpoint, Checkpoint, Checkpoints, Facts, write_checkpoint
from core.training.keeping import Best, Keeper
from core.training.precision import Precision
from core.training.reporting import Reporter
from core.training.schedule import Schedule
from core.training.steering import Course, Logs

EVERY_S = 60.0
SHARE = 0.02  # of the time that writing at the ends of epochs may take; where they are shorter, not every end is kept


class Saver(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """Last in the list of callbacks: what the others have counted and told is complete.

    Writes at the end of an epoch, within one when the last is a minute ago, and at a stop, so that a run that was
    stopped loses no step. At the very last batch of an epoch nothing is written: its validation is still to come.
    """

    def __init__(
        self,
        place: Checkpoints,
        course: Course,
        keeper: Keeper,
        reporter: Reporter,
        *,
        batch: int,
        precision: Precision,
    ) -> None:
        super().__init__()
        self._place, self._course, self._keeper, self._reporter = place, course, keeper, reporter
        self._batch, self._precision = batch, precision
        self._wrote_at, self._took_s = place.clock(), -math.inf  # the first epoch's end is kept in any case

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Within an epoch the metrics' running means belong to it."""
        course = self._course
        within = course.step < course.schedule.end_of(course.epoch)
        if within and (course.stop_asked or self._silent_s >= EVERY_S):
            self._write([copied(variable) for variable in self.model.metrics_variables])

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """The end of a run is kept in any case: the report is still to come."""
        often_enough = self._silent_s < min(EVERY_S, self._took_s / SHARE)
        if self._course.epoch_is_over and (self._course.because or not often_enough):
            self._write([])

    @property
    def _silent_s(self) -> float:
        return self._place.clock() - self._wrote_at

    def _write(self, running: Arrays) -> None:
        began = self._place.clock()
        self._place.before()
        best = self._keeper.best
        model = [copied(variable) for variable in self.model.variables]
        optimizer = [copied(variable) for variable in self.model.optimizer.variables]
        kept = best.weights if best else []
        write_checkpoint(self._place.path, Checkpoint(self._facts(), model, optimizer, running, kept))
        self._place.after()
        self._wrote_at = self._place.clock()
        self._took_s = self._wrote_at - began

    def _facts(self) -> Facts:
        course, keeper, pace = self._course, self._keeper, self._reporter.pace
        best = keeper.best
        return Facts(
            mark=self._place.mark,
            step=course.step,
            seconds=self._reporter.seconds,
            because="" if course.stop_asked else course.because,  # whoever goes on takes the stop back
            epochs_done=keeper.epochs_done,
            best_epoch=best.epoch if best else None,
            best_logs={name: float(value) for name, value in best.logs.items()} if best else {},
            batch_size=self._batch,
            precision=self._precision.policy,
            precision_words=self._precision.words,
            schedule=_numbers(course.schedule),
            paced_images=pace.images,
            paced_s=pace.seconds,
            validation_s=pace.last_validation_s,
        )


def course_of(schedule: Schedule, checkpoint: Checkpoint | None) -> Course:
    """Where a run stands: at its beginning, or where its checkpoint was written.

    Raises:
        BadCheckpoint: it counts in other steps.
    """
    if checkpoint is None:
        return Course(schedule)
    facts = checkpoint.facts
    if facts.schedule != _numbers(schedule):
        raise BadCheckpoint("was written with other batches, as over another number of devices")
    running = checkpoint.running or None
    return Course(schedule, step=facts.step, because=facts.because, seconds_before=facts.seconds, running=running)


def restore(
    checkpoint: Checkpoint, model: keras.Model, batch: tuple[Any, ...], keeper: Keeper, reporter: Reporter
) -> None:
    """Set a compiled model and the callbacks to where they were.

    Args:
        batch: any one of training: within an epoch the metrics must have their variables before they are set, and
            Keras makes them at the first batch, here one that changes nothing else.

    Raises:
        BadCheckpoint: the variables are others.
    """
    facts = checkpoint.facts
    if checkpoint.running:
        model.test_on_batch(*batch)
    model.optimizer.build(model.trainable_variables)
    _assign(model.variables, checkpoint.model)
    _assign(model.optimizer.variables, checkpoint.optimizer)
    keeper.epochs_done = facts.epochs_done
    if facts.best_epoch is not None:
        keeper.best = Best(facts.best_epoch, dict(facts.best_logs), checkpoint.best)
    pace = reporter.pace
    pace.images, pace.seconds, pace.last_validation_s = facts.paced_images, facts.paced_s, facts.validation_s


def _assign(variables: Sequence[Any], values: Arrays) -> None:
    if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
        raise BadCheckpoint("holds the variables of another network")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _numbers(schedule: Schedule) -> tuple[int, int, int]:
    return schedule.images, schedule.batch_size, schedule.total_steps
