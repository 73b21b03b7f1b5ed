"""Warnings of the readers, kept away from the log while they work on a stranger's file: a refusal says what is wrong.

They would also write into the log what stands in the file: pydicom quotes the values that it doubts.

`warnings.catch_warnings` swaps the list of filters of the whole process and is not safe in threads, and images are
decoded in many; so one filter is put in while any thread is inside, and the same one taken out by the last.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any, cast

_READERS = r"(PIL|pydicom|openjpeg|tifffile|imagecodecs|nibabel)\b"
_lock = threading.Lock()
_inside = 0
_entry: Any = None


@contextlib.contextmanager
def quiet_readers() -> Iterator[None]:
    """Within it no warning of a reading library is shown, recorded or raised."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _entry
    with _lock:
        _inside += 1
        warnings.filterwarnings("ignore", module=_READERS)  # puts it first; there once however often it is asked for
        _entry = warnings.filters[0]


def _leave() -> None:
    global _inside
    with _lock:
        _inside -= 1
        if _inside == 0:
            with contextlib.suppress(ValueError):  # another thread's catch_warnings has put its own list back meanwhile
                cast("list[Any]", warnings.filters).remove(_entry)


def without_a_log(*loggers: str) -> None:
    """Let these loggers and those below them say nothing at all, in this process, from now on."""
    for name in loggers:
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
