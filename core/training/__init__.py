"""Training: fit, callbacks, optimizers, and what it runs on; is given a sink, never knows the store.

May import: models, metrics, datasets, images, specs, settings, errors. Promises: importing it imports no Keras
(`PRELOAD` names the modules that do); the same config gives the same result on one CPU; a stop keeps the best weights.
"""

from core.training.contract import STOPPED_BY_USER, Indices, Sink, TrainingData
from core.training.device import DEVICE_ENVIRONMENT, device_facts
from core.training.fit import DEFAULT_MAX_BATCH_BYTES, train
from core.training.guard import is_out_of_memory

PRELOAD = ("core.training.loop",)

__all__ = [
    "DEFAULT_MAX_BATCH_BYTES",
    "DEVICE_ENVIRONMENT",
    "PRELOAD",
    "STOPPED_BY_USER",
    "Indices",
    "Sink",
    "TrainingData",
    "device_facts",
    "is_out_of_memory",
    "train",
]
