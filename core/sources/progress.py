"""Tell how far a piece of work is, at most five times a second, and notice when it is asked to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from core.errors import Stopped
from core.specs import Progress

Report: TypeAlias = Callable[[Progress], None]
ShouldStop: TypeAlias = Callable[[], bool]

_EVERY_S = 0.2
_FIRST_RATE_S = 0.5  # a rate from less time than this jumps about


class Ticker:
    """Counts units of a stage and reports them with their rate and the time left.

    Args:
        report: receives a `Progress` at the start, at the end, and at most five times a second between.
        should_stop: asked at each step.
        stage: what is being done, in words.
        total: units in all.
        unit: what is counted.
        clock: seconds, rising.
    """

    def __init__(
        self,
        report: Report,
        should_stop: ShouldStop,
        stage: str,
        total: int,
        unit: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report, self._should_stop, self._clock = report, should_stop, clock
        self._stage, self._total, self._unit = stage, total, unit
        self._done = 0
        self._began = self._told = clock()
        self._tell(self._began)

    def check(self) -> None:
        """Raise when the work is asked to stop.

        Raises:
            Stopped: it is.
        """
        if self._should_stop():
            raise Stopped(f"{self._stage} was stopped before it was done.", "Start it again whenever you like.")

    def step(self) -> None:
        """One unit more is done.

        Raises:
            Stopped: the work is asked to stop.
        """
        self.check()
        self._done += 1
        now = self._clock()
        if self._done == self._total or now - self._told >= _EVERY_S:
            self._told = now
            self._tell(now)

    def _tell(self, now: float) -> None:
        spent = now - self._began
        rate = self._done / spent if self._done and spent >= _FIRST_RATE_S else None
        left_s = None if rate is None else max(0, self._total - self._done) / rate
        self._report(
            Progress(stage=self._stage, done=self._done, total=self._total, unit=self._unit, rate=rate, left_s=left_s)
        )
