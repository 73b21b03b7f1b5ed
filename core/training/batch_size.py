"""The batch size that a machine suggests: the largest that fits, that pays, and that leaves a stop its answer.

A few steps at 16, 32, 64 ... images are timed on a network of their own. Twice the images must bring a tenth more
images a second; on a CPU they seldom do beyond 64, on a GPU they do until it is full.
"""

from __future__ import annotations

import time

import keras

from core.errors import OutOfMemory
from core.models import build, plan
from core.specs import Progress, RunConfig
from core.training import backends
from core.training.contract import Sink, TrainingData
from core.training.guard import MemoryGuard
from core.training.hardware import nvidia_gpus, usable_memory_bytes
from core.training.objective import compile_model, targets
from core.training.precision import choose

SMALLEST = 16
PAYS = 1.1
LONGEST_STEP_S = 0.5
FEWEST_STEPS_PER_EPOCH = 10  # fewer learn too little in an epoch
MEMORY_SHARE = 0.5
TIMED_STEPS = 2
STAGE = "Finding the batch size"


def find_batch_size(config: RunConfig, data: TrainingData, sink: Sink) -> int:
    """The batch size for a run on this machine.

    Args:
        config: with `training.batch_most`, which is never exceeded.
        data: at least a few images to learn from; its validation images are another limit.
        sink: is told the stage, and asked whether to stop; then what was found so far is the answer.
    """
    sizes = _sizes(config, data)
    if len(sizes) == 1:
        return sizes[0]
    best, best_rate = sizes[0], 0.0
    model = _model(config, data)
    for size in sizes:
        sink.progress(Progress(stage=STAGE, done=size, unit="images a step"))
        step_s = _step_s(model, config, data, size)
        if step_s is None or (best_rate and step_s > LONGEST_STEP_S) or size / step_s < PAYS * best_rate:
            break
        best, best_rate = size, size / step_s
        if sink.should_stop():
            break
    return best


def _sizes(config: RunConfig, data: TrainingData) -> list[int]:
    """What may be tried, rising: powers of two below every limit, the smallest in any case."""
    checked = len(data.val) or config.training.batch_most
    most = min(config.training.batch_most, checked, len(data.train) // FEWEST_STEPS_PER_EPOCH)
    sizes = [SMALLEST * 2**power for power in range(10) if SMALLEST * 2**power <= most]
    memory_bytes = MEMORY_SHARE * _memory_bytes()
    fitting = [size for size in sizes if _needed_bytes(config, data, size) <= memory_bytes]
    return fitting or [max(1, min(SMALLEST, most))]


def _needed_bytes(config: RunConfig, data: TrainingData, size: int) -> int:
    return plan(config.model, data.shape, data.classes, size, config.training.optimizer).memory_bytes


def _memory_bytes() -> int:
    """Of the device: running out of a machine's own memory ends the process without a word, so it is not tried."""
    gpus = nvidia_gpus() if backends.has_gpu() else []
    return next((gpu.memory_bytes for gpu in gpus if gpu.memory_bytes), usable_memory_bytes())


def _model(config: RunConfig, data: TrainingData) -> keras.Model:
    planned = plan(config.model, data.shape, data.classes, SMALLEST, config.training.optimizer)
    policy = choose(config.training.precision, planned).policy
    model = build(config.model, data.shape, data.classes, config.training.seed, policy)
    compile_model(model, config.training, data.classes)
    return model


def _step_s(model: keras.Model, config: RunConfig, data: TrainingData, size: int) -> float | None:
    """Seconds of a step over so many images; None where the memory does not hold them."""
    rows = data.train[:size]
    labels = targets(data.class_indices[rows], config.training, data.classes)
    times = []
    try:
        with MemoryGuard(config.training, size):
            for _ in range(1 + TIMED_STEPS):
                began = time.perf_counter()
                model.train_on_batch(data.images[rows], labels)
                times.append(time.perf_counter() - began)
    except OutOfMemory:
        return None
    return min(times[1:])
