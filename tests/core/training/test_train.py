"""Trainings of tiny networks on made images, from the initial weights to the saved model."""

from itertools import pairwise

import numpy as np
import pytest

from core.errors import Diverged, OutOfMemory, TooLarge
from core.models import build, load
from core.specs import Augmentation, CnnConfig, PointKind, RunConfig, TrainingConfig
from core.training import STOPPED_BY_USER, TrainingData, device_facts, train

TINY = CnnConfig(filters=(4,), kernel_size=3, pool_size=2, dense_units=(8,))


class Tape:
    """A sink that remembers, and asks to stop when `stop_if` says so of the tape."""

    def __init__(self, stop_if=lambda tape: False):
        self.told, self.progresses, self.asked = [], [], 0
        self._stop_if = stop_if

    def progress(self, progress):
        self.progresses.append(progress)

    def points(self, points):
        self.told += points

    def should_stop(self):
        self.asked += 1
        return self._stop_if(self)

    def of(self, kind):
        return [point for point in self.told if point.kind is kind]

    @property
    def epochs(self):
        return self.of(PointKind.EPOCH)


def toy(classes=2, images=90, val=30, side=8, seed=0):
    """Each class is bright in another band of rows, over noise: a straight cut through pixel space divides them."""
    rng = np.random.default_rng(seed)
    labels = np.arange(images) % classes
    pixels = rng.integers(0, 100, (images, side, side, 1), dtype=np.uint8)
    band = side // classes
    for image, label in zip(pixels, labels, strict=True):
        image[label * band : (label + 1) * band] += 120
    rows = rng.permutation(images)
    return TrainingData(pixels, labels, rows[val:], rows[:val], classes)


def config(model=TINY, augmentation=None, **training):
    return RunConfig(
        dataset_id="d",
        model=model,
        augmentation=augmentation or Augmentation(),
        training=TrainingConfig(**{"batch_size": 16, "epochs": 2, **training}),
    )


def accuracy(folder, data, rows):
    answers = load(folder / "model.keras").predict_on_batch(data.images[rows])
    said = answers.argmax(axis=1) if data.classes > 2 else (answers[:, 0] > 0.5).astype(int)
    return (said == data.class_indices[rows]).mean()


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize(
    ("optimizer", "rate", "epochs"), [("adam", 0.05, 3), ("sgd", 0.3, 3), ("rmsprop", 0.03, 3), ("full_batch", 0.5, 12)]
)
def test_what_can_be_divided_is_learned(tmp_path, optimizer, rate, epochs, loss, classes):
    data, model = toy(classes), CnnConfig(filters=(4,), dense_units=())
    chosen = config(model, optimizer=optimizer, learning_rate=rate, epochs=epochs, loss=loss)
    summary = train(chosen, data, tmp_path, Tape())
    assert summary.val_accuracy > 0.9
    assert accuracy(tmp_path, data, data.val) == pytest.approx(summary.val_accuracy)


def test_points_progress_and_summary(tmp_path):
    data, tape = toy(images=90, val=30), Tape()
    summary = train(config(epochs=3), data, tmp_path, tape)
    # 60 training images in batches of 16: 16 + 16 + 16 + 12, four steps an epoch
    assert [(point.step, point.epoch) for point in tape.epochs] == [(4, 1.0), (8, 2.0), (12, 3.0)]
    assert set(tape.epochs[0].values) == {
        "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "images_per_s"
    }  # fmt: skip
    assert all(point.values["learning_rate"] == pytest.approx(0.001) for point in tape.epochs)
    first = tape.told[0]
    assert (first.kind, first.step, set(first.values)) == (PointKind.BATCH, 1, {"loss", "accuracy"})
    steps = [(point.step, point.at) for point in tape.told]
    assert steps == sorted(steps)
    assert (tape.progresses[0].done, tape.progresses[0].total, tape.progresses[0].left_s) == (0, 180, None)
    last = tape.progresses[-1]
    assert (last.done, last.unit, last.left_s) == (180, "images", 0)
    assert last.rate > 0
    best = min(tape.epochs, key=lambda point: point.values["val_loss"])
    assert summary.best_epoch == round(best.epoch)
    assert (summary.val_loss, summary.train_loss) == (best.values["val_loss"], best.values["loss"])
    assert (summary.epochs_done, summary.stopped_because, summary.device) == (3, "all 3 epochs done", None)
    assert summary.parameters == 40 + (4 * 4 * 4 + 1) * 8 + 9
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(tmp_path):
    data = toy(3)
    model = CnnConfig(filters=(4,), dense_units=(8,), dropout=0.3, batch_normalization=True)
    changes = Augmentation(flip_horizontal=True, rotation_degrees=10, brightness_percent=10)
    tapes = [Tape(), Tape(), Tape()]
    for number, (tape, seed) in enumerate(zip(tapes, (1, 1, 2), strict=True)):
        train(config(model, changes, seed=seed), data, tmp_path / str(number), tape)
    figures = [[tape.epochs[-1].values[name] for name in ("loss", "val_loss", "val_accuracy")] for tape in tapes]
    assert figures[0] == figures[1]
    assert figures[0][:2] != figures[2][:2]
    weights = [load(tmp_path / name / "model.keras").get_weights() for name in "01"]
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_full_batch_is_one_plain_step_down_the_gradient_of_the_whole_set(tmp_path):
    # a network without anything random but its weights, checked against the gradient by central differences
    data, rate = toy(images=40, val=10), 0.5
    model = CnnConfig(filters=(1,), kernel_size=1, pool_size=4, activation="tanh", dense_units=())
    tape = Tape()
    train(config(model, optimizer="full_batch", learning_rate=rate, epochs=1), data, tmp_path, tape)
    assert [point.step for point in tape.epochs] == [1]
    start = build(model, data.shape, 2, 0)
    moved = [
        after - before
        for after, before in zip(load(tmp_path / "model.keras").get_weights(), start.get_weights(), strict=True)
    ]

    def loss_at(weights):
        start.set_weights(weights)
        answers = start.predict_on_batch(data.images[data.train])[:, 0].astype(np.float64)
        of_true = np.where(data.class_indices[data.train] == 1, answers, 1 - answers)
        return -np.log(of_true).mean()

    origin = start.get_weights()
    for index, array in enumerate(origin):
        for place in np.ndindex(array.shape):
            losses = []
            for nudge in (0.01, -0.01):
                nudged = [weights.copy() for weights in origin]
                nudged[index][place] += nudge
                losses.append(loss_at(nudged))
            slope = (losses[0] - losses[1]) / 0.02
            assert moved[index][place] == pytest.approx(-rate * slope, rel=0.02, abs=2e-4)


def test_full_batch_above_the_limit_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(TooLarge):
        train(config(optimizer="full_batch"), toy(), tmp_path, Tape(), max_batch_bytes=1000)
    assert list(tmp_path.iterdir()) == []


def test_iterations_end_within_an_epoch_and_are_validated(tmp_path):
    tape = Tape()
    summary = train(config(limit="iterations", iterations=6), toy(images=90, val=30), tmp_path, tape)
    # four steps an epoch: one whole epoch and half of a second
    assert [(point.step, point.epoch) for point in tape.epochs] == [(4, 1.0), (6, 1.5)]
    assert tape.epochs[-1].values["val_loss"] is not None
    assert summary.stopped_because == "all 6 iterations done"
    assert (tape.progresses[-1].done, tape.progresses[-1].total) == (60 + 32, 60 + 32)


def test_a_stop_within_the_first_epoch_keeps_the_weights_of_that_moment(tmp_path):
    data = toy()
    tape = Tape(stop_if=lambda tape: True)
    summary = train(config(), data, tmp_path, tape)
    assert summary.stopped_because == STOPPED_BY_USER
    assert (summary.epochs_done, summary.best_epoch, summary.val_loss) == (0, None, None)
    assert tape.epochs == []
    assert [point.step for point in tape.told] == [1]
    start = build(TINY, data.shape, 2, 0).get_weights()
    kept = load(tmp_path / "model.keras").get_weights()
    assert any(not np.array_equal(a, b) for a, b in zip(start, kept, strict=True))


def test_a_stop_in_a_later_epoch_keeps_the_best_weights(tmp_path):
    data = toy()
    whole, cut = Tape(), Tape(stop_if=lambda tape: len(tape.epochs) >= 2)
    train(config(epochs=2), data, tmp_path / "whole", whole)
    summary = train(config(epochs=1000), data, tmp_path / "cut", cut)
    # asked at most every .2 s, so some more epochs may have passed; the best of those told is the one that was kept
    best = min(cut.epochs, key=lambda point: point.values["val_loss"])
    assert summary.stopped_because == STOPPED_BY_USER
    assert summary.epochs_done == len(cut.epochs) < 1000
    assert summary.val_loss == best.values["val_loss"]
    assert cut.epochs[1].values["val_loss"] == whole.epochs[1].values["val_loss"]
    assert accuracy(tmp_path / "cut", data, data.val) == pytest.approx(best.values["val_accuracy"])


def test_a_stop_during_a_validation_does_not_wait_for_its_end_nor_believe_its_part(tmp_path, monkeypatch):
    monkeypatch.setattr("core.training.steering.POLL_S", 0)
    monkeypatch.setattr("core.training.reporting.INTERVAL_S", 0)
    # 60 training images: told at the last of four steps, so the next question comes with the first validation batch
    tape = Tape(stop_if=lambda tape: tape.progresses[-1].done == 60)
    summary = train(config(), toy(images=190, val=130), tmp_path, tape)
    assert summary.stopped_because == STOPPED_BY_USER
    assert (summary.epochs_done, summary.best_epoch) == (0, None)
    assert tape.epochs == []
    # asked after each of four training steps and after the first of five validation batches of 32 or fewer
    assert tape.asked == 4 + 1
    assert load(tmp_path / "model.keras").count_params() == summary.parameters


def test_the_sink_is_told_and_asked_about_five_times_a_second(tmp_path):
    tape = Tape()
    summary = train(config(batch_size=2, epochs=1), toy(images=800, val=30), tmp_path, tape)
    told = tape.of(PointKind.BATCH)
    assert 1 <= len(told) <= summary.train_s / 0.2 + 1
    assert all(after.at - before.at >= 0.2 for before, after in pairwise(told))
    assert 1 <= tape.asked <= summary.train_s / 0.2 + 1


def noise():
    """Labels without meaning: the training loss falls, and the validation loss soon rises."""
    data = toy()
    labels = np.random.default_rng(0).permutation(data.class_indices)
    return TrainingData(data.images, labels, data.train, data.val, 2)


def test_the_best_weights_are_those_of_the_lowest_validation_loss_not_the_last(tmp_path):
    data, tape = noise(), Tape()
    summary = train(config(learning_rate=0.02, epochs=8), data, tmp_path, tape)
    losses = [point.values["val_loss"] for point in tape.epochs]
    assert losses[-1] > min(losses)
    assert summary.best_epoch == losses.index(min(losses)) + 1
    answers = load(tmp_path / "model.keras").predict_on_batch(data.images[data.val])[:, 0].astype(np.float64)
    of_true = np.where(data.class_indices[data.val] == 1, answers, 1 - answers)
    assert -np.log(of_true).mean() == pytest.approx(min(losses), rel=1e-4)


def test_early_stopping_waits_for_its_patience(tmp_path):
    summary = train(config(learning_rate=0.02, epochs=100, patience=3), noise(), tmp_path, Tape())
    assert summary.epochs_done == summary.best_epoch + 3 < 100
    assert summary.stopped_because == "early stopping: no lower validation loss for 3 epochs"


@pytest.mark.parametrize(("which", "name"), [("loss", "training loss"), ("val_loss", "validation loss")])
def test_a_run_ends_when_the_chosen_loss_falls_below_its_value(tmp_path, which, name):
    tape = Tape()
    summary = train(config(learning_rate=0.01, epochs=200, stop_when=which, stop_below=0.3), toy(), tmp_path, tape)
    losses = [point.values[which] for point in tape.epochs]
    assert losses[-1] < 0.3
    assert all(loss >= 0.3 for loss in losses[:-1])
    assert summary.stopped_because == f"the {name} fell below 0.3"


def test_a_diverged_loss_names_the_epoch_and_the_cure(tmp_path):
    # six layers of the strongest start and the longest steps that may be set: the answers grow beyond all numbers
    model = CnnConfig(filters=(8, 8, 8), dense_units=(64, 64, 64), initializer="he_normal")
    wild = config(model, optimizer="sgd", learning_rate=1.0, momentum=0.99, epochs=50)
    with pytest.raises(Diverged, match=r"training loss became infinite or not a number in epoch \d+\.") as diverged:
        train(wild, toy(3), tmp_path, Tape())
    assert "Lower the learning rate (it was 1), for example to 0.1" in diverged.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_class_weights_move_the_balance_towards_the_rare_class(tmp_path):
    # the same images under both labels, 9 to 1: nothing to learn but how often each class comes
    images = np.random.default_rng(0).integers(0, 255, (100, 8, 8, 1), dtype=np.uint8)
    data = TrainingData(images, (np.arange(100) % 10 == 0).astype(np.int64), np.arange(100), np.arange(100), 2)
    model = CnnConfig(filters=(1,), kernel_size=1, pool_size=4, dense_units=())
    means = []
    for balanced in (False, True):
        train(config(model, learning_rate=0.05, epochs=10, class_weights=balanced), data, tmp_path, Tape())
        means.append(load(tmp_path / "model.keras").predict_on_batch(images).mean())
    # without weights the answer goes to the share of class 1 (.1); with them to one half
    assert means[0] < 0.25
    assert 0.35 < means[1] < 0.65


def test_without_validation_images_the_training_loss_decides(tmp_path):
    data, tape = toy(val=0), Tape()
    summary = train(config(epochs=2), data, tmp_path, tape)
    assert (summary.val_loss, summary.val_accuracy) == (None, None)
    assert summary.train_loss == min(point.values["loss"] for point in tape.epochs)
    assert tape.progresses[-1].left_s == 0


@pytest.mark.parametrize(
    ("batch", "remedy"), [(16, "Try again with a batch size of 8"), (1, "Use a smaller image side")]
)
def test_out_of_memory_names_the_batch_and_the_remedy(tmp_path, batch, remedy):
    import tensorflow as tf

    class Full(Tape):
        def points(self, points):
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    with pytest.raises(OutOfMemory, match=f"for {batch} image") as ended:
        train(config(batch_size=batch), toy(), tmp_path, Full())
    assert ended.value.remedy.startswith(remedy)
    assert isinstance(ended.value.__cause__, tf.errors.ResourceExhaustedError)


class Watched(np.ndarray):
    """An array that refuses to be read in more than single batches, as a memory map larger than memory would."""

    most = 0

    def __getitem__(self, rows):
        found = super().__getitem__(rows)
        Watched.most = max(Watched.most, len(found) if found.ndim == 4 else 1)
        return np.asarray(found)


def test_only_single_batches_are_read_from_the_images(tmp_path):
    data = toy(images=400, val=200)
    watched = TrainingData(data.images.view(Watched), data.class_indices, data.train, data.val, 2)
    train(config(batch_size=16), watched, tmp_path, Tape())
    assert Watched.most == 32  # training 16, validation twice that


def test_images_on_disk_are_neither_changed_nor_needed_writable(tmp_path):
    data = toy()
    np.save(tmp_path / "pack.npy", data.images)
    mapped = TrainingData(np.load(tmp_path / "pack.npy", mmap_mode="r"), data.class_indices, data.train, data.val, 2)
    train(config(augmentation=Augmentation(brightness_percent=50), epochs=1), mapped, tmp_path, Tape())
    assert np.array_equal(np.load(tmp_path / "pack.npy"), data.images)


def test_the_device_of_this_process_in_words():
    facts = device_facts()
    assert facts.cores >= 1
    assert facts.memory_bytes > 0
    assert facts.backend in ("tensorflow", "jax", "torch")
    assert facts.kind == "gpu" or facts.words == f"CPU, {facts.cores} core" + "s" * (facts.cores != 1)
