"""The libraries that read images, while many are read: no threads of their own, no words of their own.

Files are read in as many threads as there are cores already. And what the libraries in C print (the name of a colour
profile, say) comes from the files, past everything that takes names out of our own words.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import cv2


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """A block in which OpenCV has one thread and nothing is written to this process's standard error."""
    threads = cv2.getNumThreads()
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        cv2.setNumThreads(1)
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
        cv2.setNumThreads(threads)
