"""The work that takes long: queue, worker, child processes, heartbeats, warm answers.

May import: training, evaluation, datasets, models, images, store, specs, files, settings, errors. Promises: importing
it imports no Keras; a job that was queued ends in words or is queued again, whichever process is killed meanwhile.
"""

from core.jobs.cards import card_of
from core.jobs.launch import SILENT_S, ensure_worker
from core.jobs.probe import inspect_device, try_step
from core.jobs.tidy import clear_up_after

__all__ = ["SILENT_S", "card_of", "clear_up_after", "ensure_worker", "inspect_device", "try_step"]
