"""The queue: order, waiting for another job, races, burials."""

import subprocess
import sys
from collections import Counter

import pytest

from core.errors import Diverged
from core.specs import DatasetState, JobKind, JobState, Task


def submit(store, *ids, after=None):
    for job_id in ids:
        store.submit(job_id, JobKind.TRAIN, job_id, {}, after=after)


def test_the_oldest_goes_first_even_when_the_clock_jumps_back(store, clock):
    submit(store, "run_a")
    clock.now -= 500
    submit(store, "run_b")
    assert [store.claim("train", "wrk_a").id for _ in range(2)] == ["run_a", "run_b"]
    assert store.claim("train", "wrk_a") is None


def test_a_lane_takes_only_its_own_kinds(store):
    submit(store, "run_a")
    assert store.claim("data", "wrk_a") is None
    assert store.claim("answer", "wrk_a") is None


def test_a_job_waits_for_another_and_lets_later_ones_pass(store):
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    submit(store, "run_a", after="imp_a")
    submit(store, "run_b")
    assert store.claim("train", "wrk_a").id == "run_b"
    assert store.claim("train", "wrk_a") is None
    store.claim("data", "wrk_a")
    assert store.claim("train", "wrk_a") is None
    store.finish("imp_a", {})
    assert store.claim("train", "wrk_a").id == "run_a"


@pytest.mark.parametrize("fate", ["failed", "stopped", "vanished"])
def test_a_job_whose_predecessor_will_never_finish_fails_in_words(store, fate):
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    submit(store, "run_a", after="imp_none" if fate == "vanished" else "imp_a")
    submit(store, "run_b")
    if fate == "failed":
        store.claim("data", "wrk_a")
        store.fail("imp_a", Diverged("No.", "Try again."))
    elif fate == "stopped":
        store.request_stop("imp_a")
    assert store.claim("train", "wrk_a").id == "run_b"
    job = store.job("run_a")
    assert (job.state, job.ending) == (JobState.FAILED, "data_gone")
    assert job.what
    assert job.remedy


def test_two_processes_that_claim_share_the_jobs_without_taking_one_twice(store, url):
    submit(store, *(f"run_{n}" for n in range(40)))
    code = (
        "import sys; from core.store import Store; store = Store.open(sys.argv[1]); sys.stdin.readline()\n"
        "while job := store.claim('train', sys.argv[2]): print(job.id)\n"
        "store.close()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    claimers = [subprocess.Popen([sys.executable, "-c", code, url, f"wrk_{n}"], **pipes) for n in range(2)]
    for claimer in claimers:
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    taken = [claimer.communicate(timeout=60)[0].split() for claimer in claimers]
    assert Counter(taken[0] + taken[1]) == Counter(f"run_{n}" for n in range(40))
    for n in range(2):
        assert {job.id for job in store.jobs() if job.worker_id == f"wrk_{n}"} == set(taken[n])


def test_the_place_in_the_queue_counts_what_must_end_first(store):
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    submit(store, "run_a", "run_b", "run_c")
    assert [store.queue_position(job_id) for job_id in ("run_a", "run_b", "run_c")] == [0, 1, 2]
    store.claim("train", "wrk_a")
    assert [store.queue_position(job_id) for job_id in ("run_a", "run_b", "run_c")] == [0, 1, 2]
    store.finish("run_a", {})
    assert [store.queue_position(job_id) for job_id in ("run_a", "run_b", "run_c")] == [0, 0, 1]


def test_the_import_that_a_run_waits_for_counts_as_being_in_front(store):
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    submit(store, "run_a", after="imp_a")
    assert store.queue_position("run_a") == 1
    store.claim("data", "wrk_a")
    store.finish("imp_a", {})
    assert store.queue_position("run_a") == 0


def test_a_job_given_back_keeps_its_place_and_no_death_is_counted(store):
    submit(store, "run_a", "run_b")
    store.claim("train", "wrk_a")
    assert store.requeue("run_a")
    job = store.job("run_a")
    assert (job.state, job.worker_id, job.pid, job.deaths) == (JobState.QUEUED, None, None, 0)
    assert store.claim("train", "wrk_b").id == "run_a"


def test_only_the_silent_are_buried(store, clock):
    submit(store, "run_a", "run_b")
    store.claim("train", "wrk_a")
    clock.now += 8
    store.claim("train", "wrk_a")
    clock.now += 3  # run_a is silent for 11 s, run_b for 3 s
    assert [(job.id, job.state, job.deaths) for job in store.bury(10)] == [("run_a", JobState.QUEUED, 1)]
    assert store.job("run_b").state is JobState.RUNNING
    assert store.bury(10) == []


def test_a_heartbeat_from_the_future_is_no_sign_of_life(store, clock):
    submit(store, "run_a")
    store.claim("train", "wrk_a")
    clock.now -= 3600  # the clock was set back: the old heartbeat would look fresh for an hour
    assert [job.id for job in store.bury(10)] == ["run_a"]


def test_the_third_death_is_the_last(store, clock):
    submit(store, "run_a")
    states = []
    for _ in range(3):
        store.claim("train", "wrk_a")
        clock.now += 11
        states += [job.state for job in store.bury(10)]
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    job = store.job("run_a")
    assert (job.ending, job.attempt) == ("worker_lost", 3)
    assert "3 times" in job.what


def test_deaths_before_a_job_got_further_do_not_count(store, clock):
    submit(store, "run_a")
    deaths = []
    for attempt in range(1, 7):
        store.claim("train", "wrk_a")
        if attempt == 3:
            store.got_further("run_a", attempt=2)  # an attempt that was thought dead speaks for nobody
        if attempt == 4:
            store.got_further("run_a", attempt=4)
        deaths.append(store.requeue("run_a", died=True).deaths) if attempt != 3 else store.requeue("run_a")
    # two deaths, a worker that ended in order, progress, and then three deaths without any
    assert deaths == [1, 2, 1, 2, 2]
    job = store.job("run_a")
    assert (job.state, job.ending) == (JobState.FAILED, "worker_lost")


def test_an_import_that_was_lost_leaves_no_data_set_importing(store, clock):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    for _ in range(3):
        assert store.dataset("ds_a").state is DatasetState.IMPORTING
        store.claim("data", "wrk_a")
        store.requeue("imp_a", died=True)
    assert store.dataset("ds_a").state is DatasetState.FAILED


@pytest.mark.parametrize("died", [True, False])
def test_a_job_that_was_to_stop_is_not_queued_again(store, died):
    submit(store, "run_a")
    store.claim("train", "wrk_a")
    store.request_stop("run_a")
    assert store.requeue("run_a", died=died)
    assert store.job("run_a").state is JobState.STOPPED


def test_a_job_that_is_deleted_as_soon_as_it_is_buried_is_still_told(store, clock, monkeypatch):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    store.claim("data", "wrk_a")
    store.request_stop("imp_a")
    clock.now += 11
    give_back = store._give_back

    def and_delete(*arguments):
        given = give_back(*arguments)
        store.delete_dataset("ds_a")
        return given

    monkeypatch.setattr(store, "_give_back", and_delete)
    assert [(job.id, job.state) for job in store.bury(10)] == [("imp_a", JobState.STOPPED)]
    assert store.jobs() == []


def test_a_job_of_another_attempt_is_not_given_back(store):
    submit(store, "run_a")
    store.claim("train", "wrk_a")
    store.requeue("run_a")
    store.claim("train", "wrk_b")
    assert not store.requeue("run_a", attempt=1)
    assert store.job("run_a").worker_id == "wrk_b"


def test_old_answers_and_homeless_imports_are_forgotten_and_nothing_else(store, clock):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    store.submit("imp_a", JobKind.IMPORT, "ds_a", {})
    store.submit("imp_b", JobKind.IMPORT, "ds_b", {})
    store.submit("prd_a", JobKind.PREDICT, "run_a", {})
    submit(store, "run_a")
    for job in store.jobs():
        store.request_stop(job.id)
    clock.now += 10
    store.submit("prd_b", JobKind.PREDICT, "run_a", {})
    store.request_stop("prd_b")
    store.submit("prd_c", JobKind.PREDICT, "run_a", {})
    assert sorted(store.forget_jobs(1005)) == ["imp_b", "prd_a"]
    assert [job.id for job in store.jobs()] == ["imp_a", "run_a", "prd_b", "prd_c"]
