"""Bring images in by steps: look into the source, choose where the labels are written, import."""

from __future__ import annotations

from pathlib import Path

from core.actions.data_sets import job_of
from core.actions.home import Home
from core.actions.naming import named
from core.errors import DataGone, NotFound, NotHandledYet, WrongState
from core.jobs.sources import KEPT, keep_labelling, keep_source
from core.specs import DatasetState, JobKind, Labelling, LabellingPreview, SourceLook, Task
from core.store import new_id


def bring_in(home: Home, path: Path, name: str, *, delete_source: bool = False) -> str:
    """Queue a look into a zip, an NPZ or a folder; where the look leaves no question the import follows by itself.

    Args:
        path: the file or the folder on the server.
        name: what the data set is called.
        delete_source: delete the source once the import is over (uploads, baskets).

    Returns:
        The new data set's id; its state is LOOKING, then CHOOSING or IMPORTING.

    Raises:
        NotFound: there is nothing at this path.
    """
    if not path.exists():
        raise NotFound("There is no such file or folder on the server.", "Check the path, or upload the file again.")
    dataset_id = new_id("ds")
    keep_source(home.settings, dataset_id, path, ours=delete_source)
    with home.store.together():
        home.store.add_dataset(dataset_id, named(name), Task.CLASSIFICATION, DatasetState.LOOKING)
        home.store.submit(new_id("lok"), JobKind.LOOK, dataset_id, dict(KEPT))
    return dataset_id


def look(home: Home, dataset_id: str) -> SourceLook:
    """What was found in the source of a data set whose labels are being chosen.

    Raises:
        WrongState: it is not (any more) waiting for that choice.
    """
    _hold_choosing(home, dataset_id)
    raise NotHandledYet("Looking into a source is not there yet.", "Import a zip of class folders.")


def preview_labelling(home: Home, dataset_id: str, labelling: Labelling) -> LabellingPreview:
    """What a labelling would give: the first images with their class, split and patient, counts, and findings.

    Raises:
        WrongState: the data set is not (any more) waiting for that choice.
    """
    _hold_choosing(home, dataset_id)
    raise NotHandledYet("Previewing labels is not there yet.", "Import a zip of class folders.")


def begin_import(home: Home, dataset_id: str, labelling: Labelling) -> None:
    """Import a source that was looked into, with its labels read as chosen.

    Raises:
        WrongState: the data set is not (any more) waiting for that choice.
    """
    _hold_choosing(home, dataset_id)
    keep_labelling(home.settings, dataset_id, labelling)
    with home.store.together():
        if not home.store.move_dataset(dataset_id, {DatasetState.CHOOSING}, DatasetState.IMPORTING):
            _hold_choosing(home, dataset_id)
        home.store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, dict(KEPT))


def _hold_choosing(home: Home, dataset_id: str) -> None:
    row = home.store.dataset(dataset_id)
    if row.state is DatasetState.CHOOSING:
        return
    job = job_of(home, dataset_id)
    if row.state is DatasetState.FAILED and job is not None:
        raise job.error
    if row.state is DatasetState.FAILED:
        raise DataGone(f"{row.name} could not be brought in.", "Bring it in again.")
    raise WrongState(
        f"{row.name} is {row.state.value}, and no labels are being chosen for it.", "Look at it on the Data page."
    )
