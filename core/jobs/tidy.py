"""What is left lying about is removed: old answers, the traces of imports that died, uploads that nobody took."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from core.settings import Settings
from core.specs import JobKind, JobState
from core.store import JobRow, Store

ANSWERS_S = 3600.0
UPLOADS_S = 24 * 3600.0


def clear_up_after(settings: Settings, job: JobRow) -> None:
    """Remove what an import has left that ended without its child being able to clear up."""
    if job.kind is not JobKind.IMPORT or not job.state.final or job.state is JobState.FINISHED:
        return
    remove_traces(settings.dataset_dir(job.subject_id))
    delete_source(job)


def remove_traces(folder: Path) -> None:
    """Remove a data set's folder and what an import may have left beside it (an id has no dot, that has one)."""
    for path in (folder, *folder.parent.glob(f"{folder.name}.*")):
        if path.exists():
            shutil.rmtree(path)


def delete_source(job: JobRow) -> None:
    """Delete an upload once its import is over; files that the user only named stay."""
    source = job.payload.get("source")
    if source is not None and job.payload.get("delete_source"):
        Path(source).unlink(missing_ok=True)


def tidy(settings: Settings, store: Store) -> None:
    """Remove answers older than an hour, and whatever was half-made a day ago and has no job any more."""
    now = time.time()
    store.forget_jobs(now - ANSWERS_S)
    for folder in _older(settings.home / "answers", "*", now - ANSWERS_S):
        shutil.rmtree(folder, ignore_errors=True)
    unfinished = store.jobs(kind=JobKind.IMPORT, states={JobState.QUEUED, JobState.RUNNING})
    wanted = {str(job.payload.get("source")) for job in unfinished}
    for upload in _older(settings.uploads_dir, "*", now - UPLOADS_S):
        if str(upload) not in wanted and upload.is_file():
            upload.unlink(missing_ok=True)
    building = {job.subject_id for job in unfinished}
    for place in ("datasets", "runs"):
        for folder in _older(settings.home / place, "*.*", now - UPLOADS_S):  # ids have no dot, half-made folders do
            if folder.name.split(".")[0] not in building:
                shutil.rmtree(folder, ignore_errors=True)


def _older(folder: Path, pattern: str, than: float) -> Iterator[Path]:
    for path in list(folder.glob(pattern)) if folder.is_dir() else []:
        if path.exists() and path.stat().st_mtime < than:
            yield path
