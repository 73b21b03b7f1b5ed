"""A real worker and runs that are broken off: killed, they go on by themselves; stopped, when they are told to."""

import os
import signal

import pytest

from core.actions import Home, can_resume, resume
from core.errors import WrongState
from core.specs import JobState, PointKind
from core.training import CHECKPOINT_FILE

from .conftest import small_config, write_npz

pytestmark = pytest.mark.journey

EPOCHS = 40


@pytest.fixture(scope="module")
def config(busy, tmp_path_factory):
    """Of 40 epochs of 36 steps on an accepted data set: a few seconds, most of them in the middle."""
    source = write_npz(tmp_path_factory.mktemp("npz") / "squares.npz")
    dataset_id = busy.until(busy.queue_import(source)).subject_id
    return small_config(dataset_id, epochs=EPOCHS, batch_size=2, precision="float32")


@pytest.fixture(scope="module")
def unbroken(busy, config):
    """The id of a run that nothing happened to."""
    run_id = busy.queue_run(config)
    assert busy.until(run_id).state is JobState.FINISHED
    assert not checkpoint(busy, run_id).exists()
    return run_id


def checkpoint(place, run_id):
    return place.settings.run_dir(run_id) / CHECKPOINT_FILE


def epochs(place, run_id):
    return place.store.epoch_points(run_id)


def figures(place, run_id):
    """What time does not decide."""
    timed = {"images_per_s": None, "train_s": None, "steps_per_execution": None}
    summary = place.store.run(run_id).summary.model_copy(update=timed)
    points = [(point.step, point.epoch, point.values | {"images_per_s": None}) for point in epochs(place, run_id)]
    return summary, points, (place.settings.run_dir(run_id) / "report" / "val.json").read_text()


def begun(place, count):
    """Whether a run has so many epochs behind it."""
    return lambda job: job.pid is not None and len(epochs(place, job.id)) >= count


def stopped_run(place, config):
    run_id = place.queue_run(config)
    place.until(run_id, begun(place, 5))
    place.store.request_stop(run_id)
    assert place.until(run_id).state is JobState.STOPPED
    return run_id


def test_a_run_whose_child_is_killed_goes_on_and_ends_as_one_that_was_not(busy, config, unbroken):
    run_id = busy.queue_run(config)
    job = busy.until(run_id, begun(busy, 5))
    (busy.settings.run_dir(run_id) / ".checkpoint-0123.part.npz").write_bytes(b"half of the next one")
    os.kill(job.pid, signal.SIGKILL)
    before = epochs(busy, run_id)
    assert 5 <= len(before) < EPOCHS
    job = busy.until(run_id)
    assert (job.state, job.attempt, job.deaths) == (JobState.FINISHED, 2, 0)
    assert epochs(busy, run_id)[0] == before[0]  # the same row: it went on, and did not begin anew
    assert figures(busy, run_id) == figures(busy, unbroken)
    assert sorted(path.name for path in busy.settings.run_dir(run_id).iterdir()) == [
        "card.json", "config.json", "log.txt", "model.keras", "report"
    ]  # fmt: skip


def test_a_stopped_run_goes_on_as_a_new_one_and_stays_as_it_is(busy, config, unbroken):
    home = Home(busy.settings, busy.store)
    stopped = stopped_run(busy, config)
    kept = figures(busy, stopped)
    assert can_resume(home, busy.store.run(stopped))
    new = resume(home, stopped)
    assert busy.until(new).state is JobState.FINISHED
    assert busy.store.run(new).name == "Run (continued)"
    assert figures(busy, new) == figures(busy, unbroken)
    assert figures(busy, stopped) == kept
    assert not can_resume(home, busy.store.run(new))
    with pytest.raises(WrongState, match="no checkpoint"):
        resume(home, new)


def test_a_damaged_checkpoint_means_beginning_anew_and_the_log_says_so(busy, config, unbroken):
    stopped = stopped_run(busy, config)
    path = checkpoint(busy, stopped)
    path.write_bytes(path.read_bytes()[:-100])
    new = resume(Home(busy.settings, busy.store), stopped)
    assert busy.until(new).state is JobState.FINISHED
    log = (busy.settings.run_dir(new) / "log.txt").read_text()
    assert "The run begins anew: its checkpoint is damaged." in log
    assert figures(busy, new) == figures(busy, unbroken)
    steps = [(point.kind is PointKind.EPOCH, point.step) for point in busy.store.points_after(new, 0)]
    assert len(set(steps)) == len(steps)
