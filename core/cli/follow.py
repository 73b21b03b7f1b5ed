"""Wait for a job, saying on stderr how far it is; keeps a worker alive meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from core import actions
from core.cli.show import plain
from core.errors import NoAnswer
from core.specs import JobState, Progress
from core.store import JobRow

POLL_S = 0.2
LOOK_FOR_WORKER_S = 5.0
NO_WORKER_S = 60.0


def follow(home: actions.Home, job: Callable[[], JobRow]) -> JobRow:
    """The job once its state is final.

    Args:
        job: reads the job anew.

    Raises:
        NoAnswer: it waits, and no worker has shown itself for a minute.
    """
    said, seen = "", time.monotonic()
    while not (row := job()).state.final:
        seen = _look_for_worker(home, row, seen)
        said = _say(row.progress, said)
        time.sleep(POLL_S)
    _end_line(said)
    return row


def _look_for_worker(home: actions.Home, row: JobRow, seen: float) -> float:
    """When a worker was last known to live; asks at most every few seconds."""
    now = time.monotonic()
    if row.state is JobState.RUNNING:
        return now
    if now - seen < LOOK_FOR_WORKER_S:
        return seen
    if actions.worker_alive(home):
        return now
    actions.ensure_worker(home)
    if now - seen > NO_WORKER_S:
        raise NoAnswer(
            "The work is queued, but no worker is alive.",
            "Start one with `python -m core worker`; worker.log in the home folder says why the last one ended.",
        )
    return seen


def _say(progress: Progress, said: str) -> str:
    """On a terminal one line that changes; elsewhere (a log) a line for each stage."""
    terminal = sys.stderr.isatty()
    words = plain(progress.stage)
    if terminal and progress.total:
        words += f"  {progress.done:,.4g} of {progress.total:,.4g} {progress.unit}".rstrip()
        words += f", {progress.left_s:.0f} s left" if progress.left_s is not None else ""
    if words != said:
        print(f"\r\033[K{words}" if terminal else words, end="" if terminal else "\n", file=sys.stderr, flush=True)
    return words


def _end_line(said: str) -> None:
    if said and sys.stderr.isatty():
        print(file=sys.stderr)
