"""The entry of a child: one job in a process group of its own, forked warm, watched, and ended in words."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable

from core.errors import Stopped
from core.jobs.endings import Ending
from core.jobs.export_job import run_export
from core.jobs.fetch_job import run_fetch
from core.jobs.import_job import run_import
from core.jobs.look_job import run_look
from core.jobs.pulse import Pulse, end_group, end_with_parent
from core.jobs.revise_job import run_revise
from core.jobs.sink import StoreSink, Superseded
from core.jobs.tidy import clear_up_deleted, is_there
from core.jobs.train_job import run_training
from core.jobs.wordless import Wordless
from core.jobs.work import Work
from core.settings import Settings
from core.specs import JobKind
from core.store import JobRow, Store

NICENESS = 5  # answers, pages and the worker go before imports and trainings
LOOK_S = 0.25  # how often it is looked whether the user asked to stop
BEAT_S = 1.0
GRACE_S = 10.0  # from a stop until work that has not ended by itself is ended; what it leaves is cleared up as ever

DO: dict[JobKind, Callable[[Work], None]] = {
    JobKind.FETCH: run_fetch,
    JobKind.LOOK: run_look,
    JobKind.IMPORT: run_import,
    JobKind.REVISE: run_revise,
    JobKind.EXPORT: run_export,
    JobKind.TRAIN: run_training,
}

_WORKER_LOG = "worker.log in the home folder"
LOG = dict.fromkeys(DO, _WORKER_LOG) | {JobKind.TRAIN: "log.txt in the folder of the run"}


def run_child(settings: Settings, job_id: str, attempt: int) -> None:
    """Do one job that was claimed, in this process.

    Args:
        job_id: of anything but an answer.
        attempt: the one that was claimed; if another has taken the job since, this process ends at once.
    """
    os.setsid()
    end_with_parent()
    os.nice(NICENESS)
    with Store.open(settings.database) as store:
        job = store.job(job_id)
        if not store.beat(job_id, attempt=attempt, pid=os.getpid()):
            return
        stopping = threading.Event()
        pulse = Pulse(Watchman(store, job, stopping).look, LOOK_S)
        with Ending(store, job, LOG[job.kind], before=pulse.close):
            _print_into_log(settings, job)
            _do(Work(settings, store, job, StoreSink(store, job, stopping), pulse))


def _do(work: Work) -> None:
    """The job; one on data tells a bug without its words, and does not fail because its data set was deleted."""
    if work.job.kind is JobKind.TRAIN:
        DO[JobKind.TRAIN](work)
        return
    try:
        with Wordless(_WORKER_LOG):
            DO[work.job.kind](work)
    except Superseded:
        raise
    except Exception as error:
        if is_there(work.store, work.job.subject_id):
            raise
        clear_up_deleted(work.settings, work.job)
        raise Stopped("The data set was deleted meanwhile.", "Bring it in again if you need it.") from error


class Watchman:
    """Says every second that the job is alive, and learns whether it is to stop or has gone to another.

    Work on data that does not stop within `GRACE_S` is ended, as a library may be busy for hours with a hostile file;
    whoever finds it dead marks it as stopped. A training is left alone: it keeps and checks what it has learned.

    Args:
        clock: seconds, rising.
    """

    def __init__(
        self, store: Store, job: JobRow, stopping: threading.Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._job, self._stopping, self._clock = store, job, stopping, clock
        self._looks = 0
        self._stopped_at = math.inf

    def look(self) -> None:
        """One look; beats at every fourth. Whoever has lost the job must not write another line: the group ends."""
        self._looks += 1
        if self._looks % round(BEAT_S / LOOK_S) == 0 and not self._store.beat(self._job.id, attempt=self._job.attempt):
            end_group(os.getpgrp())
        if not self._stopping.is_set() and self._store.stop_requested(self._job.id):
            self._stopping.set()
            self._stopped_at = self._clock()
        if self._clock() - self._stopped_at > GRACE_S and self._job.kind is not JobKind.TRAIN:
            end_group(os.getpgrp())


def _print_into_log(settings: Settings, job: JobRow) -> None:
    """A run prints into its own folder; an import, whose folder may not stay, into the worker's log."""
    if job.kind is not JobKind.TRAIN:
        return
    folder = settings.run_dir(job.subject_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
