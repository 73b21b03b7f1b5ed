"""How fast a run shifts: steps a call, and XLA on a GPU, both from the measured time of its own first steps.

Python and Keras take about 2 ms a call. Several steps a call save that, but points and a stop wait for the call's end,
and each change of gear builds the step anew; so a gear is changed at most once or twice, early, and where it pays.
The figures are the same in every gear: same batches, same order, same arithmetic (XLA, on a GPU, rounds its own way).
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from typing import Any

import keras

from core.training import backends
from core.training.steering import Course, Logs

TRIAL_STEPS = 9  # the first of them builds the step, the others are measured
CALL_S = 0.1  # what a call should take: five points a second need two of them, a stop waits for one
CALL_COSTS_S = 0.002  # besides its steps; measured .0025 s at 28 px
FEWEST_STEPS = 200  # of a run that is worth a trial
XLA_PAYS = 0.9  # XLA's step must take at most this share of the plain one's time
XLA_BUILDS_S = 30.0  # to build the step with XLA; the run must have several times that left


@dataclass(frozen=True)
class Gear:
    """Steps that one call takes, and whether XLA compiles them."""

    steps: int = 1
    compiled: bool = False


class Stopwatch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras brings no types
    """Times from the end of a call to the end of the next, since the part began."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """The clock starts."""
        self.times, self._at = [], time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """One call more."""
        now = time.perf_counter()
        self.times.append(now - self._at)
        self._at = now


class Tempo:
    """Leads a run through its trials into its gear.

    Use: each part of the run has at most `at_most` batches; after each, `shift`.
    """

    def __init__(self, course: Course, model: keras.Model, devices: int = 1) -> None:
        self._course, self._model = course, model
        self.stopwatch = Stopwatch()
        self.gear = Gear(compiled=backends.compiles_steps())
        self._plain_s: float | None = None
        self._trying = backends.takes_several_steps(devices) and self._left >= FEWEST_STEPS

    @property
    def at_most(self) -> int | None:
        """Batches that the next part may have; None: as many as there are."""
        return TRIAL_STEPS if self._trying else None

    def shift(self) -> None:
        """Look at the steps of a trial, and choose the next gear."""
        if not self._trying or len(self.stopwatch.times) < TRIAL_STEPS:
            return  # a piece of an epoch too short to tell: the next part is the trial
        first_s, step_s = self.stopwatch.times[0], statistics.median(self.stopwatch.times[1:])
        if self._plain_s is None and backends.may_try_xla() and self._left * step_s > 5 * XLA_BUILDS_S:
            self._plain_s = step_s
            self._change(replace(self.gear, compiled=True))
            return
        compiled = self.gear.compiled
        if self._plain_s is not None and step_s > XLA_PAYS * self._plain_s:
            compiled, step_s = False, self._plain_s
        self._trying = False
        steps = steps_per_call(step_s, first_s, self._left, self._course.schedule.steps_per_epoch)
        self._change(Gear(steps, compiled))

    @property
    def _left(self) -> int:
        return self._course.schedule.total_steps - self._course.step

    def _change(self, gear: Gear) -> None:
        """Keras builds its functions anew at the next call where they are not there."""
        if gear != self.gear:
            model: Any = self._model
            model.steps_per_execution, model.jit_compile = gear.steps, gear.compiled
            model.train_function = model.test_function = None
            self.gear = gear


def steps_per_call(step_s: float, build_s: float, steps_left: int, steps_per_epoch: int) -> int:
    """How many steps a call should take.

    Args:
        step_s: seconds of a step, called one by one.
        build_s: seconds to build the step anew, as the first one took.
        steps_left: of the run.
        steps_per_epoch: a call never goes beyond an epoch.
    """
    steps = min(round(CALL_S / max(step_s, 1e-6)), steps_per_epoch)
    saved_s = steps_left * CALL_COSTS_S * (1 - 1 / max(steps, 1))
    return steps if steps > 1 and saved_s > build_s else 1
