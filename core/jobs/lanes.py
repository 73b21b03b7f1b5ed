"""The lanes of a worker: a thread each that gives one job after the other to a warm child."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess

from core.jobs.entry import answer, do, look
from core.jobs.pulse import Weather, end_group
from core.jobs.tidy import clear_up_after
from core.settings import Settings
from core.specs import JobState
from core.store import JobRow, Store

POLL_S = 0.05
LOOK_AGAIN_S = 1.0  # how long it takes at most until a look that failed is made again
NEW_TRY_S, NEXT_TRY_S = 1.0, 10.0  # until a warm process that died is replaced, after a long and after a short life
SHORT_S = 60.0


@dataclass(frozen=True)
class Yard:
    """What the lanes of a worker share.

    Attributes:
        context: forks from the fork server.
        warm: set when the fork server is ready; nothing is claimed before.
        ending: set when the worker ends.
    """

    settings: Settings
    store: Store
    worker_id: str
    context: ForkServerContext
    warm: threading.Event
    ending: threading.Event


class Child:
    """A process of the fork server in a group of its own; `run` returns when it has ended, by whatever means."""

    def __init__(self, yard: Yard) -> None:
        self._yard = yard
        self._process: ForkServerProcess | None = None

    def run(self, process: ForkServerProcess, born: Callable[[], None] = lambda: None) -> None:
        """Start, wait, and make sure that nothing of its group is left; `born` is called once it has started.

        When the fork server has died, a living process looks dead: then it is ended here, before its job is given
        to another.
        """
        process.start()
        self._process = process
        born()
        if self._yard.ending.is_set():
            self.kill()
        process.join()
        self._process = None
        if process.pid is not None:
            end_group(process.pid)

    @property
    def is_born(self) -> bool:
        """Whether there is a process that can speak for itself."""
        return self._process is not None

    def kill(self) -> None:
        """End it at once, if it is there."""
        process = self._process
        if process is not None and process.pid is not None:
            end_group(process.pid)
            process.kill()  # in its first milliseconds it has no group of its own yet


class Lane(threading.Thread):
    """Takes jobs of one lane ("quick", "data" or "train"), and gives back those whose child died without a word."""

    def __init__(self, yard: Yard, lane: str) -> None:
        super().__init__(name=lane, daemon=True)
        self._yard, self._lane = yard, lane
        self.child = Child(yard)
        self.job: JobRow | None = None
        self._looked_at = -LOOK_AGAIN_S

    def run(self) -> None:
        """One job after the other until the worker ends."""
        watch = self._yard.store.watch()
        self._yard.warm.wait()
        while not self._yard.ending.is_set():
            job = None
            if watch.changed() or time.monotonic() - self._looked_at >= LOOK_AGAIN_S:
                job = self._claim()
            if job is None:
                self._yard.ending.wait(POLL_S)
            else:
                self._do(job)
        watch.close()

    def beat_for_unborn(self) -> None:
        """A fork server that has to be started anew takes seconds, in which nobody else can speak for the job."""
        job = self.job
        if job is not None and not self.child.is_born:
            self._yard.store.beat(job.id, attempt=job.attempt)

    def _claim(self) -> JobRow | None:
        self._looked_at = time.monotonic()
        with Weather():
            return self._yard.store.claim(self._lane, self._yard.worker_id)
        return None

    def _do(self, job: JobRow) -> None:
        self.job, self._looked_at = job, -LOOK_AGAIN_S
        with Weather(OSError, EOFError, ending=self._yard.ending):
            self.child.run(self._yard.context.Process(target=do, args=(self._yard.settings, job.id, job.attempt)))
        self.job = None
        with Weather():
            self._give_back(job)

    def _give_back(self, job: JobRow) -> None:
        """Does nothing to a job that has ended, as it should have."""
        now = self._yard.store.requeue(job.id, attempt=job.attempt, died=not self._yard.ending.is_set())
        if now is not None:
            clear_up_after(self._yard.settings, now)


class AnswerLane(threading.Thread):
    """Keeps one warm process alive that takes predictions and evaluations itself; first asks what the device is."""

    def __init__(self, yard: Yard) -> None:
        super().__init__(name="answer", daemon=True)
        self._yard = yard
        self.child = Child(yard)

    def run(self) -> None:
        """One process after the other until the worker ends."""
        of_this = self._yard.settings, self._yard.worker_id
        with Weather(OSError, EOFError, ending=self._yard.ending):
            self.child.run(self._yard.context.Process(target=look, args=of_this), born=self._yard.warm.set)
        self._yard.warm.set()
        while not self._yard.ending.is_set():
            born_at = time.monotonic()
            with Weather(OSError, EOFError, ending=self._yard.ending):
                self.child.run(self._yard.context.Process(target=answer, args=of_this))
            with Weather():
                self._give_back()
            self._yard.ending.wait(NEW_TRY_S if time.monotonic() - born_at > SHORT_S else NEXT_TRY_S)

    def _give_back(self) -> None:
        for job in self._yard.store.jobs(states={JobState.RUNNING}):
            if job.lane == "answer" and job.worker_id == self._yard.worker_id:
                self._yard.store.requeue(job.id, attempt=job.attempt, died=not self._yard.ending.is_set())
