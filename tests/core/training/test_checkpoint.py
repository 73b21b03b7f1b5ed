"""Checkpoints as files: read back exactly, or not believed."""

import random

import numpy as np
import pytest

from core.specs import RunConfig, TrainingConfig
from core.training import BadCheckpoint, TrainingData, mark_of, read_checkpoint
from core.training.checkpoint import Checkpoint, Facts, copy_checkpoint, write_checkpoint

FACTS = Facts(
    mark="m",
    step=7,
    seconds=0.1 + 0.2,
    because="",
    epochs_done=1,
    best_epoch=0,
    best_logs={"loss": 1 / 3},
    batch_size=16,
    precision="float32",
    precision_words="float32: as asked for",
    schedule=(60, 16, 12),
    paced_images=100,
    paced_s=1.5,
    validation_s=None,
)


@pytest.fixture
def path(tmp_path):
    """A checkpoint with two variables in the model, one in the optimizer, none running."""
    path, rng = tmp_path / "checkpoint.npz", np.random.default_rng(0)
    model = [rng.normal(size=(3, 4)).astype(np.float32), np.array([1, 2], np.uint32)]
    write_checkpoint(path, Checkpoint(FACTS, model, [np.array(7, np.int64)], [], [model[0]]))
    return path


def test_everything_is_read_back_exactly(path):
    found = read_checkpoint(path, "m")
    counts = {"model": 2, "optimizer": 1, "running": 0, "best": 1}
    assert found.facts == FACTS.model_copy(update={"arrays": counts})
    assert [(value.dtype, value.shape) for value in (*found.model, *found.optimizer)] == [
        (np.float32, (3, 4)), (np.uint32, (2,)), (np.int64, ())
    ]  # fmt: skip
    assert np.array_equal(found.model[0], np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32))
    assert (found.model[1].tolist(), found.optimizer[0], found.running) == ([1, 2], 7, [])
    assert [file.name for file in path.parent.iterdir()] == ["checkpoint.npz"]


def test_none_is_no_error(tmp_path):
    assert read_checkpoint(tmp_path / "checkpoint.npz", "m") is None


def test_a_checkpoint_of_something_else_is_refused(path):
    with pytest.raises(BadCheckpoint, match="belongs to other settings"):
        read_checkpoint(path, "n")


def test_half_a_file_is_refused_wherever_it_ends(path):
    whole = path.read_bytes()
    for length in (0, 1, 4, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BadCheckpoint, match="is damaged"):
            read_checkpoint(path, "m")


def test_a_changed_byte_is_refused_or_changes_nothing(path):
    whole, expected = path.read_bytes(), read_checkpoint(path, "m")
    refused = 0
    for place in random.Random(0).sample(range(len(whole)), 300):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            found = read_checkpoint(path, "m")
        except BadCheckpoint:
            refused += 1
            continue
        assert found.facts == expected.facts  # a date or a flag in the archive's own directory
        for group in ("model", "optimizer", "running", "best"):
            pairs = zip(getattr(found, group), getattr(expected, group), strict=True)
            assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)
    assert refused > 150


def test_other_files_are_refused(path):
    np.save(path.with_suffix(".npy"), np.zeros(3))
    for content in (b"", b"not a zip", path.with_suffix(".npy").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(BadCheckpoint):
            read_checkpoint(path, "m")
    np.savez(path, facts=np.array([{"pickled": True}], dtype=object))
    with pytest.raises(BadCheckpoint):
        read_checkpoint(path, "m")


def test_a_copy_is_the_same(path, tmp_path):
    copy_checkpoint(path, tmp_path / "new" / "checkpoint.npz")
    assert (tmp_path / "new" / "checkpoint.npz").read_bytes() == path.read_bytes()


def test_the_mark_tells_settings_and_data_apart():
    def data(labels=(0, 1, 0, 1), train=(0, 1, 2), val=(3,), side=8):
        images = np.zeros((4, side, side, 1), np.uint8)
        return TrainingData(images, np.array(labels), np.array(train), np.array(val), 2)

    plain = RunConfig(dataset_id="d")
    marks = [
        mark_of(plain, data()),
        mark_of(plain.model_copy(update={"training": TrainingConfig(seed=1)}), data()),
        mark_of(plain, data(labels=(0, 1, 1, 0))),
        mark_of(plain, data(train=(0, 1), val=(2, 3))),
        mark_of(plain, data(train=(2, 1, 0))),
        mark_of(plain, data(side=9)),
    ]
    assert len(set(marks)) == len(marks)
    assert mark_of(plain, data()) == marks[0]
