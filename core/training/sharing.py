"""Over how many devices a run is spread: all GPUs that its process sees, as long as each has enough to do.

Every device must get the same number of images, or its share of the gradient would not be its share of the batch. So
training and validation are cut to a multiple: at most one image a device is left out, in training others each epoch;
the report after a run measures all of them, on one device.
"""

from __future__ import annotations

from dataclasses import replace

from core.specs import TrainingConfig
from core.training import backends
from core.training.contract import TrainingData
from core.training.schedule import Schedule, schedule_of

FEWEST_EACH = 8  # images of a step; with fewer a device waits more than it computes


def devices_for(schedule: Schedule) -> list[str]:
    """The devices that share each batch of a run; empty: it stays on one."""
    devices = backends.several_gpus()[: schedule.batch_size // FEWEST_EACH]
    return devices if len(devices) > 1 else []


def shared(
    training: TrainingConfig, data: TrainingData, schedule: Schedule, devices: int
) -> tuple[TrainingData, Schedule]:
    """Data and schedule whose batches can be divided by the number of devices; on one they stay as they are."""
    if devices < 2:
        return data, schedule
    val = data.val[: len(data.val) - len(data.val) % devices]
    return replace(data, val=val), schedule_of(training, len(data.train), devices)
