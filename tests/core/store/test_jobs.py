"""The state machine of a job: which moves there are, and that the last one is the last."""

import threading

import pytest

from core.errors import Diverged, NotFound, Stopped
from core.specs import DatasetState, JobKind, JobState, Progress, Task
from core.store import Store

ENDINGS = {
    "finish": lambda store, **fence: store.finish("run_a", {"x": 1}, **fence),
    "stop": lambda store, **fence: store.stop("run_a", **fence),
    "fail": lambda store, **fence: store.fail("run_a", Diverged("It grew.", "Lower the rate."), **fence),
}


@pytest.fixture
def queued(store):
    store.submit("run_a", JobKind.TRAIN, "run_a", {"key": ["value", None, 1.5]})
    return "run_a"


@pytest.fixture
def running(store, queued):
    return store.claim("train", "wrk_a", pid=11)


def test_a_new_job_waits_in_the_lane_of_its_kind(store, queued):
    job = store.job(queued)
    assert (job.kind, job.lane, job.state) == (JobKind.TRAIN, "train", JobState.QUEUED)
    assert (job.payload, job.attempt, job.deaths) == ({"key": ["value", None, 1.5]}, 0, 0)
    assert (job.ending, job.result, job.started_at, job.ended_at) == (None, None, None, None)


def test_a_claimed_job_runs_and_beats(store, running):
    assert (running.state, running.worker_id, running.pid, running.attempt) == (JobState.RUNNING, "wrk_a", 11, 1)
    assert running.started_at == running.heartbeat_at == 1000.0


@pytest.mark.parametrize(("name", "state"), [("finish", "finished"), ("stop", "stopped"), ("fail", "failed")])
def test_each_ending_is_kept_with_its_words(store, running, clock, name, state):
    clock.now += 5
    assert ENDINGS[name](store)
    job = store.job("run_a")
    assert (job.state, job.ended_at) == (state, 1005.0)
    assert job.ending == {"finish": "finished", "stop": "stopped", "fail": "diverged"}[name]
    assert (job.what, job.remedy) == (("It grew.", "Lower the rate.") if name == "fail" else (None, None))
    assert job.result == ({"x": 1} if name == "finish" else None)


@pytest.mark.parametrize("first", ENDINGS)
def test_an_ended_job_takes_no_further_move(store, running, first):
    assert ENDINGS[first](store)
    ended = store.job("run_a")
    later = [*ENDINGS.values(), lambda s: s.requeue("run_a") is not None, lambda s: s.request_stop("run_a")]
    later += [lambda s: s.beat("run_a"), lambda s: s.set_progress("run_a", Progress(stage="Again"))]
    assert [move(store) for move in later] == [False] * len(later)
    assert store.job("run_a") == ended


@pytest.mark.parametrize("name", ENDINGS)
def test_a_job_that_nobody_took_cannot_end_as_if_it_had_run(store, queued, name):
    assert not ENDINGS[name](store)
    assert store.job(queued).state is JobState.QUEUED


@pytest.mark.parametrize("name", ENDINGS)
def test_a_child_that_was_thought_dead_is_refused_when_another_has_its_job(store, running, name):
    store.requeue("run_a")
    assert store.claim("train", "wrk_b").attempt == 2
    assert not ENDINGS[name](store, attempt=1)
    assert not store.beat("run_a", attempt=1)
    assert not store.set_progress("run_a", Progress(stage="Old"), attempt=1)
    assert ENDINGS[name](store, attempt=2)


def test_of_many_endings_at_once_exactly_one_wins(store, url, running):
    won, start = [], threading.Barrier(6)

    def race(name):
        with Store.open(url) as own:
            start.wait()
            if ENDINGS[name](own):
                won.append(name)

    threads = [threading.Thread(target=race, args=(name,)) for name in [*ENDINGS, *ENDINGS]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert store.job("run_a").state == {"finish": "finished", "stop": "stopped", "fail": "failed"}[won[0]]


def test_stopping_a_queued_job_ends_it_at_once(store, queued):
    assert store.request_stop(queued)
    assert store.job(queued).state is JobState.STOPPED
    assert store.claim("train", "wrk_a") is None


def test_stopping_a_running_job_asks_it(store, running):
    assert not store.stop_requested("run_a")
    assert store.request_stop("run_a")
    assert store.stop_requested("run_a")
    assert store.job("run_a").state is JobState.RUNNING


def test_a_job_that_is_gone_counts_as_asked_to_stop(store):
    assert store.stop_requested("run_none")


def test_progress_and_heartbeat_are_kept(store, running, clock):
    clock.now += 3
    progress = Progress(stage="Training", done=2, total=10, unit="epochs", rate=0.5, left_s=16)
    assert store.set_progress("run_a", progress)
    assert store.beat("run_a", attempt=1, pid=12)
    job = store.job("run_a")
    assert (job.progress, job.heartbeat_at, job.pid) == (progress, 1003.0, 12)


def test_jobs_are_listed_in_order_and_chosen_by_kind_and_state(store, running):
    store.submit("prd_a", JobKind.PREDICT, "run_a", {})
    assert [job.id for job in store.jobs()] == ["run_a", "prd_a"]
    assert [job.id for job in store.jobs(kind=JobKind.PREDICT)] == ["prd_a"]
    assert [job.id for job in store.jobs(states={JobState.RUNNING, JobState.FAILED})] == ["run_a"]
    assert store.jobs(kind=JobKind.PREDICT, states={JobState.RUNNING}) == []


def test_an_unknown_job_is_not_found(store):
    with pytest.raises(NotFound):
        store.job("run_none")
    with pytest.raises(NotFound):
        store.request_stop("run_none")


@pytest.mark.parametrize("name", ["stopped in the queue", "stopped", "failed"])
def test_an_import_that_ends_badly_leaves_no_data_set_importing(store, name):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    if name == "stopped in the queue":
        store.request_stop("imp_a")
    else:
        store.claim("data", "wrk_a")
        assert store.stop("imp_a") if name == "stopped" else store.fail("imp_a", Diverged("No.", "Try again."))
    assert store.dataset("ds_a").state is DatasetState.FAILED


def test_a_run_that_fails_leaves_its_data_set_alone(store, running):
    store.add_dataset("run_a", "of the same id", Task.CLASSIFICATION)
    store.fail("run_a", Diverged("It grew.", "Lower the rate."))
    assert store.dataset("run_a").state is DatasetState.IMPORTING


def test_an_ended_job_tells_whoever_waited_for_it_why(store, running):
    store.fail("run_a", Diverged("The loss is NaN.", "Lower the learning rate."))
    error = store.job("run_a").error
    assert (type(error), error.what, error.remedy) == (Diverged, "The loss is NaN.", "Lower the learning rate.")
    store.submit("run_b", JobKind.TRAIN, "run_b", {})
    store.request_stop("run_b")
    assert isinstance(store.job("run_b").error, Stopped)


@pytest.mark.parametrize("kind", [JobKind.FETCH, JobKind.LOOK, JobKind.IMPORT, JobKind.REVISE])
@pytest.mark.parametrize("state", [DatasetState.LOOKING, DatasetState.IMPORTING])
def test_a_data_set_whose_making_ends_badly_has_failed(store, kind, state):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION, state)
    store.submit("job_a", kind, "ds_a", {})
    store.request_stop("job_a")
    assert store.dataset("ds_a").state is DatasetState.FAILED


@pytest.mark.parametrize("kind", [JobKind.REVISE, JobKind.EXPORT])
@pytest.mark.parametrize("state", [DatasetState.REVIEW, DatasetState.ACCEPTED, DatasetState.CHOOSING])
def test_a_data_set_that_is_in_stays_in_when_work_on_it_ends_badly(store, kind, state):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION, state)
    store.submit("job_a", kind, "ds_a", {})
    store.request_stop("job_a")
    assert store.dataset("ds_a").state is state


def test_jobs_are_found_by_what_they_work_on(store):
    for job_id, subject in (("job_a", "ds_a"), ("job_b", "ds_b"), ("job_c", "ds_a")):
        store.submit(job_id, JobKind.EXPORT, subject, {})
    assert [job.id for job in store.jobs(subject_id="ds_a")] == ["job_a", "job_c"]
