"""Steps that one call takes: chosen from measured times, exact in their limits, and without effect on any figure."""

from dataclasses import replace
from itertools import pairwise

import keras
import numpy as np
import pytest

from core.errors import Diverged
from core.models import load
from core.specs import Augmentation, CnnConfig
from core.training import STOPPED_BY_USER, backends, tempo, train
from core.training.schedule import Schedule
from core.training.steering import Course
from core.training.tempo import TRIAL_STEPS, Gear, Tempo, steps_per_call
from tests.core.training.test_train import Tape, config, toy

SEVERAL = pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch's trainer takes one step a call")


@pytest.fixture
def shift(monkeypatch):
    """Play the choice: after the trial every call takes this many steps."""

    def go(steps):
        monkeypatch.setattr(tempo, "FEWEST_STEPS", 0)
        monkeypatch.setattr(tempo, "steps_per_call", lambda *measured: steps)

    return go


@pytest.mark.parametrize(
    ("step_s", "build_s", "left", "per_epoch", "steps"),
    [
        (0.005, 1.0, 10_000, 500, 20),  # 20 of 5 ms take .1 s; 19 s are saved
        (0.005, 1.0, 500, 500, 1),  # 500 * 2 ms * .95: .95 s are saved, 1 s is lost
        (0.005, 1.0, 530, 500, 20),
        (0.005, 0.5, 10_000, 7, 7),  # never beyond an epoch
        (0.3, 1.0, 10_000, 500, 1),
        (0.08, 1.0, 100_000, 500, 1),
        (0.05, 1.0, 100_000, 500, 2),
        (0.0, 1.0, 10_000, 500, 500),
        (0.01, 1.0, 10_000, 1, 1),  # full-batch descent
    ],
)
def test_as_many_as_fill_a_tenth_of_a_second_where_that_pays(step_s, build_s, left, per_epoch, steps):
    assert steps_per_call(step_s, build_s, left, per_epoch) == steps


@SEVERAL
def test_every_figure_and_weight_is_the_same_however_many_steps_a_call_takes(tmp_path, shift):
    data, changes = toy(3, images=310, val=30), Augmentation(flip_horizontal=True, brightness_percent=10)
    model = CnnConfig(filters=(4,), dense_units=(8,), dropout=0.3, batch_normalization=True)
    # 280 images in batches of 8: 35 steps an epoch, the last one of a call is seldom whole
    chosen = config(model, changes, batch_size=8, epochs=2)
    tapes = {}
    for steps in (1, 4, 100):
        shift(steps)
        tapes[steps] = Tape()
        summary = train(chosen, data, tmp_path / str(steps), tapes[steps])
        assert summary.steps_per_execution == steps
        # the last one runs through the epoch in one call: after the trial there are only its ends
        assert [point.step for point in tapes[steps].epochs] == [35, 70]
    figures = [
        [(p.values["loss"], p.values["accuracy"], p.values["val_loss"]) for p in tape.epochs] for tape in tapes.values()
    ]
    assert figures[0] == figures[1] == figures[2]
    weights = [load(tmp_path / str(steps) / "model.keras").get_weights() for steps in tapes]
    for others in weights[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(weights[0], others, strict=True))


@SEVERAL
def test_points_lie_at_the_ends_of_calls_and_the_first_comes_after_one_step(tmp_path, shift, monkeypatch):
    monkeypatch.setattr("core.training.reporting.INTERVAL_S", 0)
    shift(10)
    tape = Tape()
    train(config(batch_size=8, epochs=2), toy(images=310, val=30), tmp_path, tape)
    within = [point.step for point in tape.told if point.kind == "batch"]
    # nine steps one by one; then 10 at a time, what is left of the epoch (6 of 35), and the same in the second
    assert within == [*range(1, TRIAL_STEPS + 1), 19, 29, 35, 45, 55, 65, 70]
    done = [progress.done for progress in tape.progresses]
    assert done == sorted(done)
    assert done[-1] == 560
    assert all(after.at >= before.at for before, after in pairwise(tape.told))


@SEVERAL
@pytest.mark.parametrize("iterations", [TRIAL_STEPS, 33, 44])
def test_a_limit_on_iterations_is_exact(tmp_path, shift, iterations):
    shift(16)
    tape = Tape()
    chosen = config(batch_size=8, limit="iterations", iterations=iterations)
    summary = train(chosen, toy(images=310, val=30), tmp_path, tape)
    assert tape.epochs[-1].step == iterations
    assert summary.stopped_because == f"all {iterations} iterations done"
    assert len(tape.epochs) == -(-iterations // 35)
    assert tape.epochs[-1].values["val_loss"] is not None


@SEVERAL
def test_a_stop_waits_for_one_call(tmp_path, shift, monkeypatch):
    monkeypatch.setattr("core.training.steering.POLL_S", 0)
    monkeypatch.setattr("core.training.reporting.INTERVAL_S", 0)
    shift(10)
    tape = Tape(stop_if=lambda tape: bool(tape.told) and tape.told[-1].step >= 19)
    summary = train(config(batch_size=8), toy(images=310, val=30), tmp_path, tape)
    # told of step 19, asked after the next call
    assert (summary.stopped_because, tape.told[-1].step) == (STOPPED_BY_USER, 29)


@SEVERAL
def test_a_stop_within_the_trial_ends_the_run(tmp_path, shift):
    shift(10)
    tape = Tape(stop_if=lambda tape: True)
    summary = train(config(batch_size=8), toy(images=310, val=30), tmp_path, tape)
    assert (summary.stopped_because, summary.epochs_done) == (STOPPED_BY_USER, 0)
    assert [point.step for point in tape.told] == [1]


@SEVERAL
def test_a_diverged_loss_names_its_epoch_also_within_a_call(tmp_path, shift):
    shift(50)
    model = CnnConfig(filters=(8, 8, 8), dense_units=(64, 64, 64), initializer="he_normal")
    wild = config(model, optimizer="sgd", learning_rate=1.0, momentum=0.99, epochs=50, batch_size=4)
    with pytest.raises(Diverged, match=r"became infinite or not a number in epoch \d+\."):
        train(wild, toy(3, images=110), tmp_path, Tape())


def test_a_short_run_is_not_tried_at_all(tmp_path):
    summary = train(config(), toy(), tmp_path, Tape())
    assert summary.steps_per_execution == 1


class Played:
    """A model that only remembers what was set, and the tempo of a run of 10,000 steps of a second on it."""

    def __init__(self, monkeypatch, xla):
        monkeypatch.setattr(backends, "may_try_xla", lambda: xla)
        monkeypatch.setattr(backends, "takes_several_steps", lambda devices: True)
        monkeypatch.setattr(backends, "compiles_steps", lambda: False)
        self.model = type("Model", (), {"train_function": 1, "jit_compile": False})()
        self.course = Course(Schedule(images=1000, batch_size=1, total_steps=10_000))
        self.tempo = Tempo(self.course, self.model)

    def trial(self, step_s):
        assert self.tempo.at_most == TRIAL_STEPS
        self.tempo.stopwatch.times = [2.0] + [step_s] * (TRIAL_STEPS - 1)
        self.course.step += TRIAL_STEPS
        self.tempo.shift()
        return self.tempo.gear


def test_xla_is_kept_where_its_steps_are_shorter(monkeypatch):
    played = Played(monkeypatch, xla=True)
    assert played.trial(0.050) == Gear(1, compiled=True)
    assert played.model.train_function is None
    # 20 ms with XLA: five of them fill a call
    assert played.trial(0.020) == Gear(5, compiled=True)
    assert played.tempo.at_most is None
    assert played.model.jit_compile is True


def test_xla_is_left_again_where_its_steps_are_not_shorter(monkeypatch):
    played = Played(monkeypatch, xla=True)
    played.trial(0.050)
    assert played.trial(0.049) == Gear(2, compiled=False)
    assert played.model.jit_compile is False
    assert played.tempo.at_most is None


def test_xla_is_not_tried_in_a_short_run_nor_where_it_is_never_faster(monkeypatch):
    assert Played(monkeypatch, xla=True).trial(0.010) == Gear(10, compiled=False)  # 100 s are left
    assert Played(monkeypatch, xla=False).trial(0.050) == Gear(2, compiled=False)


def test_a_trial_that_an_epoch_cut_short_goes_on_in_the_next(monkeypatch):
    played = Played(monkeypatch, xla=False)
    played.tempo.stopwatch.times = [2.0, 0.01]
    played.tempo.shift()
    assert (played.tempo.gear, played.tempo.at_most) == (Gear(), TRIAL_STEPS)
    assert replace(played.tempo.gear, steps=3) == Gear(3)
