"""A public set is fetched, then looked into like any other; whatever goes wrong, nothing is left of it."""

import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from core.errors import BadArchive, NoNetwork, NotFound, Stopped
from core.jobs import fetch_job
from core.jobs.fetch_job import run_fetch
from core.jobs.import_job import run_import
from core.jobs.look_job import run_look
from core.jobs.sink import StoreSink, Superseded
from core.jobs.sources import kept_source
from core.jobs.work import Work
from core.sources.public import public_set
from core.specs import DatasetState, JobKind, JobState, Task
from core.store import new_id

CONTENT = b"a published file" * 1000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        content = self.server.content
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: 100 if self.path.startswith("/cut") else None])

    def log_message(self, *_):
        pass


def claim(place, lane):
    job = place.store.claim(lane, "wrk_a")
    sink = StoreSink(place.store, job, threading.Event())
    return Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None))


@pytest.fixture
def begin(place, monkeypatch):
    """Queue and claim the fetching of a set that this machine serves; the work in hand."""
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def begin(how="whole", md5="", content=CONTENT):
        server.content, md5 = content, md5 or hashlib.md5(content).hexdigest()
        address = f"http://127.0.0.1:{server.server_port}/{how}/breastmnist.npz"
        monkeypatch.setattr(fetch_job, "public_set", lambda key: replace(public_set(key), address=address, md5=md5))
        dataset_id = new_id("ds")
        place.store.add_dataset(dataset_id, "BreastMNIST", Task.CLASSIFICATION, DatasetState.LOOKING)
        place.store.submit(new_id("fet"), JobKind.FETCH, dataset_id, {"key": "breastmnist"})
        return claim(place, "data")

    yield begin
    server.shutdown()
    server.server_close()


def lying(place):
    return sorted(
        str(path.relative_to(place.settings.home))
        for folder in ("uploads", "looks")
        for path in (place.settings.home / folder).rglob("*")
    )


def test_what_was_fetched_is_looked_into_next_and_lies_among_the_uploads(place, begin):
    work = begin()
    run_fetch(work)
    dataset_id = work.job.subject_id
    source = kept_source(place.settings, dataset_id)
    assert (source.path.read_bytes(), source.ours) == (CONTENT, True)
    assert place.store.job(work.job.id).state is JobState.FINISHED
    assert place.store.dataset(dataset_id).state is DatasetState.LOOKING
    (look,) = place.store.jobs(JobKind.LOOK, subject_id=dataset_id)
    assert look.state is JobState.QUEUED
    assert lying(place) == [
        f"looks/{dataset_id}.source.json",
        f"uploads/{dataset_id}.classes.json",
        f"uploads/{dataset_id}.npz",
    ]


def test_a_set_that_was_fetched_is_in_a_look_and_an_import_later(place, begin, npz):
    work = begin(content=npz.read_bytes())
    run_fetch(work)
    run_look(claim(place, "quick"))
    run_import(claim(place, "data"))
    row = place.store.dataset(work.job.subject_id)
    assert (row.state, row.card.images) == (DatasetState.REVIEW, 120)
    assert row.card.classes == ("malignant", "normal, benign"), "as the publisher of BreastMNIST names 0 and 1"
    assert lying(place) == []


@pytest.mark.parametrize(
    ("how", "error"), [({"md5": "0" * 32}, BadArchive), ({"how": "cut"}, NoNetwork)], ids=["wrong checksum", "cut line"]
)
def test_a_download_that_fails_leaves_nothing(place, begin, how, error):
    with pytest.raises(error):
        run_fetch(begin(**how))
    assert lying(place) == []
    assert place.store.jobs(JobKind.LOOK) == []


def test_a_stop_leaves_nothing(place, begin):
    work = begin()
    work.sink._stopping.set()
    with pytest.raises(Stopped):
        run_fetch(work)
    assert lying(place) == []


def test_a_data_set_deleted_meanwhile_leaves_nothing(place, begin):
    work = begin()
    place.store.delete_dataset(work.job.subject_id)
    with pytest.raises(NotFound):
        place.store.dataset(work.job.subject_id)
    with pytest.raises(Exception, match="deleted"):
        run_fetch(work)
    assert lying(place) == []


def test_who_has_lost_the_job_leaves_the_others_files_alone(place, begin):
    work = begin()
    place.store.requeue(work.job.id)
    place.store.claim("data", "wrk_b")
    with pytest.raises(Superseded):
        run_fetch(work)
    assert place.store.jobs(JobKind.LOOK) == []


def test_what_an_attempt_that_died_has_left_is_replaced(place, begin):
    work = begin()
    left = place.settings.uploads_dir / f"{work.job.subject_id}.fetching"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    run_fetch(work)
    assert not left.exists()
