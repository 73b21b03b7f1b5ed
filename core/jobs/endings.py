"""What an error means for the job: which ending it is, and in which words."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from core.errors import Bug, DiskFull, LightboxError, OutOfMemory, Stopped
from core.jobs.sink import Superseded
from core.store import JobRow, Store
from core.training.guard import is_out_of_memory

_FULL = (errno.ENOSPC, errno.EDQUOT)


class Ending(AbstractContextManager[None]):
    """A block that does a job; however it fails, the job is failed or stopped in words, and a bug is printed.

    An end of the process (`SystemExit`, `KeyboardInterrupt`) is no failure of the job and passes through.

    Args:
        store, job: what is failed.
        log: where a bug's traceback will be found, in words.
        before: called before the ending is written.
    """

    def __init__(self, store: Store, job: JobRow, log: str, before: Callable[[], None]) -> None:
        self._store, self._job, self._log, self._before = store, job, log, before

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(error, Superseded):
            return True
        told = told_as(error, self._log)
        if isinstance(told, Bug):
            traceback.print_exception(error, file=sys.stderr)
        self._before()
        if isinstance(told, Stopped):
            self._store.stop(self._job.id, attempt=self._job.attempt)
        else:
            self._store.fail(self._job.id, told, attempt=self._job.attempt)
        return True


def told_as(error: Exception, log: str) -> LightboxError:
    """The error as the user is told of it.

    Args:
        error: whatever ended the work.
        log: where its traceback will be found, in words, for errors of our own.
    """
    if isinstance(error, LightboxError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL:
        return DiskFull("The disk that holds the home folder is full.", "Free some space, then run it again.")
    if is_out_of_memory(error):
        return OutOfMemory(
            "The machine had no memory left for this work.",
            "Close other programs, or choose a smaller image side, batch or network, then run it again.",
        )
    return Bug(
        f"An error of Lightbox's own ended this work ({type(error).__name__}).",
        f"Its details are in {log}; please report it, then try again.",
    )
