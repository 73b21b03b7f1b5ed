"""Runs, their points, and the workers."""

import pytest

from core.errors import NotFound, WrongState
from core.specs import CnnConfig, DeviceFacts, JobKind, JobState, Point, PointKind, RunConfig, RunSummary
from core.store import new_id


def add(store, run_id, config):
    with store.together():
        store.add_run(run_id, f"Name of {run_id}", config)
        store.submit(run_id, JobKind.TRAIN, run_id, {})
    return run_id


def at_step(step, loss=0.5, kind=PointKind.BATCH):
    return Point(kind=kind, step=step, epoch=step / 10, values={"loss": loss, "accuracy": None}, at=step * 0.1)


@pytest.fixture
def run(store, config):
    return add(store, "run_a", config)


def test_a_run_comes_back_with_its_config_and_its_job(store):
    config = RunConfig(dataset_id="ds_a", model=CnnConfig(filters=(8, 16), kernel_size=5))
    row = store.run(add(store, "run_a", config))
    assert (row.name, row.config, row.summary, row.test_opened) == ("Name of run_a", config, None, 0)
    assert (row.job.id, row.job.state, row.created_at) == ("run_a", JobState.QUEUED, 1000.0)


def test_runs_are_listed_newest_first_and_by_data_set(store, run, config, clock):
    clock.now += 1
    add(store, "run_b", RunConfig(dataset_id="ds_b"))
    assert [row.id for row in store.runs()] == ["run_b", "run_a"]
    assert [row.id for row in store.runs("ds_a")] == ["run_a"]


def test_a_summary_a_name_and_the_looks_at_the_test_split_are_kept(store, run):
    summary = RunSummary(parameters=1234, epochs_done=3, best_epoch=2, val_accuracy=0.914)
    store.set_summary(run, summary)
    store.rename_run(run, "Better name")
    assert [store.count_test_open(run) for _ in range(2)] == [1, 2]
    row = store.run(run)
    assert (row.summary, row.name, row.test_opened) == (summary, "Better name", 2)


def test_a_run_is_deleted_with_its_points_and_jobs_once_it_has_ended(store, run):
    store.add_points(run, [at_step(1)])
    store.submit("prd_a", JobKind.PREDICT, run, {})
    store.request_stop("prd_a")
    with pytest.raises(WrongState):
        store.delete_run(run)
    store.request_stop(run)
    store.delete_run(run)
    assert (store.runs(), store.jobs(), store.points_after(run, 0)) == ([], [], [])


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.run("run_none"),
        lambda store: store.rename_run("run_none", "x"),
        lambda store: store.set_summary("run_none", RunSummary()),
        lambda store: store.count_test_open("run_none"),
        lambda store: store.delete_run("run_none"),
    ],
)
def test_an_unknown_run_is_not_found(store, ask):
    with pytest.raises(NotFound):
        ask(store)


def test_points_come_back_in_order_with_rising_numbers(store, run, config):
    add(store, "run_b", config)
    store.add_points(run, [at_step(1), at_step(2)])
    store.add_points("run_b", [at_step(1)])
    store.add_points(run, [at_step(3, kind=PointKind.EPOCH), at_step(4, loss=None)])
    found = store.points_after(run, 0)
    assert [point.step for point in found] == [1, 2, 3, 4]
    assert [point.seq for point in found] == sorted({point.seq for point in found})
    assert [point.model_copy(update={"seq": 0}) for point in found[2:]] == [
        at_step(3, kind=PointKind.EPOCH),
        at_step(4, loss=None),
    ]


def test_a_reader_gets_only_what_is_newer_in_portions(store, run):
    store.add_points(run, [at_step(step) for step in range(7)])
    first = store.points_after(run, 0, limit=4)
    rest = store.points_after(run, first[-1].seq)
    assert [point.step for point in first + rest] == list(range(7))
    assert store.points_after(run, rest[-1].seq) == []


def test_no_points_are_added_by_adding_none(store, run):
    store.add_points(run, [])
    assert store.points_after(run, 0) == []


def test_after_points_were_cleared_a_reader_misses_none_of_the_new_ones(store, run):
    store.add_points(run, [at_step(step) for step in range(5)])
    seen = store.points_after(run, 0)[-1].seq
    store.clear_points(run, after_step=2)
    store.add_points(run, [at_step(3, loss=0.1)])
    assert [point.step for point in store.points_after(run, 0)] == [0, 1, 2, 3]
    assert [point.values["loss"] for point in store.points_after(run, seen)] == [0.1]


def test_clearing_after_minus_one_clears_all(store, run):
    store.add_points(run, [at_step(0), at_step(1)])
    store.clear_points(run, after_step=-1)
    assert store.points_after(run, 0) == []


def test_a_worker_lives_as_long_as_it_beats(store, clock):
    store.add_worker("wrk_a", "host", 42)
    clock.now += 8
    assert store.beat_worker("wrk_a")
    clock.now += 8
    assert [(row.id, row.host, row.pid, row.device) for row in store.live_workers(10)] == [("wrk_a", "host", 42, None)]
    clock.now += 3  # 11 s since the last sign of life
    assert store.live_workers(10) == []


def test_a_worker_that_ended_is_off_the_list_and_its_beats_are_refused(store):
    store.add_worker("wrk_a", "host", 42)
    store.end_worker("wrk_a")
    store.end_worker("wrk_a")
    assert store.live_workers(10) == []
    assert not store.beat_worker("wrk_a")


def test_a_worker_says_what_it_runs_on(store):
    facts = DeviceFacts(kind="cpu", words="CPU, 2 cores", backend="tensorflow", cores=2, memory_bytes=8 << 30)
    store.add_worker("wrk_a", "host", 42)
    store.set_device("wrk_a", facts)
    assert store.live_workers(10)[0].device == facts


def test_a_worker_silent_for_a_day_is_forgotten_when_another_comes(store, clock):
    store.add_worker("wrk_a", "host", 42)
    clock.now += 25 * 3600
    store.add_worker("wrk_b", "host", 43)
    assert not store.beat_worker("wrk_a")
    assert store.beat_worker("wrk_b")


def test_new_ids_are_plain_and_different():
    made = {new_id("run") for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == 12 and one.startswith("run_") and one[4:].isalnum() and one.islower() for one in made)
