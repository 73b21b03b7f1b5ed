"""Bugs on the way of strangers' files are told by where they happened, never by their words: these may quote a file."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType

from core.errors import Bug
from core.jobs.endings import told_as
from core.jobs.sink import Superseded


class Wordless(AbstractContextManager[None]):
    """A block in which an error of our own becomes a `Bug` with the same traceback and without its message.

    Args:
        log: where the traceback will be found, in words.
    """

    def __init__(self, log: str) -> None:
        self._log = log

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, (Superseded, Bug)):
            return
        told = told_as(error, self._log)
        if isinstance(told, Bug):
            raise told.with_traceback(trace) from None
