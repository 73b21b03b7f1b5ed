"""A steady beat beside the work: a thread that calls something every so often, whatever the work is doing."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from core.errors import DiskFull


class Weather(AbstractContextManager[None]):
    """A block that may fail because the disk is full or the database away: told in the log, then gone on.

    For loops that come back to the same thing soon, and that must outlive such an hour.

    Args:
        also: further kinds of errors that are weather here.
        ending: once it is set an error is not told: everything is being taken down.
    """

    def __init__(self, *also: type[Exception], ending: threading.Event | None = None) -> None:
        self._kinds = (SQLAlchemyError, DiskFull, *also)
        self._ending = ending

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, self._kinds):
            return False
        if self._ending is None or not self._ending.is_set():
            traceback.print_exception(error, file=sys.stderr)
        return True


class Pulse:
    """Calls `beat` every `every_s` seconds from a thread of its own until it is closed.

    Once `close` has returned, no beat runs and none will.
    """

    def __init__(self, beat: Callable[[], None], every_s: float) -> None:
        self._beat, self._every_s = beat, every_s
        self._lock, self._closed = threading.Lock(), threading.Event()
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def close(self) -> None:
        """End the beat."""
        with self._lock:
            self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(self._every_s):
            with self._lock, Weather():
                if not self._closed.is_set():
                    self._beat()


def end_with_parent() -> None:
    """From now on this process group ends when the worker that it belongs to has died, by whatever means."""
    parent = parent_process()
    if parent is None:
        raise RuntimeError("Only a child of multiprocessing has a parent to watch.")
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        end_group(os.getpgrp())

    threading.Thread(target=watch, name="parent", daemon=True).start()


def end_group(group: int) -> None:
    """Kill a process group, grandchildren included; one that is gone already is no error."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
