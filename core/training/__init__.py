"""Training: fit, callbacks, optimizers, and what it runs on; is given a sink, never knows the store.

May import: models, metrics, datasets, images, specs, settings, errors. Promises: importing it imports no Keras
(`PRELOAD` names the modules that do); the same config gives the same result on one CPU, also when it is broken off and
goes on from its checkpoint; a stop keeps the best weights.
"""

from core.training.checkpoint import (
    CHECKPOINT_FILE,
    BadCheckpoint,
    Checkpoint,
    Checkpoints,
    copy_checkpoint,
    mark_of,
    read_checkpoint,
)
from core.training.contract import STOPPED_BY_USER, Indices, Sink, TrainingData
from core.training.device import DEVICE_ENVIRONMENT, device_facts
from core.training.fit import DEFAULT_MAX_BATCH_BYTES, train
from core.training.guard import is_out_of_memory

PRELOAD = ("core.training.loop",)

__all__ = [
    "CHECKPOINT_FILE",
    "DEFAULT_MAX_BATCH_BYTES",
    "DEVICE_ENVIRONMENT",
    "PRELOAD",
    "STOPPED_BY_USER",
    "BadCheckpoint",
    "Checkpoint",
    "Checkpoints",
    "Indices",
    "Sink",
    "TrainingData",
    "copy_checkpoint",
    "device_facts",
    "is_out_of_memory",
    "mark_of",
    "read_checkpoint",
    "train",
]
