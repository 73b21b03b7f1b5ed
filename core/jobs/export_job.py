"""The job that writes a data set as an archive to take away."""

from __future__ import annotations

from core.datasets import Shelf
from core.datasets.exporting import export
from core.jobs.tidy import remove_half_exported
from core.jobs.work import Work


def run_export(work: Work) -> None:
    """Export the data set that is the job's subject to `settings.export_file`, in place of an export before.

    Raises:
        NotFound: the data set was deleted meanwhile.
        LightboxError: its files are gone, the disk is full, or the user stopped it; an export before stays.
    """
    dataset_id = work.job.subject_id
    path = work.settings.export_file(dataset_id)
    remove_half_exported(work.settings, work.job)  # of an attempt that died
    shelf = Shelf(work.settings.dataset_dir(dataset_id))
    name = work.store.dataset(dataset_id).name
    export(shelf, path, work.sink.progress, work.sink.should_stop, name)
    with work.ending({"images": shelf.card.images, "bytes": path.stat().st_size}) as store:
        store.dataset(dataset_id)  # not there: it was deleted too late for this archive to be
