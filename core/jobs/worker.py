"""The worker program: `python -m core.jobs.worker` takes jobs of a home until it is told to end (SIGTERM, Ctrl-C).

It holds the fork server, starts children, speaks for itself once a second, and buries the dead, whoever's they were.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import socket
import sys
import threading
import time
from multiprocessing import forkserver
from pathlib import Path

import psutil

from core.errors import LightboxError
from core.jobs.entry import PRELOAD
from core.jobs.environment import prepare_own
from core.jobs.lanes import AnswerLane, Lane, Yard
from core.jobs.launch import SILENT_S, take_lock
from core.jobs.pulse import Pulse, Weather
from core.jobs.tidy import clear_up_after, tidy
from core.settings import Settings, settings_from
from core.store import Store, new_id

LOOK_S = 1.0
TIDY_S = 600.0
JUMP_S = 3.0  # a clock, or this process, that was off by more than this says nothing about the others
END_S = 5.0


def run_worker(settings: Settings) -> int:
    """Work for a home until a signal comes; the exit status."""
    prepare_own()
    take_lock(settings)  # ours may be inherited, or another worker's who shares this home: both are well
    with Store.open(settings.database) as store:
        return Worker(settings, store).run()


class Worker:
    """Lanes, a pulse, and a look round every second."""

    def __init__(self, settings: Settings, store: Store) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOAD)
        self._yard = Yard(settings, store, new_id("wrk"), context, threading.Event(), threading.Event())
        self._lanes = [Lane(self._yard, name) for name in ("quick", "data", "train")]
        self._everybody: list[Lane | AnswerLane] = [*self._lanes, AnswerLane(self._yard)]
        self._told_to_end: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._calm = Calm()
        self._home = identity(settings.home)

    def run(self) -> int:
        """Work until a signal comes; 1 when a lane has died of a bug, so that another worker can take over."""
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda number, _frame: self._told_to_end.put(number))
        self._yard.store.add_worker(self._yard.worker_id, socket.gethostname(), os.getpid())
        pulse = Pulse(self._beat, LOOK_S)
        forkserver.ensure_running()
        for lane in self._everybody:
            lane.start()
        try:
            return self._look_round()
        finally:
            self._end()
            pulse.close()
            with Weather():
                self._yard.store.end_worker(self._yard.worker_id)

    def _look_round(self) -> int:
        tidied_at = -TIDY_S
        while not self._told():
            if identity(self._yard.settings.home) != self._home:
                print("The home folder was deleted or replaced: its worker ends.", file=sys.stderr)
                return 0
            if not all(lane.is_alive() for lane in self._everybody):
                return 1
            with Weather(OSError):
                if self._calm.is_calm():
                    self._bury()
                if time.monotonic() - tidied_at >= TIDY_S:
                    tidied_at = time.monotonic()
                    tidy(self._yard.settings, self._yard.store)
        return 0

    def _told(self) -> bool:
        try:
            self._told_to_end.get(timeout=LOOK_S)
        except queue.Empty:
            return False
        return True

    def _beat(self) -> None:
        if not self._yard.store.beat_worker(self._yard.worker_id):
            self._yard.store.add_worker(self._yard.worker_id, socket.gethostname(), os.getpid())
        for lane in self._lanes:
            lane.beat_for_unborn()

    def _bury(self) -> None:
        for job in self._yard.store.bury(SILENT_S):
            for lane in self._lanes:
                if lane.job is not None and lane.job.id == job.id:
                    lane.child.kill()
            clear_up_after(self._yard.settings, job)

    def _end(self) -> None:
        """End the children and the fork server; each lane gives its job back as it sees its child end."""
        self._yard.ending.set()
        self._yard.warm.set()
        for lane in self._everybody:
            lane.child.kill()
        for process in psutil.Process().children():
            if "multiprocessing.forkserver" in " ".join(process.cmdline()):
                process.kill()  # it may be in the middle of its imports, and lanes be waiting for it
        until = time.monotonic() + END_S
        for lane in self._everybody:
            lane.join(max(0.0, until - time.monotonic()))


def identity(folder: Path) -> tuple[int, int] | None:
    """Which folder a path leads to; None where there is none."""
    try:
        found = folder.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


class Calm:
    """Tells whether heartbeats can be judged: not while the clock has just jumped or this process was held up."""

    def __init__(self) -> None:
        self._offset, self._looked_at = time.time() - time.monotonic(), time.monotonic()
        self._until = -1.0

    def is_calm(self) -> bool:
        """Look at the clocks; to be called about once a second."""
        now = time.monotonic()
        offset = time.time() - now
        if abs(offset - self._offset) > JUMP_S or now - self._looked_at > LOOK_S + JUMP_S:
            self._until = now + SILENT_S
        self._offset, self._looked_at = offset, now
        return now >= self._until


def main() -> int:
    """Work for the home that the environment names."""
    try:
        return run_worker(settings_from())
    except LightboxError as error:
        print(error, file=sys.stderr)
        return error.exit_status


if __name__ == "__main__":
    sys.exit(main())
