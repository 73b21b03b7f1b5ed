"""Schedules, pace, class weights and what is refused before a start; no Keras here."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from core.errors import BadDataset, TooLarge, UnbuildableNetwork
from core.specs import CnnConfig, TrainingConfig
from core.training import TrainingData, is_out_of_memory
from core.training.guard import check
from core.training.pace import Pace
from core.training.schedule import Part, Schedule, schedule_of
from core.training.weighting import balanced_weights


def data(images=100, side=8, train=70):
    rows = np.arange(images)
    return TrainingData(
        np.zeros((images, side, side, 1), np.uint8), np.zeros(images, np.int64), rows[:train], rows[train:], 2
    )


def test_schedule_in_epochs():
    schedule = schedule_of(TrainingConfig(batch_size=32, epochs=3), 70)
    # 32 + 32 + 6 images: three steps an epoch
    assert (schedule.steps_per_epoch, schedule.total_steps, schedule.epochs) == (3, 9, 3)
    assert [schedule.images_after(step) for step in (0, 1, 2, 3, 4, 9)] == [0, 32, 64, 70, 102, 210]
    assert schedule.total_images == 210
    assert schedule.epochs_after(6) == 2.0


def test_schedule_in_iterations_may_end_within_an_epoch():
    schedule = schedule_of(TrainingConfig(batch_size=32, limit="iterations", iterations=7), 70)
    # two whole epochs of 3 steps and one step of a third
    assert (schedule.total_steps, schedule.epochs, schedule.total_images) == (7, 3, 140 + 32)
    assert schedule.epochs_after(7) == pytest.approx(7 / 3)
    assert schedule_of(TrainingConfig(limit="iterations", iterations=1), 70).epochs == 1


def test_a_run_comes_in_parts_that_begin_at_any_step():
    ten = Schedule(images=70, batch_size=32, total_steps=10)  # three steps an epoch; of the fourth only one
    assert ten.part_at(0) == Part(0, 0, batches=3, epochs=3, ends_epoch=True)
    assert ten.part_at(9) == Part(3, 0, batches=1, epochs=1, ends_epoch=True)
    # taken up in the middle: the rest of that epoch, then the whole ones
    assert ten.part_at(4) == Part(1, 1, batches=2, epochs=1, ends_epoch=True)
    assert ten.part_at(6) == Part(2, 0, batches=3, epochs=1, ends_epoch=True)
    assert ten.part_at(0, at_most=2) == Part(0, 0, batches=2, epochs=1, ends_epoch=False)
    assert ten.part_at(2, at_most=2) == Part(0, 2, batches=1, epochs=1, ends_epoch=True)
    assert ten.part_at(3, at_most=3) == Part(1, 0, batches=3, epochs=1, ends_epoch=True)


@pytest.mark.parametrize("at_most", [None, 1, 2, 3, 5])
def test_parts_cover_every_step_once(at_most):
    schedule, step, taken = Schedule(images=70, batch_size=32, total_steps=10), 1, []
    while step < 10:
        part = schedule.part_at(step, at_most)
        for epoch in range(part.epoch, part.epoch + part.epochs):
            taken += [epoch * 3 + part.skip + batch for batch in range(part.batches)]
        step += part.epochs * part.batches
    assert taken == list(range(1, 10))


def test_full_batch_takes_one_step_an_epoch_whatever_the_batch_size():
    schedule = schedule_of(TrainingConfig(optimizer="full_batch", batch_size=8, epochs=5), 70)
    assert (schedule.batch_size, schedule.steps_per_epoch, schedule.total_steps) == (70, 1, 5)


def test_a_batch_is_never_larger_than_the_training_set():
    assert schedule_of(TrainingConfig(batch_size=1024), 70).batch_size == 70


def test_pace_before_the_first_step_is_not_known():
    assert Pace(30).left_s(100, 3) is None
    assert Pace(30).images_per_s is None


def test_pace_takes_a_validation_for_a_third_until_one_was_measured():
    pace = Pace(val_images=30)
    pace.trained(images=50, seconds=2.0)
    pace.trained(images=50, seconds=3.0)
    # 100 images in 5 s: 20 images/s; 200 left: 10 s; two validations of 30 / 3 / 20 = .5 s each
    assert pace.images_per_s == 20
    assert pace.left_s(200, 2) == pytest.approx(10 + 2 * 0.5)
    pace.validated(4.0)
    assert pace.left_s(200, 2) == pytest.approx(10 + 2 * 4)


def test_balanced_weights_equal_those_of_scikit_learn():
    labels = np.array([0] * 60 + [1] * 30 + [2] * 10)
    # 100 / (3 * 60), 100 / (3 * 30), 100 / (3 * 10)
    np.testing.assert_allclose(balanced_weights(labels, 3), [100 / 180, 100 / 90, 100 / 30], rtol=1e-6)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    np.testing.assert_allclose(balanced_weights(labels, 3), expected, rtol=1e-6)


def test_a_class_without_training_images_keeps_weight_1():
    # two classes present, so each of the others is balanced between two: 4 / (2 * 3) and 4 / (2 * 1)
    np.testing.assert_allclose(balanced_weights(np.array([0, 0, 0, 2]), 3), [4 / 6, 1, 2])


def test_check_refuses_a_full_batch_above_the_limit_and_names_both_sizes():
    training = TrainingConfig(optimizer="full_batch")
    schedule = schedule_of(training, 70)
    check(CnnConfig(), training, data(), schedule, 2**30)
    with pytest.raises(TooLarge, match=r"over 70 images needs about \d+ MiB at once, the limit is 2 MiB"):
        check(CnnConfig(), training, data(), schedule, 2 * 2**20)


def test_batches_are_not_held_to_the_limit_of_full_batch():
    training = TrainingConfig(optimizer="adam", batch_size=70)
    check(CnnConfig(), training, data(), schedule_of(training, 70), max_batch_bytes=1)


def test_check_refuses_what_cannot_be_built_or_has_nothing_to_learn_from():
    training = TrainingConfig()
    with pytest.raises(UnbuildableNetwork, match="Block 4"):
        check(CnnConfig(filters=(2,) * 4), training, data(), schedule_of(training, 70), 1)
    with pytest.raises(BadDataset, match="no training images"):
        check(CnnConfig(), training, data(train=0), schedule_of(training, 1), 1)


def test_out_of_memory_is_known_by_name_on_every_backend():
    tensorflow_like = type("ResourceExhaustedError", (Exception,), {})
    torch_like = type("OutOfMemoryError", (RuntimeError,), {})
    jax_like = type("JaxRuntimeError", (RuntimeError,), {})
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(type("Subclass", (tensorflow_like,), {})())
    assert is_out_of_memory(torch_like())
    assert is_out_of_memory(jax_like("RESOURCE_EXHAUSTED: Out of memory while trying to allocate"))
    assert not is_out_of_memory(jax_like("INVALID_ARGUMENT"))
    assert not is_out_of_memory(ValueError("RESOURCE_EXHAUSTED"))
