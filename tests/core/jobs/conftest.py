"""Homes with real stores, data small enough to import in a blink, and one real worker for all that need one."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.jobs import ensure_worker
from core.jobs.launch import SILENT_S
from core.settings import Settings
from core.specs import CnnConfig, Colour, JobKind, Recipe, Resize, RunConfig, Task, TrainingConfig
from core.store import JobRow, Store, new_id

SIDE_PX = 16


def write_npz(path: Path, images: int = 120, side_px: int = SIDE_PX) -> Path:
    """Dark and bright squares with noise: two classes that a small net tells apart, with a split of their own."""
    rng = np.random.default_rng(0)
    labels = np.arange(images)[:, None] % 2
    pixels = (rng.integers(0, 100, (images, side_px, side_px)) + labels[:, :, None] * 100).astype(np.uint8)
    val, test = images * 6 // 10, images * 8 // 10
    cuts = {"train": slice(0, val), "val": slice(val, test), "test": slice(test, None)}
    arrays = {f"{name}_images": pixels[cut] for name, cut in cuts.items()}
    np.savez(path, **arrays, **{f"{name}_labels": labels[cut] for name, cut in cuts.items()})
    return path


def small_config(dataset_id: str, **training) -> RunConfig:
    """A net that trains in a moment."""
    recipe = Recipe(steps=(Colour(mode="grey"), Resize(side_px=SIDE_PX)))
    model = CnnConfig(filters=(4,), dense_units=(8,))
    return RunConfig(dataset_id=dataset_id, recipe=recipe, model=model, training=TrainingConfig(**training))


@dataclass(frozen=True)
class Place:
    """A home, and the questions that tests ask of it."""

    settings: Settings
    store: Store

    def queue_import(self, source: Path | None, **payload) -> str:
        """The job's id; the data set's is its subject."""
        dataset_id, job_id = new_id("ds"), new_id("imp")
        self.store.add_dataset(dataset_id, "Squares", Task.CLASSIFICATION)
        payload = {"source": None if source is None else str(source), "delete_source": False, "accept": True} | payload
        self.store.submit(job_id, JobKind.IMPORT, dataset_id, payload)
        return job_id

    def queue_run(self, config: RunConfig, after: str | None = None) -> str:
        run_id = new_id("run")
        with self.store.together():
            self.store.add_run(run_id, "Run", config)
            self.store.submit(run_id, JobKind.TRAIN, run_id, {}, after=after)
        return run_id

    def ask(self, kind: JobKind, run_id: str, image: bytes = b"", **payload) -> str:
        job_id = new_id("ask")
        folder = self.settings.answer_dir(job_id)
        folder.mkdir(parents=True)
        (folder / "input").write_bytes(image)
        self.store.submit(job_id, kind, run_id, {"run_id": run_id} | payload)
        return job_id

    def until(self, job_id: str, true=lambda job: job.state.final, wait_s: float = 180) -> JobRow:
        """The job once something holds of it; by default once it has ended."""
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            if true(job := self.store.job(job_id)):
                return job
            time.sleep(0.02)
        raise AssertionError(f"In {wait_s} s it did not happen: {self.store.job(job_id)}")

    def left_over(self, dataset_id: str) -> list[str]:
        return [path.name for path in (self.settings.home / "datasets").glob(f"{dataset_id}*")]

    def worker(self, wait_s: float = 30) -> psutil.Process:
        """The process of the worker that is alive."""
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            for row in self.store.live_workers(SILENT_S):
                if psutil.pid_exists(row.pid):
                    return psutil.Process(row.pid)
            time.sleep(0.05)
        raise AssertionError((self.settings.home / "worker.log").read_text())


def open_place(home: Path) -> Place:
    settings = Settings(home=home)
    return Place(settings, Store.open(settings.database))


def end_worker(place: Place) -> None:
    """Tell the worker of a home to end, and wait until every process of it is gone."""
    for row in place.store.live_workers(SILENT_S):
        if psutil.pid_exists(row.pid):
            family = [psutil.Process(row.pid), *psutil.Process(row.pid).children(recursive=True)]
            os.kill(row.pid, signal.SIGTERM)
            psutil.wait_procs(family, timeout=20)


@pytest.fixture
def place(tmp_path):
    opened = open_place(tmp_path / "home")
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A home with a worker, shared by the tests of a module."""
    opened = open_place(tmp_path_factory.mktemp("busy") / "home")
    ensure_worker(opened.settings, opened.store)
    opened.worker()
    yield opened
    end_worker(opened)
    opened.store.close()


@pytest.fixture
def npz(tmp_path):
    return write_npz(tmp_path / "squares.npz")
