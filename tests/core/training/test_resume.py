"""Runs that are broken off anywhere and go on from their checkpoint, against runs that never were."""

import dataclasses

import numpy as np
import pytest

from core.models import load
from core.specs import Augmentation, CnnConfig, PointKind, RunConfig, TrainingConfig
from core.training import BadCheckpoint, Checkpoints, TrainingData, mark_of, read_checkpoint, train

STEPS = 4  # an epoch: 60 training images in batches of 16
ANYTHING = CnnConfig(filters=(4,), kernel_size=3, dense_units=(8,), dropout=0.3, batch_normalization=True)
PLAIN = CnnConfig(filters=(4,), kernel_size=3, dense_units=(8,))
TURNED = Augmentation(flip_horizontal=True, rotation_degrees=10, brightness_percent=10)


class Killed(Exception):
    """In place of SIGKILL: nothing below the call of `train` gets to do anything more."""


class Tape:
    """A sink with a clock: a step takes a second, one of them a minute; dies, or asks to stop, after a certain step."""

    def __init__(self, slow_step=None, dies_after=None, stops_after=None):
        self.told, self.now = [], 0.0
        self._slow, self._dies, self._stops = slow_step, dies_after, stops_after

    def progress(self, progress):
        """Not looked at."""

    def points(self, points):
        self.told += points
        for point in points:
            if point.kind is PointKind.BATCH:
                self.now += 60 if point.step == self._slow else 1
                if self._dies is not None and point.step > self._dies:
                    raise Killed

    def should_stop(self):
        return self._stops is not None and bool(self.told) and self.told[-1].step >= self._stops

    def told_to(self, step):
        """Everything that time does not decide."""
        return [
            (point.kind, point.step, point.epoch, point.values | {"images_per_s": None})
            for point in self.told
            if point.step <= step
        ]


@pytest.fixture(autouse=True)
def _told_at_every_step(monkeypatch):
    monkeypatch.setattr("core.training.reporting.INTERVAL_S", 0)
    monkeypatch.setattr("core.training.steering.POLL_S", 0)


@pytest.fixture
def data():
    """90 images of two classes, one brighter than the other, a third of them for validation."""
    rng = np.random.default_rng(0)
    labels = (rng.random(90) < 0.3).astype(np.int64)
    pixels = (rng.integers(0, 100, (90, 8, 8, 1)) + 30 * labels[:, None, None, None]).astype(np.uint8)
    return TrainingData(pixels, labels, np.arange(30, 90), np.arange(30), 2)


def config(model=ANYTHING, augmentation=TURNED, **training):
    values = {"batch_size": 16, "epochs": 3, "precision": "float32"} | training
    return RunConfig(dataset_id="d", model=model, augmentation=augmentation, training=TrainingConfig(**values))


def go(config, data, folder, tape):
    """Train, going on from a checkpoint where there is one."""
    folder.mkdir(exist_ok=True)
    path, mark = folder / "checkpoint.npz", mark_of(config, data)
    place = Checkpoints(path, mark, resume=read_checkpoint(path, mark), clock=lambda: tape.now)
    return train(config, data, folder, tape, checkpoints=place)


def figures(summary):
    """What time does not decide."""
    return summary.model_copy(update={"images_per_s": None, "train_s": None, "steps_per_execution": None})


def assert_equal(whole, broken, config, data):
    """The best weights, the last ones, and all that would decide further steps."""
    models = [load(folder / "model.keras").get_weights() for folder in (whole, broken)]
    ends = [read_checkpoint(folder / "checkpoint.npz", mark_of(config, data)) for folder in (whole, broken)]
    timed = {"seconds": 0, "paced_images": 0, "paced_s": 0, "validation_s": None}
    assert len({end.facts.model_copy(update=timed).model_dump_json() for end in ends}) == 1
    for pair in (models, *([getattr(end, name) for end in ends] for name in ("model", "optimizer", "best"))):
        assert len(pair[0]) == len(pair[1]) > 0
        assert all(np.array_equal(a, b) for a, b in zip(*pair, strict=True))


ADAM = config()
MOMENTUM = config(optimizer="sgd", momentum=0.9, learning_rate=0.05, class_weights=True)
RMSPROP = config(optimizer="rmsprop", limit="iterations", iterations=10)
WITHIN = (6, 6, 6)  # a minute's step within the second epoch, written down, and dead at the next
AT_END = (None, STEPS, STEPS)  # dead at the first step after an epoch's end
BETWEEN = (None, 7, STEPS)  # dead within an epoch of which nothing is written: three steps are done again
BEFORE = (None, 1, 0)  # dead before anything is written: it begins anew


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """A run that never was broken off, and what it told; trained once for each config."""
    known = {}

    def find(config, data):
        key = config.model_dump_json()
        if key not in known:
            folder, tape = tmp_path_factory.mktemp("whole"), Tape()
            known[key] = folder, tape, go(config, data, folder, tape)
        return known[key]

    return find


@pytest.mark.parametrize(
    ("chosen", "death"),
    [(ADAM, WITHIN), (ADAM, AT_END), (ADAM, BETWEEN), (ADAM, BEFORE), (MOMENTUM, WITHIN), (RMSPROP, WITHIN)],
    ids=["within", "at end", "between", "before", "momentum", "rmsprop"],
)
def test_a_broken_run_ends_as_one_that_never_was(tmp_path, data, unbroken, chosen, death):
    slow_step, dies_after, kept_step = death
    whole, expected_tape, expected = unbroken(chosen, data)
    first, second = Tape(slow_step, dies_after), Tape()
    with pytest.raises(Killed):
        go(chosen, data, tmp_path, first)
    left = read_checkpoint(tmp_path / "checkpoint.npz", mark_of(chosen, data))
    assert (left.facts.step if left else 0) == kept_step
    found = go(chosen, data, tmp_path, second)
    assert figures(found) == figures(expected)
    assert first.told_to(kept_step) + second.told_to(99) == expected_tape.told_to(99)
    assert found.train_s > (left.facts.seconds if left else 0)
    assert_equal(whole, tmp_path, chosen, data)


def test_early_stopping_counts_on(tmp_path, data):
    # labels without meaning: the validation loss soon rises
    labels = np.random.default_rng(0).permutation(data.class_indices)
    data = dataclasses.replace(data, class_indices=labels)
    chosen = config(
        CnnConfig(filters=(4,), dense_units=(8,)), Augmentation(), learning_rate=0.02, epochs=60, patience=4
    )
    expected = go(chosen, data, tmp_path / "whole", Tape())
    assert expected.stopped_because.startswith("early stopping")
    waits = expected.best_epoch + 2  # two of the four epochs of its patience are over
    with pytest.raises(Killed):
        go(chosen, data, tmp_path / "broken", Tape(dies_after=waits * STEPS))
    assert figures(go(chosen, data, tmp_path / "broken", Tape())) == figures(expected)
    assert_equal(tmp_path / "whole", tmp_path / "broken", chosen, data)


def test_a_run_that_died_over_its_report_trains_no_further_step(tmp_path, data):
    expected = go(config(), data, tmp_path, Tape())
    (tmp_path / "model.keras").unlink()
    tape = Tape()
    again = go(config(), data, tmp_path, tape)
    assert tape.told == []
    assert again.model_copy(update={"steps_per_execution": None}) == expected.model_copy(
        update={"steps_per_execution": None, "train_s": again.train_s}
    )
    assert (tmp_path / "model.keras").exists()


def test_a_stopped_run_goes_on_from_the_step_that_it_was_stopped_at(tmp_path, data, unbroken):
    whole, _, expected = unbroken(ADAM, data)
    stopped = go(ADAM, data, tmp_path, Tape(stops_after=2))
    assert stopped.stopped_because == "stopped by the user"
    kept = read_checkpoint(tmp_path / "checkpoint.npz", mark_of(ADAM, data)).facts
    assert (kept.step, kept.because, kept.best_epoch) == (3, "", None)  # asked at the end of the third of four steps
    assert figures(go(ADAM, data, tmp_path, Tape())) == figures(expected)
    assert_equal(whole, tmp_path, ADAM, data)


def test_what_was_chosen_at_the_beginning_is_not_chosen_anew(tmp_path, data, monkeypatch):
    chosen = config(PLAIN, Augmentation(), batch_auto=True, batch_most=32, precision="auto")
    monkeypatch.setattr("core.training.batch_size.find_batch_size", lambda *_: 16)
    with pytest.raises(Killed):
        go(chosen, data, tmp_path, Tape(dies_after=STEPS))
    monkeypatch.setattr("core.training.batch_size.find_batch_size", None)
    monkeypatch.setattr("core.training.loop.choose", None)
    assert go(chosen, data, tmp_path, Tape()).batch_size == 16


def test_what_was_told_is_kept_before_a_checkpoint_is_there_and_short_epochs_are_not_all_written(tmp_path, data):
    tape, order, path = Tape(), [], tmp_path / "checkpoint.npz"

    def before():
        order.append(("before", tape.told[-1].step, path.exists()))
        tape.now += 0.2  # what writing takes, 20 ms to 1 s of training

    place = Checkpoints(
        path, "m", before=before, after=lambda: order.append("after"), clock=lambda: tape.now
    )  # fmt: skip
    train(config(PLAIN, Augmentation(), epochs=6), data, tmp_path, tape, checkpoints=place)
    # an epoch takes 4 s, so every third one may be written (10 s for each .2 s), and the last
    assert order == [("before", 4, False), "after", ("before", 16, True), "after", ("before", 24, True), "after"]


def test_another_network_or_schedule_is_refused(tmp_path, data):
    chosen = config(PLAIN, Augmentation())
    with pytest.raises(Killed):
        go(chosen, data, tmp_path, Tape(dies_after=STEPS))
    path = tmp_path / "checkpoint.npz"
    found = read_checkpoint(path, mark_of(chosen, data))
    for other in (config(CnnConfig(filters=(5,), dense_units=(8,))), config(PLAIN, epochs=4)):
        with pytest.raises(BadCheckpoint):
            train(other, data, tmp_path, Tape(), checkpoints=Checkpoints(path, "m", resume=found))
