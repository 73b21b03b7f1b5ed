"""The job that trains: data, pack, training, a report on the validation images."""

from __future__ import annotations

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
from core.training import TrainingData, device_facts, train


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
    _begin_anew(work, folder, config, shelf.card)
    packed = _packed(work, shelf, config)
    summary = _trained(work, config, packed, len(shelf.card.classes), folder)
    _report(work, config, packed, shelf, folder)
    stopped = work.sink.should_stop()
    with work.ending({}, stopped=stopped) as store:
        store.set_summary(run_id, summary)


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


def _begin_anew(work: Work, folder: Path, config: RunConfig, card: DatasetCard) -> None:
    """What an attempt that died has left is cleared away; the run's own copies of what decides it are written."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MODEL_FILE).unlink(missing_ok=True)
    work.store.clear_points(work.job.id, after_step=-1)
    write_file(folder / "config.json", config.model_dump_json(indent=2))
    keep_card(folder, card)


def _packed(work: Work, shelf: Shelf, config: RunConfig) -> Pack:
    work.sink.progress(Progress(stage="Preparing images"))
    return pack(shelf, config.recipe, work.settings, work.sink.progress, work.sink.should_stop)


def _trained(work: Work, config: RunConfig, packed: Pack, classes: int, folder: Path) -> RunSummary:
    device = _device(work)
    work.store.set_summary(work.job.id, RunSummary(device=device))
    work.sink.progress(Progress(stage="Training"))
    limit = work.settings.max_batch_bytes
    summary = train(config, training_data(packed, classes), folder, work.sink, max_batch_bytes=limit)
    if not (folder / MODEL_FILE).exists():
        raise Stopped("The run was stopped before there was anything to keep.", "Start it again.")
    return summary.model_copy(update={"device": device})


def _device(work: Work) -> DeviceFacts:
    """What the worker's first child has found; asking anew would take the driver's program up to a second."""
    known = {worker.id: worker.device for worker in work.store.live_workers(SILENT_S)}
    return known.get(work.job.worker_id or "") or device_facts()


def _report(work: Work, config: RunConfig, packed: Pack, shelf: Shelf, folder: Path) -> None:
    work.sink.progress(Progress(stage="Checking on the validation images"))
    model, names = load(folder / MODEL_FILE), shelf.items["name"].tolist()
    found = evaluate(model, packed, Split.VALIDATION, shelf.card, config.training.loss, names)
    write(folder, found)
