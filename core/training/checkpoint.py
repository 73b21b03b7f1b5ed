"""A checkpoint: everything that decides the further steps of a run, in one file that is whole or not believed.

On a CPU in float32 a run that goes on from one ends with the same weights, bit for bit, as one that was never broken.
The order of the images and their augmentation follow from seed, epoch and place alone, so they are not in it.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from core.files import written_beside
from core.specs import RunConfig
from core.specs.base import Spec
from core.training.contract import TrainingData

CHECKPOINT_FILE = "checkpoint.npz"
"""What it is called in the folder of its run."""

Arrays = list[npt.NDArray[Any]]

_GROUPS = ("model", "optimizer", "running", "best")
_DAMAGED = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


class BadCheckpoint(Exception):
    """A checkpoint from which this run cannot go on; says why, after "it"."""


class Facts(Spec):
    """What stands in a checkpoint beside the arrays.

    Attributes:
        mark: of the config and the data that it belongs to.
        step: steps taken in the whole run.
        seconds: of training so far.
        because: why the run is over; empty while it goes on.
        epochs_done, best_epoch, best_logs: the best epoch so far (counted from 0) with its figures; by them early
            stopping counts.
        batch_size, precision, precision_words: what "auto" has chosen; it is not asked again.
        schedule: training images of an epoch, images in a step, steps of the whole run.
        paced_images, paced_s, validation_s: what is known of the speed.
        arrays: how many arrays each group has.
    """

    format: Literal[1] = 1
    mark: str
    step: int
    seconds: float
    because: str
    epochs_done: int
    best_epoch: int | None
    best_logs: dict[str, float]
    batch_size: int
    precision: str
    precision_words: str
    schedule: tuple[int, int, int]
    paced_images: int
    paced_s: float
    validation_s: float | None
    arrays: dict[str, int] = Field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """Facts, and the values of all variables.

    Attributes:
        model: weights, and the state of what draws random numbers (dropout).
        optimizer: its moments and the number of its steps.
        running: of the metrics within an epoch; empty at an epoch's end.
        best: weights at the end of the best epoch; empty before the first one's end.
    """

    facts: Facts
    model: Arrays
    optimizer: Arrays
    running: Arrays
    best: Arrays


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Checkpoints:
    """Where a run writes its checkpoint, and from which it goes on.

    Attributes:
        path: of the file; each new one takes the place of the last.
        mark: what `mark_of` says of the run.
        resume: the one to go on from; None: the run begins.
        before: called before each is written: what was told up to then must be kept first.
        after: called after each.
        clock: seconds; for how long the last one is ago.
    """

    path: Path
    mark: str
    resume: Checkpoint | None = None
    before: Callable[[], None] = _nothing
    after: Callable[[], None] = _nothing
    clock: Callable[[], float] = time.monotonic


def mark_of(config: RunConfig, data: TrainingData) -> str:
    """A digest of what decides a run besides the pixels, which follow from data set and recipe; needs Keras' name."""
    import keras

    told = (
        f"{config.model_dump_json()} {data.images.shape} {data.classes} {keras.__version__} {keras.backend.backend()}"
    )
    digest = hashlib.sha256(told.encode())
    for array in (data.class_indices, data.train, data.val):
        digest.update(np.ascontiguousarray(array, np.int64).tobytes() + b"|")
    return digest.hexdigest()


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write beside its place, down to the disk, and rename."""
    groups: dict[str, Arrays] = {name: getattr(checkpoint, name) for name in _GROUPS}
    facts = checkpoint.facts.model_copy(update={"arrays": {name: len(group) for name, group in groups.items()}})
    named: dict[str, npt.NDArray[Any]] = {
        _name(group, number): array for group, arrays in groups.items() for number, array in enumerate(arrays)
    }
    named["facts"] = np.frombuffer(facts.model_dump_json().encode(), np.uint8)
    with written_beside(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **named)
        file.flush()
        os.fsync(file.fileno())


def read_checkpoint(path: Path, mark: str) -> Checkpoint | None:
    """The checkpoint of a run; None when there is none.

    Args:
        mark: what `mark_of` says of the run.

    Raises:
        BadCheckpoint: it is damaged, or belongs to something else.
    """
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            facts = Facts.model_validate_json(_array(archive, "facts").tobytes())
            groups = {
                group: [_array(archive, _name(group, number)) for number in range(facts.arrays[group])]
                for group in _GROUPS
            }
    except _DAMAGED as error:
        raise BadCheckpoint("is damaged") from error
    if facts.mark != mark:
        raise BadCheckpoint("belongs to other settings, other images, or another version of Keras")
    return Checkpoint(facts, **groups)


def copy_checkpoint(of: Path, to: Path) -> None:
    """Copy a checkpoint for a run that is to go on from it; whether it is whole is seen when it is read."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_beside(to) as part:
        shutil.copyfile(of, part)


def _name(group: str, number: int) -> str:
    return f"{group}_{number:05}"


def _array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    """The bytes are read to their end first, with their checksum, so that no damaged header is believed."""
    array: npt.NDArray[Any] = np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
    return array
