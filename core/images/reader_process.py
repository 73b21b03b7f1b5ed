"""The program that reads the risky kinds of files for `readers`: bounded in memory and time, and free to crash.

It is told one file after the other and keeps nothing. What is no refusal in words ends it: the one who asked sees that.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import Any

import cv2

from core.errors import LightboxError
from core.images.decoding import decode, planes
from core.images.reader_pipe import Gone, packed, read, write
from core.images.told import told

_GRACE_S = 5.0  # the asker's own limit comes first; this one is for a process whose asker was killed


def main(memory_bytes: int) -> None:
    """Answer what stands in standard input on standard output, until it ends.

    Args:
        memory_bytes: the most memory this process may take beyond what it has now.
    """
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for file in (0, 1):  # whatever a library prints is no answer
        os.dup2(nothing, file)
    cv2.setNumThreads(1)
    _limit(memory_bytes)
    write(answers, {"ready": True})
    file: dict[str, Any] = {}
    while True:
        try:
            question, raw = read(questions)
        except Gone:
            return
        signal.setitimer(signal.ITIMER_REAL, question["limit_s"] + _GRACE_S)
        try:
            if "open" in question:
                file = question["open"] | {"data": bytes(raw)}
                del raw
                write(answers, _opened(file))
            else:
                write(answers, *packed(_decoded(file, question["plane"])))
        except LightboxError as error:
            write(answers, {"refused": [error.code, error.what, error.remedy]})
        except MemoryError:
            write(answers, {"memory": True})
            return
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _opened(file: dict[str, Any]) -> dict[str, Any]:
    count = planes(file["data"], file["name"])
    return {"planes": count, "told": told(file["data"], file["name"]).model_dump(mode="json")}


def _decoded(file: dict[str, Any], plane: int) -> Any:
    return decode(file["data"], name=file["name"], max_pixels=file["max_pixels"], plane=plane)


def _limit(memory_bytes: int) -> None:
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, mapped + memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard),) * 2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
