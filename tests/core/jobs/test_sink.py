"""What a job tells reaches the store in order, soon, and in few writes."""

import threading

import pytest

from core.jobs.sink import EVERY_S, StoreSink, Superseded
from core.specs import Point, PointKind, Progress

from .conftest import small_config


def point(step):
    return Point(kind=PointKind.BATCH, step=step, epoch=step, values={"loss": 1.0}, at=0)


@pytest.fixture
def run_id(place):
    run_id = place.queue_run(small_config("ds_a"))
    place.store.claim("train", "wrk_a")
    return run_id


@pytest.fixture
def time_s():
    return [100.0]


@pytest.fixture
def sink(place, run_id, time_s):
    return StoreSink(place.store, place.store.job(run_id), threading.Event(), clock=lambda: time_s[0])


def steps(place, run_id):
    return [one.step for one in place.store.points_after(run_id, 0)]


def test_points_are_written_with_the_progress_that_follows_them(place, run_id, sink):
    sink.points([point(1), point(2)])
    assert steps(place, run_id) == []
    sink.progress(Progress(stage="Training", done=2))
    assert steps(place, run_id) == [1, 2]
    assert place.store.job(run_id).progress.done == 2


def test_points_that_no_progress_follows_wait_for_the_next_ones_only(place, run_id, sink):
    sink.points([point(1)])
    sink.points([point(2)])
    assert steps(place, run_id) == [1, 2]


def test_progress_in_a_hurry_is_thinned_but_its_last_word_is_kept(place, run_id, sink, time_s):
    sink.progress(Progress(stage="Training", done=1))
    sink.progress(Progress(stage="Training", done=2))
    assert place.store.job(run_id).progress.done == 1
    time_s[0] += 2 * EVERY_S
    sink.progress(Progress(stage="Training", done=3))
    assert place.store.job(run_id).progress.done == 3
    sink.progress(Progress(stage="Training", done=4))
    sink.flush()
    assert place.store.job(run_id).progress.done == 4


@pytest.mark.parametrize("told", [Progress(stage="Training", done=2), None])
def test_who_has_lost_the_job_writes_no_point(place, run_id, sink, told):
    place.store.requeue(run_id)
    place.store.claim("train", "wrk_b")
    sink.points([point(1)])
    with pytest.raises(Superseded):
        sink.flush() if told is None else sink.progress(told)
    assert steps(place, run_id) == []
    assert place.store.job(run_id).progress.done == 0


def test_a_new_stage_is_told_at_once(place, run_id, sink):
    sink.progress(Progress(stage="Preparing images", done=1))
    sink.progress(Progress(stage="Training"))
    assert place.store.job(run_id).progress.stage == "Training"


def test_the_wish_to_stop_is_passed_on(place, run_id):
    stopping = threading.Event()
    sink = StoreSink(place.store, place.store.job(run_id), stopping)
    assert not sink.should_stop()
    stopping.set()
    assert sink.should_stop()
