"""Reading in safety where a file comes now and then: one reader process is kept for the whole of this program."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading

from core.images.decoding import Decoded
from core.images.readers import OpenFile, Readers

_own: dict[int, Readers] = {}  # by process id: what was forked has to start its own
_lock = threading.Lock()


def decode_apart(data: bytes, *, name: str, max_pixels: int, plane: int = 0, axis: int = 2) -> Decoded:
    """`decode` in safety.

    Args, returns and raises as `core.images.decode`; also refused is what takes too long, needs too much memory or
    makes its reader crash.
    """
    with open_apart(data, name=name, max_pixels=max_pixels, axis=axis) as file:
        return file.decode(plane)


def open_apart(
    data: bytes, *, name: str, max_pixels: int, axis: int = 2
) -> contextlib.AbstractContextManager[OpenFile]:
    """`Readers.open` in the same one process, for a file of several images."""
    return _own_readers().open(data, name, max_pixels, axis)


def _own_readers() -> Readers:
    with _lock:
        if os.getpid() not in _own:
            _own[os.getpid()] = Readers(processes=1)
            atexit.register(_own[os.getpid()].close)
        return _own[os.getpid()]
