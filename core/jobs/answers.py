"""The warm process: it keeps the models that were asked last and answers within a blink, also while a run trains."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from core.jobs.endings import Ending
from core.jobs.evaluate_job import run_evaluation
from core.jobs.predict_job import Models, run_prediction
from core.jobs.pulse import Pulse, Weather, end_with_parent
from core.jobs.sink import StoreSink
from core.settings import Settings
from core.specs import JobKind
from core.store import JobRow, Store

POLL_S = 0.02
LOOK_AGAIN_S = 1.0  # how long a write that the watch has missed may go unnoticed
BEAT_S = 1.0


def serve_answers(settings: Settings, worker_id: str) -> None:
    """Take predictions and evaluations from the queue as long as this worker lives."""
    os.setsid()
    end_with_parent()
    with Store.open(settings.database) as store:
        Answers(settings, store, worker_id).run()


@dataclass(frozen=True)
class Held:
    """A job in hand, and whether its asker has given up."""

    job: JobRow
    stopping: threading.Event


class Answers:
    """Predictions one after the other in the main thread; an evaluation, which may take minutes, beside them."""

    def __init__(self, settings: Settings, store: Store, worker_id: str) -> None:
        self._settings, self._store, self._worker_id = settings, store, worker_id
        self._models = Models()
        self._held: dict[str, Held] = {}
        self._beside = ThreadPoolExecutor(1, "evaluation")

    def run(self) -> None:
        """Answer without end."""
        Pulse(self._beat, BEAT_S)
        watch, looked_at = self._store.watch(), -LOOK_AGAIN_S
        while True:
            now = time.monotonic()
            if not watch.changed() and now - looked_at < LOOK_AGAIN_S:
                time.sleep(POLL_S)
                continue
            looked_at = now
            with Weather():
                while job := self._store.claim("answer", self._worker_id, os.getpid()):
                    self._take(job)

    def _take(self, job: JobRow) -> None:
        held = self._held[job.id] = Held(job, threading.Event())
        if job.kind is JobKind.EVALUATE:
            sink = StoreSink(self._store, job, held.stopping)
            self._beside.submit(self._answer, job, lambda: run_evaluation(self._settings, self._store, sink, job))
        else:
            self._answer(job, lambda: run_prediction(self._settings, self._store, self._models, job))

    def _answer(self, job: JobRow, ask: Callable[[], dict[str, Any]]) -> None:
        with Weather(), Ending(self._store, job, "worker.log in the home folder", before=lambda: None):
            self._store.finish(job.id, ask(), attempt=job.attempt)
        self._held.pop(job.id, None)

    def _beat(self) -> None:
        for held in list(self._held.values()):
            self._store.beat(held.job.id, attempt=held.job.attempt)
            if self._store.stop_requested(held.job.id):
                held.stopping.set()
