"""The door of the room: check, then train. Importing it costs nothing; calling it imports Keras."""

from __future__ import annotations

from pathlib import Path

from core.settings import GiB
from core.specs import RunConfig, RunSummary
from core.training.checkpoint import Checkpoints
from core.training.contract import Sink, TrainingData
from core.training.guard import MemoryGuard, check
from core.training.schedule import schedule_of

DEFAULT_MAX_BATCH_BYTES = 2 * GiB


def train(
    config: RunConfig,
    data: TrainingData,
    folder: Path,
    sink: Sink,
    *,
    max_batch_bytes: int = DEFAULT_MAX_BATCH_BYTES,
    checkpoints: Checkpoints | None = None,
) -> RunSummary:
    """Train a network and write `model.keras` with the weights of the lowest validation loss.

    Args:
        config: network, training and augmentation; the same config and seed give the same result on one CPU.
        data: prepared images; only single batches are read from them.
        folder: of the run; the model is written beside its place and renamed into it.
        sink: is told points and progress, and is asked whether to stop. A stop keeps the best weights; before the
            first epoch's end, those of that moment.
        max_batch_bytes: most memory that full-batch gradient descent may need.
        checkpoints: where the run is written down as it goes, and from where it goes on; None: nowhere, anew.

    Returns:
        The figures of the weights that were kept, and why the run ended; `device` is left for the caller to fill in.

    Raises:
        BadDataset: no training images.
        UnbuildableNetwork: the layers do not fit the images.
        TooLarge: full-batch gradient descent over the memory limit.
        Diverged: a loss became infinite or not a number.
        OutOfMemory: the device or the machine had no memory left.
        BadCheckpoint: the checkpoint to go on from belongs to another network or schedule; nothing was trained.
    """
    resume = checkpoints.resume if checkpoints else None
    config = _with_batch_size(config, data, sink) if resume is None else _of(config, resume.facts.batch_size)
    schedule = schedule_of(config.training, max(1, len(data.train)))
    check(config.model, config.training, data, schedule, max_batch_bytes)
    with MemoryGuard(config.training, schedule.batch_size):
        from core.training.loop import run_loop

        return run_loop(config, data, folder, sink, schedule, checkpoints)


def _with_batch_size(config: RunConfig, data: TrainingData, sink: Sink) -> RunConfig:
    """The same config with the batch size that this machine suggests, where that is wished for."""
    training = config.training
    if not training.batch_auto or training.optimizer == "full_batch":
        return config
    smallest = training.model_copy(update={"batch_size": 1})
    check(config.model, smallest, data, schedule_of(smallest, max(1, len(data.train))), 0)
    from core.training.batch_size import find_batch_size

    return _of(config, find_batch_size(config, data, sink))


def _of(config: RunConfig, batch_size: int) -> RunConfig:
    """The same config with a batch size that is settled."""
    settled = config.training.model_copy(update={"batch_auto": False, "batch_size": batch_size})
    return config.model_copy(update={"training": settled})
