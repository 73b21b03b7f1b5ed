"""The work that takes long: queue, worker, child processes, heartbeats, warm answers.

May import: training, evaluation, datasets, models, images, store, specs, settings, errors. Promises: importing it
imports no Keras; a job that was queued ends in words or is queued again, whichever process is killed meanwhile.
"""

from core.jobs.launch import ensure_worker
from core.jobs.probe import inspect_device, try_step

__all__ = ["ensure_worker", "inspect_device", "try_step"]
