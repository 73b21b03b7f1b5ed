"""The program that reads the risky kinds of files for `readers`: bounded in memory and time, and free to crash.

It is given one file after the other and keeps nothing. Whatever is no refusal in words ends it, and that tells enough.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

import cv2
import psutil

from core.errors import LightboxError
from core.images.decoding import Opened, opened
from core.images.reader_pipe import Gone, packed, read, write

_GRACE_S = 5.0  # the asker's own limit comes first; this one is for a process whose asker was killed


def main(memory_bytes: int) -> None:
    """Answer on standard output what is asked on standard input, until that ends.

    Args:
        memory_bytes: the most memory that this process may take beyond what it has now.
    """
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):  # whatever a library prints is no answer
        os.dup2(nothing, standard)
    cv2.setNumThreads(1)
    _limit(memory_bytes)
    write(answers, {"ready": True})
    desk = _Desk()
    with contextlib.suppress(Gone):  # the asker has no more questions
        while _answered(desk, questions, answers):
            continue


def _answered(desk: _Desk, questions: int, answers: int) -> bool:
    """Whether there may be another question after this one; nothing of it is held when it is answered."""
    question, raw = read(questions)
    if "close" in question:
        desk.clear()
        return True
    answer, more = desk.answer(question, raw)
    write(answers, answer, more)
    return "memory" not in answer


class _Desk:
    """The one file that is open, and what is asked about it."""

    def __init__(self) -> None:
        self._open: Opened | None = None

    def answer(self, question: dict[str, Any], raw: bytearray) -> tuple[dict[str, Any], memoryview | bytes]:
        try:
            with _alarm(question["limit_s"] + _GRACE_S):
                if "open" in question:
                    return self._begin(bytes(raw), question["open"], question["ahead"])
                if self._open is None:
                    raise Gone
                return packed(self._open.decode(question["plane"]))
        except LightboxError as error:
            return _refusal(error), b""
        except MemoryError:
            return {"memory": True}, b""

    def clear(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _begin(self, data: bytes, about: dict[str, Any], ahead: bool) -> tuple[dict[str, Any], memoryview | bytes]:
        """What a file holds; with the only plane of one that has no more, it is all said at once."""
        self.clear()
        self._open = opened(data, **about)
        answer = {"planes": self._open.planes, "told": self._open.told.model_dump(mode="json")}
        if not ahead or self._open.planes > 1:
            return answer, b""
        try:
            plane, raw = packed(self._open.decode(0))
        except LightboxError as error:
            return answer | {"plane": _refusal(error)}, b""
        return answer | {"plane": plane}, raw


def _refusal(error: LightboxError) -> dict[str, Any]:
    return {"refused": [error.code, error.what, error.remedy]}


@contextlib.contextmanager
def _alarm(limit_s: float) -> Iterator[None]:
    """Within it the kernel ends this process when the time is up, whatever it does."""
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(memory_bytes: int) -> None:
    """No more memory than that, no file written, no core dumped (it would hold the picture)."""
    mapped = psutil.Process().memory_info().vms
    for what, most in (
        (resource.RLIMIT_AS, mapped + memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(int(sys.argv[1]))
