"""Where a job tells how it goes: progress and points, into the store, a few times a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from core.specs import Point, Progress
from core.store import JobRow, Store

EVERY_S = 0.1


class Superseded(Exception):
    """The job is not this process's any more: it was thought dead, and another has it."""


class StoreSink:
    """Writes what a job tells; called from the job's own thread.

    Points wait for the progress that is told right after them, so that both are one transaction; `flush` writes
    what is left. Progress within a stage is written ten times a second at most.

    Args:
        job: whose progress and, for a training, whose run's points these are.
        stopping: set when the user has asked the job to stop.
    """

    def __init__(
        self, store: Store, job: JobRow, stopping: threading.Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._job, self._stopping, self._clock = store, job, stopping, clock
        self._points: list[Point] = []
        self._progress: Progress | None = None
        self._stage = ""
        self._wrote_at = -EVERY_S

    def progress(self, progress: Progress) -> None:
        """How far the job is."""
        self._progress = progress
        if progress.stage != self._stage or self._clock() - self._wrote_at >= EVERY_S:
            self._stage = progress.stage
            self.flush()

    def points(self, points: Sequence[Point]) -> None:
        """New points of the curves, in order."""
        late = bool(self._points)
        self._points += points
        if late:
            self.flush()

    def should_stop(self) -> bool:
        """Whether the user has asked the job to stop."""
        return self._stopping.is_set()

    def flush(self) -> None:
        """Write everything that was told and is not written yet.

        Raises:
            Superseded: the job was another's; nothing was written.
        """
        points, self._points = self._points, []
        progress, self._progress = self._progress, None
        self._wrote_at = self._clock()
        if not points and progress is None:
            return
        with self._store.together():
            if not self._is_ours(progress):
                raise Superseded
            self._store.add_points(self._job.id, points)

    def _is_ours(self, progress: Progress | None) -> bool:
        """Whether the job was still this attempt's when its progress was written (without any: a beat)."""
        if progress is None:
            return self._store.beat(self._job.id, attempt=self._job.attempt)
        return self._store.set_progress(self._job.id, progress, attempt=self._job.attempt)
