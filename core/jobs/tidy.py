"""What is left lying about is removed: old answers, the traces of imports that died, uploads that nobody took."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from core.jobs.sources import delete_upload, forget_source, kept_source
from core.settings import Settings
from core.specs import DatasetState, JobKind, JobState
from core.store import MAKES_DATA, JobRow, Store
from core.training import CHECKPOINT_FILE

ANSWERS_S = 3600.0
UPLOADS_S = 24 * 3600.0
CHOOSING_S = 7 * 24 * 3600.0  # an upload tells names until its labels are chosen, so it does not wait for ever
_COMING_IN = (DatasetState.LOOKING, DatasetState.CHOOSING, DatasetState.IMPORTING)
_UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def clear_up_after(settings: Settings, job: JobRow) -> None:
    """Remove what a job on a data set has left that ended without its child being able to clear up."""
    if not job.state.final or job.state is JobState.FINISHED:
        return
    if job.kind is JobKind.IMPORT:
        remove_traces(settings.dataset_dir(job.subject_id))
    if job.kind is JobKind.REVISE:
        remove_half_revised(settings, job)
    if job.kind is JobKind.EXPORT:
        remove_half_exported(settings, job)
    if job.kind in (JobKind.FETCH, JobKind.LOOK, JobKind.IMPORT):
        delete_source(settings, job)


def clear_up_deleted(settings: Settings, job: JobRow) -> None:
    """Remove what a job has written for a data set that was deleted meanwhile."""
    remove_traces(settings.dataset_dir(job.subject_id))
    remove_half_exported(settings, job)
    settings.export_file(job.subject_id).unlink(missing_ok=True)
    delete_source(settings, job)


def is_there(store: Store, dataset_id: str) -> bool:
    """Whether a data set has not been deleted."""
    return any(row.id == dataset_id for row in store.datasets())


def remove_traces(folder: Path) -> None:
    """Remove a data set's folder and what an import may have left beside it (an id has no dot, that has one)."""
    for path in (folder, *folder.parent.glob(f"{folder.name}.*")):
        if path.exists():
            shutil.rmtree(path)


def remove_half_revised(settings: Settings, job: JobRow) -> None:
    """Remove what a change left half-made: of a new data set all, of one in review only what lies beside it."""
    folder = settings.dataset_dir(job.subject_id)
    for path in (*([folder] if job.payload.get("parent") else []), *folder.parent.glob(f"{folder.name}.*")):
        shutil.rmtree(path, ignore_errors=True)


def remove_half_exported(settings: Settings, job: JobRow) -> None:
    """Remove an archive that was being written."""
    place = settings.export_file(job.subject_id)
    for path in place.parent.glob(f".{place.stem}-*"):
        path.unlink(missing_ok=True)


def delete_source(settings: Settings, job: JobRow) -> None:
    """Delete an upload once its import is over, with the look into it; files that the user only named stay."""
    forget_source(settings, job.subject_id)
    source = job.payload.get("source")
    if source is not None and job.payload.get("delete_source"):  # as earlier versions asked for it
        delete_upload(Path(source))


def tidy(settings: Settings, store: Store) -> None:
    """Remove answers older than an hour, and whatever was half-made or meant for a day, and has no job any more.

    A data set whose labels nobody has chosen for a week goes, too, with its upload.
    """
    now = time.time()
    for row in store.datasets():
        if row.state is DatasetState.CHOOSING and row.created_at < now - CHOOSING_S:
            store.delete_dataset(row.id)
            forget_source(settings, row.id)
    store.forget_jobs(now - ANSWERS_S)
    for folder in _older(settings.home / "answers", "*", now - ANSWERS_S):
        shutil.rmtree(folder, ignore_errors=True)
    unfinished = [job for job in store.jobs(states=_UNFINISHED) if job.kind in MAKES_DATA]
    coming_in = {row.id for row in store.datasets() if row.state in _COMING_IN} | {job.subject_id for job in unfinished}
    _tidy_uploads(settings, unfinished, coming_in, now - UPLOADS_S)
    for path in _older(settings.home / "looks", "*", now - UPLOADS_S):
        if path.name.split(".")[0] not in coming_in:
            delete_upload(path)
    for path in _older(settings.home / "exports", "*", now - UPLOADS_S):
        delete_upload(path)
    for job in store.jobs(JobKind.TRAIN, (JobState.FINISHED,)):  # of a child that was killed as its last act
        (settings.run_dir(job.subject_id) / CHECKPOINT_FILE).unlink(missing_ok=True)
    for place in ("datasets", "runs"):
        for folder in _older(settings.home / place, "*.*", now - UPLOADS_S):  # ids have no dot, half-made folders do
            if folder.name.split(".")[0] not in coming_in:
                shutil.rmtree(folder, ignore_errors=True)


def _tidy_uploads(settings: Settings, unfinished: list[JobRow], coming_in: set[str], before: float) -> None:
    """Files, baskets and downloads that nobody is bringing in."""
    kept = filter(None, (kept_source(settings, dataset_id) for dataset_id in coming_in))
    wanted = {str(job.payload.get("source")) for job in unfinished} | {str(source.path) for source in kept}
    for upload in _older(settings.uploads_dir, "*", before):
        if str(upload) not in wanted and upload.name.split(".")[0] not in coming_in:
            delete_upload(upload)


def _older(folder: Path, pattern: str, than: float) -> Iterator[Path]:
    for path in list(folder.glob(pattern)) if folder.is_dir() else []:
        if path.exists() and path.stat().st_mtime < than:
            yield path
