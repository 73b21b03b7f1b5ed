"""The batch size that is found, on played times and memories; and that a run uses what was found."""

import numpy as np
import pytest

from core.errors import UnbuildableNetwork
from core.specs import CnnConfig, Progress
from core.training import TrainingData, batch_size, train
from core.training.batch_size import find_batch_size
from tests.core.training.test_train import Tape, config, toy


def data(train=5000, val=1000):
    rows = np.arange(train + val)
    return TrainingData(np.zeros((train + val, 8, 8, 1), np.uint8), rows % 2, rows[:train], rows[train:], 2)


@pytest.fixture
def find(monkeypatch):
    """What is found where a step over so many images takes `times[size]` seconds (None: no memory for it)."""

    def go(times, data=data(), tape=None, memory=2**40, **training):  # noqa: B008  # never changed
        monkeypatch.setattr(batch_size, "_step_s", lambda model, config, data, size: times[size])
        monkeypatch.setattr(batch_size, "_model", lambda config, data: None)
        monkeypatch.setattr(batch_size, "_memory_bytes", lambda: memory)
        return find_batch_size(config(batch_auto=True, **{"batch_most": 1024, **training}), data, tape or Tape())

    return go


def test_the_largest_that_brings_a_tenth_more_images_a_second(find):
    # 1,000, 1,600, 2,000 and 2,100 images/s: 128 brings but a twentieth more
    assert find({16: 0.016, 32: 0.020, 64: 0.032, 128: 0.061}) == 64
    assert find({16: 0.016, 32: 0.031}) == 16


def test_what_does_not_fit_is_not_taken(find):
    assert find({16: 0.016, 32: 0.020, 64: None}) == 32
    # a weight and an answer have 4 bytes: 64 images of this network need less than 1 MB, 128 more than .5
    sizes = {16: 0.016, 32: 0.020, 64: 0.03, 128: 0.05, 256: 0.08}
    assert find(sizes, memory=2 * batch_size._needed_bytes(config(), data(), 64)) == 64


def test_a_step_stays_short_enough_for_a_stop(find):
    assert find({16: 0.2, 32: 0.3, 64: 0.52}) == 32
    assert find({16: 0.9, 32: 0.95}) == 16  # the smallest in any case


def test_never_above_the_cap_the_validation_images_or_a_tenth_of_the_training_images(find):
    fast = {16 * 2**power: 0.01 for power in range(7)}
    assert find(fast) == 256  # of 5,000 / 10
    assert find(fast, batch_most=100) == 64
    assert find(fast, data(val=70)) == 64
    assert find(fast, data(train=400)) == 32
    assert find(fast, data(train=400, val=0)) == 32
    assert find({}, data(train=50)) == 5  # nothing to choose, nothing timed
    assert find({}, data(), batch_most=8) == 8


def test_a_stop_ends_the_search_and_each_size_is_told(find):
    tape = Tape(stop_if=lambda tape: len(tape.progresses) == 2)
    assert find({16: 0.01, 32: 0.01, 64: 0.01}, tape=tape) == 32
    assert tape.progresses[-1] == Progress(stage="Finding the batch size", done=32, unit="images a step")


def test_a_run_times_real_steps_uses_what_was_found_and_records_it(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_size, "PAYS", 0.0)
    tape = Tape()
    summary = train(config(batch_auto=True, epochs=1), toy(images=440, val=40), tmp_path, tape)
    assert [progress.done for progress in tape.progresses if "batch size" in progress.stage] == [16, 32]
    # 400 training images, 40 for validation: at most 32, whatever `batch_size` says
    assert summary.batch_size == 32
    assert tape.epochs[0].step == 13


def test_full_batch_descent_looks_for_none_and_refusals_come_first(tmp_path):
    summary = train(config(optimizer="full_batch", batch_auto=True, epochs=1), toy(), tmp_path, Tape())
    assert summary.batch_size == 60
    with pytest.raises(UnbuildableNetwork):
        train(config(CnnConfig(filters=(2,) * 4), batch_auto=True), toy(), tmp_path, Tape())
