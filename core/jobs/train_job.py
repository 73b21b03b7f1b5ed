"""The job that trains: data, pack, training, a report on the validation images.

An attempt that finds a checkpoint, of one that died or of the run that this one continues, goes on from there.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.datasets import Pack, Shelf, pack
from core.errors import DataGone, NotFound, Stopped
from core.evaluation import evaluate, write
from core.files import write_file
from core.jobs.cards import keep_card
from core.jobs.launch import SILENT_S
from core.jobs.work import Work
from core.models import MODEL_FILE, load
from core.specs import DatasetCard, DatasetState, DeviceFacts, Progress, RunConfig, RunSummary, Split
from core.training import (
    CHECKPOINT_FILE,
    BadCheckpoint,
    Checkpoints,
    TrainingData,
    device_facts,
    mark_of,
    read_checkpoint,
    train,
)


def run_training(work: Work) -> None:
    """Train the run whose id is the job's; its config is read from the store.

    Raises:
        DataGone: the data set was deleted, or never accepted.
        LightboxError: what packing, training and evaluation refuse; `Stopped` before there is a model.
    """
    run_id = work.job.id
    config = work.store.run(run_id).config
    folder = work.settings.run_dir(run_id)
    shelf = _shelf(work, config)
    _begin(folder, config, shelf.card)
    packed = _packed(work, shelf, config)
    summary = _trained(work, config, packed, len(shelf.card.classes), folder)
    _report(work, config, packed, shelf, folder)
    stopped = work.sink.should_stop()
    with work.ending({}, stopped=stopped) as store:
        store.set_summary(run_id, summary)
    if not stopped:
        (folder / CHECKPOINT_FILE).unlink(missing_ok=True)


def training_data(packed: Pack, classes: int) -> TrainingData:
    """A pack as a training takes it: rows by split, no test rows."""
    rows = {split: np.flatnonzero(packed.splits == split.value) for split in (Split.TRAIN, Split.VALIDATION)}
    return TrainingData(packed.images, packed.class_indices, rows[Split.TRAIN], rows[Split.VALIDATION], classes)


def _shelf(work: Work, config: RunConfig) -> Shelf:
    try:
        row = work.store.dataset(config.dataset_id)
    except NotFound as error:
        raise DataGone("The data set of this run was deleted.", "Import the data again and start anew.") from error
    if row.state is not DatasetState.ACCEPTED:
        raise DataGone(f"The data set {row.name} has not been accepted.", "Review and accept it, then start anew.")
    return Shelf(work.settings.dataset_dir(config.dataset_id))


def _begin(folder: Path, config: RunConfig, card: DatasetCard) -> None:
    """What an attempt that died has left half-made is cleared away; the run's own copies of what decides it stand."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in (folder / MODEL_FILE, *folder.glob(".*.part*")):
        left.unlink(missing_ok=True)
    write_file(folder / "config.json", config.model_dump_json(indent=2))
    keep_card(folder, card)


def _packed(work: Work, shelf: Shelf, config: RunConfig) -> Pack:
    work.sink.progress(Progress(stage="Preparing images"))
    return pack(shelf, config.recipe, work.settings, work.sink.progress, work.sink.should_stop)


def _trained(work: Work, config: RunConfig, packed: Pack, classes: int, folder: Path) -> RunSummary:
    device = _device(work)
    work.store.set_summary(work.job.id, RunSummary(device=device))
    work.sink.progress(Progress(stage="Training"))
    summary = _gone_on(work, config, training_data(packed, classes), folder)
    if not (folder / MODEL_FILE).exists():
        raise Stopped("The run was stopped before there was anything to keep.", "Start it again.")
    return summary.model_copy(update={"device": device})


def _gone_on(work: Work, config: RunConfig, data: TrainingData, folder: Path) -> RunSummary:
    """Train from the checkpoint on where one is there and fits; anew, and the log says why, where it does not."""
    place = Checkpoints(
        folder / CHECKPOINT_FILE,
        mark_of(config, data),
        before=work.sink.flush,  # the curve up to a checkpoint is stored before it is there
        after=lambda: work.store.got_further(work.job.id, attempt=work.job.attempt),
    )
    limit = work.settings.max_batch_bytes
    try:
        place = replace(place, resume=read_checkpoint(place.path, place.mark))
        work.store.clear_points(work.job.id, after_step=place.resume.facts.step if place.resume else -1)
        return train(config, data, folder, work.sink, max_batch_bytes=limit, checkpoints=place)
    except BadCheckpoint as error:
        print(f"The run begins anew: its checkpoint {error}.", file=sys.stderr, flush=True)
    place.path.unlink()
    work.store.clear_points(work.job.id, after_step=-1)
    return train(config, data, folder, work.sink, max_batch_bytes=limit, checkpoints=replace(place, resume=None))


def _device(work: Work) -> DeviceFacts:
    """What the worker's first child has found; asking anew would take the driver's program up to a second."""
    known = {worker.id: worker.device for worker in work.store.live_workers(SILENT_S)}
    return known.get(work.job.worker_id or "") or device_facts()


def _report(work: Work, config: RunConfig, packed: Pack, shelf: Shelf, folder: Path) -> None:
    work.sink.progress(Progress(stage="Checking on the validation images"))
    model, names = load(folder / MODEL_FILE), shelf.items["name"].tolist()
    found = evaluate(model, packed, Split.VALIDATION, shelf.card, config.training.loss, names)
    write(folder, found)
