"""A real worker: what it does in the order in which people ask, and what becomes of a job whose process is killed."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import psutil
import pytest

from core.actions import Home, delete_dataset
from core.datasets import Shelf
from core.images import encode_png
from core.jobs import ensure_worker, inspect_device, try_step
from core.jobs.launch import SILENT_S
from core.specs import Answer, DatasetState, JobKind, JobState, Split

from .conftest import SIDE_PX, end_worker, small_config, write_npz

pytestmark = pytest.mark.journey

DARK = encode_png(np.full((SIDE_PX, SIDE_PX), 40, np.uint8))
LONG = {"epochs": 1000}


def is_training(job):
    return job.progress.stage == "Training" and job.progress.done > 0


def gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def fork_server(place):
    children = place.worker().children()
    return next(child for child in children if "multiprocessing.forkserver" in " ".join(child.cmdline()))


@pytest.fixture(scope="module")
def squares(busy, tmp_path_factory):
    """An accepted data set."""
    source = write_npz(tmp_path_factory.mktemp("npz") / "squares.npz")
    job = busy.until(busy.queue_import(source))
    assert (job.state, job.what) == (JobState.FINISHED, None)
    return job.subject_id


@pytest.fixture(scope="module")
def finished(busy, squares):
    """A run that has ended well."""
    run_id = busy.queue_run(small_config(squares, epochs=2))
    job = busy.until(run_id)
    assert (job.state, job.what) == (JobState.FINISHED, None)
    return run_id


def test_of_processes_that_all_want_a_worker_one_starts_one(place):
    code = "import sys; from core.jobs import ensure_worker; from core.settings import Settings\n"
    code += "from core.store import Store; settings = Settings(home=sys.argv[1])\n"
    code += "with Store.open(settings.database) as store: ensure_worker(settings, store)"
    command = [sys.executable, "-c", code, str(place.settings.home)]
    starters = [subprocess.Popen(command) for _ in range(4)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    worker = place.worker()
    ensure_worker(place.settings, place.store)
    home = f"LIGHTBOX_HOME={place.settings.home}"
    ours = [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"] and process.info["cmdline"][-1] == "core.jobs.worker"
        if process.environ().get("LIGHTBOX_HOME") == home.removeprefix("LIGHTBOX_HOME=")
    ]
    assert ours == [worker]
    end_worker(place)
    assert place.store.live_workers(SILENT_S) == []
    assert gone(worker)


def test_a_worker_whose_home_is_deleted_ends(place):
    ensure_worker(place.settings, place.store)
    worker = place.worker()
    shutil.rmtree(place.settings.home)
    psutil.wait_procs([worker], timeout=20)
    assert gone(worker)


def test_the_fork_server_has_two_threads_only(busy, finished):
    # One of its own and one of pyarrow's. More would mean that a preload did something, and that a fork may
    # inherit a lock that a thread held.
    (server,) = (
        child for child in busy.worker().children() if "multiprocessing.forkserver" in " ".join(child.cmdline())
    )
    assert server.num_threads() == 2


def test_the_worker_says_what_it_runs_on(busy, finished):
    (row,) = busy.store.live_workers(SILENT_S)
    assert row.device.backend == "tensorflow"
    assert row.device.words
    assert busy.store.run(finished).summary.device == row.device


def test_a_run_leaves_its_model_its_report_and_its_curves(busy, finished):
    folder = busy.settings.run_dir(finished)
    for name in ("config.json", "card.json", "model.keras", "log.txt", "report/val.json"):
        assert (folder / name).is_file(), name
    assert not (folder / "report/test.json").exists()
    summary = busy.store.run(finished).summary
    assert (summary.epochs_done, summary.parameters) == (2, busy.store.run(finished).summary.parameters)
    epochs = [point.epoch for point in busy.store.points_after(finished, 0) if point.kind == "epoch"]
    assert epochs == [1.0, 2.0]


def test_the_warm_process_answers_and_measures_the_test_split(busy, finished):
    job = busy.until(busy.ask(JobKind.PREDICT, finished, DARK, name="dark.png"))
    answer = Answer.model_validate(job.result)
    assert answer.classes == ("class 0", "class 1")
    assert sum(answer.probabilities) == pytest.approx(1)
    folder = busy.settings.answer_dir(job.id)
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in ("input_came.png", "input_seen.png"))
    job = busy.until(busy.ask(JobKind.EVALUATE, finished, split=Split.TEST.value))
    assert (job.state, job.what) == (JobState.FINISHED, None)
    assert (busy.settings.run_dir(finished) / "report/test.json").is_file()


def test_an_image_gets_the_same_answer_alone_as_it_got_in_the_report(busy, squares, finished):
    table = pd.read_parquet(busy.settings.run_dir(finished) / "report/val.parquet")
    row = table.iloc[3]
    image = Shelf(busy.settings.dataset_dir(squares)).original(int(row["item_id"]))
    answer = Answer.model_validate(busy.until(busy.ask(JobKind.PREDICT, finished, image, name=row["name"])).result)
    assert answer.probabilities == pytest.approx((row["p_0"], row["p_1"]), abs=1e-6)
    assert answer.predicted_class == row["predicted"]


@pytest.mark.parametrize(
    ("image", "payload", "code"),
    [(b"this is no image", {"name": "x.txt"}, "bad_image"), (DARK, {}, "bug")],
)
def test_a_question_that_fails_says_why_and_the_next_is_answered(busy, finished, image, payload, code):
    failed = busy.until(busy.ask(JobKind.PREDICT, finished, image, **payload))
    assert (failed.state, failed.ending) == (JobState.FAILED, code)
    if code == "bug":
        assert "KeyError: 'name'" in (busy.settings.home / "worker.log").read_text()
    good = busy.until(busy.ask(JobKind.PREDICT, finished, DARK, name="dark.png"))
    assert good.state is JobState.FINISHED


def test_a_run_whose_data_set_is_gone_says_so(busy):
    job = busy.until(busy.queue_run(small_config("ds_gone")))
    assert (job.state, job.ending) == (JobState.FAILED, "data_gone")


def test_an_import_that_is_stopped_leaves_nothing(busy, tmp_path):
    job_id = busy.queue_import(write_npz(tmp_path / "many.npz", images=12_000, side_px=32))
    dataset_id = busy.until(job_id, lambda job: job.progress.done > 0).subject_id
    busy.store.request_stop(job_id)
    assert busy.until(job_id).state is JobState.STOPPED
    assert busy.store.dataset(dataset_id).state is DatasetState.FAILED
    assert busy.left_over(dataset_id) == []


def test_a_child_that_is_killed_is_replaced_while_others_wait_and_answers_come(busy, squares, finished):
    run_id, second = busy.queue_run(small_config(squares, **LONG)), busy.queue_run(small_config(squares, epochs=1))
    job = busy.until(run_id, is_training)
    assert busy.store.queue_position(second) == 1
    assert busy.until(busy.ask(JobKind.PREDICT, finished, DARK, name="dark.png")).state is JobState.FINISHED
    assert busy.store.job(run_id).state is JobState.RUNNING

    os.killpg(job.pid, signal.SIGKILL)
    again = busy.until(run_id, lambda job: job.attempt == 2 and is_training(job))
    assert (again.deaths, again.state) == (1, JobState.RUNNING)
    steps = [point.step for point in busy.store.points_after(run_id, 0)]
    assert steps == sorted(steps)

    fork_server(busy).kill()  # the child lives on, but can no longer be waited for: it is ended and replaced
    again = busy.until(run_id, lambda job: job.attempt == 3 and is_training(job))
    assert (again.deaths, again.state) == (2, JobState.RUNNING)

    busy.store.request_stop(run_id)
    stopped = busy.until(run_id)
    assert (stopped.state, stopped.result) == (JobState.STOPPED, {})
    assert (busy.settings.run_dir(run_id) / "report/val.json").is_file()
    assert busy.store.run(run_id).summary.stopped_because
    assert busy.until(second).state is JobState.FINISHED


def test_a_warm_answer_comes_soon_while_a_run_trains(busy, squares, finished):
    run_id = busy.queue_run(small_config(squares, **LONG))
    busy.until(run_id, is_training)
    busy.until(busy.ask(JobKind.PREDICT, finished, DARK, name="dark.png"))  # the first loads the model
    began = time.monotonic()
    assert busy.until(busy.ask(JobKind.PREDICT, finished, DARK, name="dark.png")).state is JobState.FINISHED
    assert time.monotonic() - began < 2  # some 0.1 s on an idle machine; a wait for the training would be minutes
    assert is_training(busy.store.job(run_id))
    assert busy.store.job(run_id).state is JobState.RUNNING
    busy.store.request_stop(run_id)
    assert busy.until(run_id).state is JobState.STOPPED


def test_an_import_whose_data_set_is_deleted_ends_without_a_bug(busy, tmp_path):
    job_id = busy.queue_import(write_npz(tmp_path / "many.npz", images=12_000, side_px=32))
    dataset_id = busy.until(job_id, lambda job: job.progress.done > 0).subject_id
    log = busy.settings.home / "worker.log"
    said = len(log.read_text())
    delete_dataset(Home(busy.settings, busy.store), dataset_id)
    job = busy.until(job_id)
    assert job.ending != "bug"
    assert "Traceback" not in log.read_text()[said:]
    assert busy.left_over(dataset_id) == []


def test_a_run_outlives_its_worker_whether_told_to_end_or_killed(busy, squares):
    run_id = busy.queue_run(small_config(squares, epochs=80))
    busy.until(run_id, is_training)
    family = [busy.worker(), *busy.worker().children(recursive=True)]
    end_worker(busy)
    assert all(gone(process) for process in family)
    job = busy.store.job(run_id)
    assert (job.state, job.deaths, job.attempt) == (JobState.QUEUED, 0, 1)

    ensure_worker(busy.settings, busy.store)
    busy.until(run_id, is_training)
    worker = busy.worker()
    family = worker.children(recursive=True)
    worker.kill()
    psutil.wait_procs(family, timeout=20)
    assert all(gone(process) for process in family)
    assert busy.store.job(run_id).state is JobState.RUNNING  # nobody was left to say otherwise

    ensure_worker(busy.settings, busy.store)
    job = busy.until(run_id)
    assert (job.state, job.deaths, job.attempt) == (JobState.FINISHED, 0, 3)  # a death counts until it got further
    epochs = [point.epoch for point in busy.store.points_after(run_id, 0) if point.kind == "epoch"]
    assert epochs == [float(number) for number in range(1, 81)]


def test_the_doctor_can_ask_a_fresh_child(place):
    assert inspect_device(place.settings).backend == "tensorflow"
    assert try_step(place.settings) > 0
