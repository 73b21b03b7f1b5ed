"""A job that is killed half way leaves nothing half-made: its next attempt replaces it, its last death clears it up."""

import hashlib
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.images import encode_png
from core.jobs.children import DO
from core.jobs.sink import StoreSink
from core.jobs.sources import KEPT, keep_source
from core.jobs.tidy import clear_up_after
from core.jobs.work import Work
from core.specs import DatasetState, Edits, Exclude, JobKind, JobState, Task
from core.store import new_id

CONTENT = b"published" * 200_000  # some pieces of 256 KiB
ROOT = Path(__file__).parents[3]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/breastmnist.npz"
    server.shutdown()
    server.server_close()


@pytest.fixture
def upload(place):
    """Two class folders of twelve images, among the uploads."""
    place.settings.uploads_dir.mkdir()
    path = place.settings.uploads_dir / "0123.zip"
    with zipfile.ZipFile(path, "w") as out:
        for number in range(24):
            pixels = np.random.default_rng(number).integers(0, 256, (12, 12), dtype=np.uint8)
            out.writestr(f"{'ab'[number % 2]}/{number}.png", encode_png(pixels))
    return path


def lying(place):
    """Every file of the home but the database and the secrets."""
    files = (path for path in place.settings.home.rglob("*") if path.is_file())
    names = (str(path.relative_to(place.settings.home)) for path in files)
    return sorted(name for name in names if not name.startswith(("lightbox.db", "salt")))


def do_next(place, lane):
    job = place.store.claim(lane, "wrk_b")
    sink = StoreSink(place.store, job, threading.Event())
    DO[job.kind](Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None)))


def kill_half_way(place, lane, words, *address):
    """Let a child take the next job, kill it in the middle, and take note of its death as a worker does."""
    command = [sys.executable, str(ROOT / "tests/core/jobs/half_way.py"), str(place.settings.home), lane, str(words)]
    with subprocess.Popen(
        [*command, *address], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout.readline() == b"half way\n"
        child.kill()
    (job,) = place.store.jobs(states={JobState.RUNNING})
    now = place.store.requeue(job.id, attempt=job.attempt, died=True)
    clear_up_after(place.settings, now)
    return now


def die_for_good(place, job):
    """Two further deaths, after which a worker gives up."""
    for _ in range(2):
        assert job.state is JobState.QUEUED
        taken = place.store.claim(job.lane, "wrk_a")
        job = place.store.requeue(taken.id, attempt=taken.attempt, died=True)
        clear_up_after(place.settings, job)
    assert (job.state, job.ending) == (JobState.FAILED, "worker_lost")


def add(place, kind, state, **payload):
    dataset_id = new_id("ds")
    place.store.add_dataset(dataset_id, "A", Task.CLASSIFICATION, state)
    place.store.submit(new_id("job"), kind, dataset_id, payload)
    return dataset_id


@pytest.fixture
def imported(place, upload):
    dataset_id = add(place, JobKind.IMPORT, DatasetState.IMPORTING, accept=True, **KEPT)
    keep_source(place.settings, dataset_id, upload, ours=True)
    do_next(place, "data")
    return dataset_id


def test_a_download_is_cleared_up(place, server):
    dataset_id = add(place, JobKind.FETCH, DatasetState.LOOKING, key="breastmnist")
    job = kill_half_way(place, "data", 3, server, hashlib.md5(CONTENT).hexdigest())
    (half,) = lying(place)
    assert half.startswith(f"uploads/{dataset_id}.fetching/")
    die_for_good(place, job)
    assert lying(place) == []
    assert place.store.dataset(dataset_id).state is DatasetState.FAILED


def test_a_look_is_made_again(place, upload):
    dataset_id = add(place, JobKind.LOOK, DatasetState.LOOKING, **KEPT)
    keep_source(place.settings, dataset_id, upload, ours=True)
    kill_half_way(place, "quick", 1)
    assert f"looks/{dataset_id}/names.parquet" in lying(place)
    assert f"looks/{dataset_id}/look.json" not in lying(place)
    do_next(place, "quick")
    do_next(place, "data")
    assert place.store.dataset(dataset_id).state is DatasetState.REVIEW
    assert all(name.startswith(f"datasets/{dataset_id}/") for name in lying(place))


def test_a_revision_of_an_accepted_data_set_is_cleared_up(place, imported):
    before = lying(place)
    edits = Edits(edits=(Exclude(item_ids=(0,)),)).model_dump(mode="json")
    child = add(place, JobKind.REVISE, DatasetState.IMPORTING, parent=imported, edits=edits)
    job = kill_half_way(place, "quick", 2)
    assert len(lying(place)) > len(before)
    die_for_good(place, job)
    assert lying(place) == before
    assert place.store.dataset(child).state is DatasetState.FAILED


def test_an_export_is_made_again(place, imported):
    before = lying(place)
    place.store.submit("exp_a", JobKind.EXPORT, imported, {})
    kill_half_way(place, "data", 2)
    assert len(lying(place)) == len(before) + 1
    do_next(place, "data")
    assert set(lying(place)) - set(before) == {f"exports/{imported}.zip"}
    assert place.store.dataset(imported).state is DatasetState.ACCEPTED
