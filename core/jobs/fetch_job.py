"""The job that fetches a public data set; then it is looked into as if somebody had brought it."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import DataGone
from core.jobs.sink import Superseded
from core.jobs.sources import KEPT, delete_upload, fetched_file, fetching_dir, keep_source
from core.jobs.tidy import delete_source
from core.jobs.work import Work
from core.sources.class_names import keep_names
from core.sources.public import fetch, public_set
from core.specs import DatasetState, JobKind
from core.store import new_id


def run_fetch(work: Work) -> None:
    """Fetch the public data set that the payload names by its `key`, and queue the look into it.

    Raises:
        LightboxError: it cannot be reached, is not what was published, or the user stopped it.
    """
    dataset_id = work.job.subject_id
    try:
        path = _fetched(work)
        keep_source(work.settings, dataset_id, path, ours=True)
        with work.ending({"bytes": path.stat().st_size}) as store:
            if not store.move_dataset(dataset_id, {DatasetState.LOOKING}, DatasetState.LOOKING):
                raise DataGone("The data set was deleted meanwhile.", "Fetch it again if you need it.")
            store.submit(new_id("lok"), JobKind.LOOK, dataset_id, dict(KEPT))
    except Superseded:
        raise  # what lies there belongs to another attempt
    except Exception:
        delete_source(work.settings, work.job)
        raise


def _fetched(work: Work) -> Path:
    """The file among the uploads, under the id of its data set."""
    folder = fetching_dir(work.settings, work.job.subject_id)
    public = public_set(str(work.job.payload["key"]))
    try:
        file = fetch(public, folder, work.sink.progress, work.sink.should_stop)
        path = fetched_file(work.settings, work.job.subject_id)
        os.replace(file, path)
        keep_names(path, public.key)
        return path
    finally:
        delete_upload(folder)
