"""One reader process as the program that asks it sees it: started, asked, ended.

What it gets of our environment is where programs and libraries lie; our own settings are none of its business.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import WorkFailed
from core.images.reader_pipe import Gone, Late, read, write

_START_S = 120.0  # of an interpreter and its libraries, on a machine that does much else
_PIPE_BYTES = 2**20
_HANDED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG")


class Child:
    """One reader process.

    Args:
        command: the program and its arguments.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._popen = subprocess.Popen(  # noqa: S603  our own program
            command,
            env=_environment(),
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it would quote what stands in the file
            bufsize=0,
        )
        if self._popen.stdin is None or self._popen.stdout is None:
            raise Gone
        self._questions, self._answers = self._popen.stdin, self._popen.stdout
        for pipe in (self._questions, self._answers):
            os.set_blocking(pipe.fileno(), False)
            with contextlib.suppress(OSError):  # a user's pipes may together hold so much; smaller ones are slower
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._ready = False

    def exchange(self, question: dict[str, Any], raw: bytes, limit_s: float) -> tuple[dict[str, Any], bytearray]:
        """Ask and hear the answer.

        Raises:
            Late, Gone: it has not answered in time, or has ended.
            WorkFailed: it could not be started.
        """
        if not self._ready:
            self._await_start()
        until = time.monotonic() + limit_s
        write(self._questions.fileno(), question | {"limit_s": limit_s}, raw, until)
        return read(self._answers.fileno(), until)

    def _await_start(self) -> None:
        try:
            read(self._answers.fileno(), time.monotonic() + _START_S)
        except (Late, Gone):
            raise WorkFailed(
                "The program that reads DICOM, NIfTI and TIFF files could not be started.",
                "Look whether the machine has memory left, and try again.",
            ) from None
        self._ready = True

    def forget(self, limit_s: float) -> None:
        """Let it put the file away that it has open; no answer comes.

        Raises:
            Late, Gone: it does not listen.
        """
        write(self._questions.fileno(), {"close": True}, until=time.monotonic() + limit_s)

    def kill(self) -> None:
        """Kill it; whoever waits for its answer hears that it is gone, and has to `end` it."""
        self._popen.kill()

    def end(self) -> None:
        """Kill it and take note of its end; nobody may be waiting for its answer."""
        self._popen.kill()
        self._popen.wait()
        self._questions.close()
        self._answers.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | one | {"PYTHONPATH": str(Path(__file__).parents[2])}
