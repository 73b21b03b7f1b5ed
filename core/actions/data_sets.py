"""Bring a data set in, review it, accept it, rename it, delete it."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.actions.home import Home
from core.actions.shelves import shelf_of
from core.datasets import require_trainable
from core.errors import NotFound, WrongState
from core.jobs import clear_up_after
from core.specs import DatasetCard, DatasetState, JobKind, JobState, SplitConfig, Task
from core.store import DatasetRow, JobRow, new_id

PRACTICE_NAME = "Practice cells (synthetic)"


def new_upload_path(home: Home, filename: str) -> Path:
    """A free path below the uploads folder for a file that a visitor calls `filename` (hostile text)."""
    clean = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(filename).name).strip("._")[-80:] or "upload"
    home.settings.uploads_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home.settings.uploads_dir / f"{secrets.token_hex(8)}-{clean}"


def uploaded_path(home: Home, upload: str) -> Path:
    """The path of an upload by the name that its route gave.

    Raises:
        NotFound: no such upload in this home.
    """
    path = home.settings.uploads_dir / upload
    if Path(upload).name != upload or not path.is_file():
        raise NotFound("This upload is not on the server any more.", "Upload the file again.")
    return path


def import_dataset(home: Home, path: Path, name: str, *, delete_source: bool = False, accept: bool = False) -> str:
    """Queue the import of a zip or an NPZ file.

    Args:
        path: the file on the server.
        name: what the data set is called.
        delete_source: delete the file once it is imported (uploads).
        accept: accept the data set with its defaults as soon as it is in (the command line).

    Returns:
        The new data set's id.

    Raises:
        NotFound: there is no such file.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path.name!r} on the server.", "Check the path, or upload the file again.")
    payload = {"source": str(path.absolute()), "delete_source": delete_source, "accept": accept}
    return _queue_import(home, name, payload)[0]


def import_practice_data(home: Home, *, accept: bool = False) -> tuple[str, str]:
    """Queue the drawing of the practice data; the ids of the data set and of the import job."""
    return _queue_import(home, PRACTICE_NAME, {"source": None, "delete_source": False, "accept": accept})


def list_datasets(home: Home) -> list[DatasetRow]:
    """Every data set, newest first."""
    return home.store.datasets()


def dataset(home: Home, dataset_id: str) -> DatasetRow:
    """One data set; `NotFound` when it is not there (any more)."""
    return home.store.dataset(dataset_id)


def import_job(home: Home, dataset_id: str) -> JobRow | None:
    """The job that brought a data set in; None when it is long gone."""
    found = [job for job in home.store.jobs(kind=JobKind.IMPORT) if job.subject_id == dataset_id]
    return max(found, key=lambda job: job.created_at, default=None)


def set_split(home: Home, dataset_id: str, split: SplitConfig) -> DatasetCard:
    """Divide a data set in review anew; the card says how many images each split has.

    Raises:
        WrongState: the data set is not in review (an accepted one never changes).
    """

    @contextmanager
    def still_in_review(card: DatasetCard) -> Iterator[None]:
        with home.store.together():
            _hold_in_review(home, dataset_id)
            home.store.set_card(dataset_id, card)
            yield

    _hold_in_review(home, dataset_id)
    return shelf_of(home, dataset_id).resplit(split, still_in_review)


def accept(home: Home, dataset_id: str, positive_class: int | None = None) -> DatasetCard:
    """Accept a data set for good; with two classes `positive_class` names the finding (default: the second).

    Raises:
        WrongState: the data set is not in review.
        BadDataset: a class or a split would be empty.
    """
    with home.store.together():
        _hold_in_review(home, dataset_id)
        shelf = shelf_of(home, dataset_id)
        require_trainable(shelf.card)
        if len(shelf.card.classes) == 2:
            positive_class = 1 if positive_class is None else positive_class
            home.store.set_card(dataset_id, shelf.set_positive(positive_class))
        home.store.move_dataset(dataset_id, {DatasetState.REVIEW}, DatasetState.ACCEPTED)
    return shelf.card


def rename_dataset(home: Home, dataset_id: str, name: str) -> None:
    """Give a data set another name."""
    home.store.rename_dataset(dataset_id, _named(name))


def what_delete_loses(home: Home, dataset_id: str) -> list[str]:
    """What is lost when a data set is deleted, a sentence each."""
    row = home.store.dataset(dataset_id)
    lost = []
    if row.card is not None:
        lost.append(f"{row.card.images:,} images with their labels and split are deleted from this server.")
    runs = home.store.runs(dataset_id)
    if runs:
        names = ", ".join(run.name for run in runs[:5]) + (" and others" if len(runs) > 5 else "")
        lost.append(
            f"{len(runs)} {'run keeps its' if len(runs) == 1 else 'runs keep their'} model and figures,"
            f" but can no longer show {'its' if len(runs) == 1 else 'their'} images or open the test split: {names}."
        )
    recipes = len(home.store.recipes(dataset_id))
    if recipes:
        lost.append(f"Its {recipes} saved {'recipe is' if recipes == 1 else 'recipes are'} deleted.")
    return lost


def delete_dataset(home: Home, dataset_id: str) -> None:
    """Delete a data set with its images, and the upload of an import that still waits.

    An import that is running is asked to stop, and clears up itself: nobody takes its files from under it.

    Raises:
        WrongState: a run on it is waiting or training.
    """
    with home.store.together():
        _refuse_in_use(home, dataset_id)
        job = _stop_import(home, dataset_id)
        for recipe in home.store.recipes(dataset_id):
            home.store.delete_recipe(recipe.id)
        home.store.delete_dataset(dataset_id)
    if job is not None and job.state is JobState.RUNNING:
        return
    remove_folder(home.settings.dataset_dir(dataset_id))
    if job is not None:
        clear_up_after(home.settings, job)


def remove_folder(folder: Path) -> None:
    """Take a folder away in one step (a rename), then delete what was in it."""
    if folder.exists():
        doomed = folder.with_name(f"{folder.name}.deleted-{secrets.token_hex(4)}")
        folder.rename(doomed)
        shutil.rmtree(doomed)


def _refuse_in_use(home: Home, dataset_id: str) -> None:
    row = home.store.dataset(dataset_id)
    busy = [run for run in home.store.runs(dataset_id) if not run.job.state.final]
    if busy:
        raise WrongState(f"{row.name} is in use by {busy[0].name}.", "Stop that run first, or wait until it ends.")


def _stop_import(home: Home, dataset_id: str) -> JobRow | None:
    """The import as it is after it was asked to stop; None when it is long gone."""
    job = import_job(home, dataset_id)
    if job is None:
        return None
    home.store.request_stop(job.id)
    return home.store.job(job.id)


def _queue_import(home: Home, name: str, payload: dict[str, object]) -> tuple[str, str]:
    dataset_id, job_id = new_id("ds"), new_id("imp")
    with home.store.together():
        home.store.add_dataset(dataset_id, _named(name), Task.CLASSIFICATION)
        home.store.submit(job_id, JobKind.IMPORT, dataset_id, payload)
    return dataset_id, job_id


def _named(name: str) -> str:
    return " ".join(name.split())[:120] or "Data set"


def _hold_in_review(home: Home, dataset_id: str) -> None:
    """Refuse a data set that is not in review; inside a transaction nobody moves it until that ends."""
    held = home.store.move_dataset(dataset_id, {DatasetState.REVIEW}, DatasetState.REVIEW)
    row = home.store.dataset(dataset_id)
    if not held:
        raise WrongState(
            f"{row.name} is {row.state.value}, and only a data set in review can be changed.",
            "Import the data again to divide it differently.",
        )
