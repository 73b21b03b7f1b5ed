"""Bring a data set in, review it, accept it, rename it, delete it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.actions.home import Home
from core.actions.naming import named
from core.actions.shelves import shelf_of
from core.actions.working import hold_idle, still_in_review
from core.datasets import require_trainable
from core.errors import NotFound
from core.jobs.sources import KEPT, keep_labelling, keep_source
from core.revisions.revising import forget_past
from core.specs import DatasetCard, DatasetState, JobKind, Labelling, SplitConfig, Task
from core.store import MAKES_DATA, DatasetRow, JobRow, new_id

PRACTICE_NAME = "Practice cells (synthetic)"


def import_dataset(
    home: Home,
    path: Path,
    name: str,
    *,
    delete_source: bool = False,
    accept: bool = False,
    labelling: Labelling | None = None,
) -> str:
    """Queue the import of a zip, an NPZ file or a folder, without a look into it first.

    Args:
        path: the file or the folder on the server.
        name: what the data set is called.
        delete_source: delete the file once it is imported (uploads).
        accept: accept the data set with its defaults as soon as it is in (the command line).
        labelling: where the labels are written; None: in the folders.

    Returns:
        The new data set's id.

    Raises:
        NotFound: there is no such file or folder.
    """
    if not path.exists():
        raise NotFound(f"There is no file {path.name!r} on the server.", "Check the path, or upload the file again.")
    dataset_id = new_id("ds")
    keep_source(home.settings, dataset_id, path, ours=delete_source)
    if labelling is not None:
        keep_labelling(home.settings, dataset_id, labelling)
    _queue_import(home, dataset_id, name, KEPT | {"accept": accept})
    return dataset_id


def import_practice_data(home: Home, *, accept: bool = False) -> tuple[str, str]:
    """Queue the drawing of the practice data; the ids of the data set and of the import job."""
    dataset_id = new_id("ds")
    return dataset_id, _queue_import(home, dataset_id, PRACTICE_NAME, {"source": None, "accept": accept})


def list_datasets(home: Home) -> list[DatasetRow]:
    """Every data set, newest first."""
    return home.store.datasets()


def dataset(home: Home, dataset_id: str) -> DatasetRow:
    """One data set; `NotFound` when it is not there (any more)."""
    return home.store.dataset(dataset_id)


def job_of(home: Home, dataset_id: str) -> JobRow | None:
    """The last job that fetched, looked into, imported or changed a data set; None when it is long gone."""
    found = [job for job in home.store.jobs(subject_id=dataset_id) if job.kind in MAKES_DATA]
    return found[-1] if found else None


def set_split(home: Home, dataset_id: str, split: SplitConfig) -> DatasetCard:
    """Divide a data set in review anew; the card says how many images each split has.

    Raises:
        WrongState: the data set is not in review (an accepted one never changes).
    """

    hold_idle(home, dataset_id, DatasetState.REVIEW)
    return shelf_of(home, dataset_id).resplit(split, still_in_review(home, dataset_id))


def accept(home: Home, dataset_id: str, positive_class: int | None = None) -> DatasetCard:
    """Accept a data set for good; with two classes `positive_class` names the finding (default: the second).

    What its changes have left out, and could be taken back until now, is deleted.

    Raises:
        WrongState: the data set is not in review.
        BadDataset: a class or a split would be empty.
    """
    with home.store.together():
        hold_idle(home, dataset_id, DatasetState.REVIEW)
        shelf = shelf_of(home, dataset_id)
        require_trainable(shelf.card)
        if len(shelf.card.classes) == 2:
            positive_class = 1 if positive_class is None else positive_class
            home.store.set_card(dataset_id, shelf.set_positive(positive_class))
        home.store.move_dataset(dataset_id, {DatasetState.REVIEW}, DatasetState.ACCEPTED)
    forget_past(shelf)
    return shelf.card


def rename_dataset(home: Home, dataset_id: str, name: str) -> None:
    """Give a data set another name."""
    home.store.rename_dataset(dataset_id, named(name))


def _queue_import(home: Home, dataset_id: str, name: str, payload: dict[str, Any]) -> str:
    job_id = new_id("imp")
    with home.store.together():
        home.store.add_dataset(dataset_id, named(name), Task.CLASSIFICATION)
        home.store.submit(job_id, JobKind.IMPORT, dataset_id, payload)
    return job_id
