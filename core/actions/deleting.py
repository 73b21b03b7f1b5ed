"""Delete a data set, in whatever state it is, with everything that belongs to it; and say before what is lost."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from core.actions.home import Home
from core.actions.working import UNFINISHED
from core.errors import WrongState
from core.jobs.sources import forget_source, kept_source
from core.specs import JobKind, JobState
from core.store import JobRow

_BRINGS_IN = (JobKind.FETCH, JobKind.LOOK, JobKind.IMPORT)


def what_delete_loses(home: Home, dataset_id: str) -> list[str]:
    """What is lost when a data set is deleted, a sentence each."""
    row = home.store.dataset(dataset_id)
    lost = []
    kept = kept_source(home.settings, dataset_id)
    if kept is not None and kept.ours:
        lost.append("The upload that it is brought in from is deleted from this server.")
    if row.card is not None:
        lost.append(f"{row.card.images:,} images with their labels and split are deleted from this server.")
    runs = home.store.runs(dataset_id)
    if runs:
        names = ", ".join(run.name for run in runs[:5]) + (" and others" if len(runs) > 5 else "")
        lost.append(
            f"{len(runs)} {'run keeps its' if len(runs) == 1 else 'runs keep their'} model and figures,"
            f" but can no longer show {'its' if len(runs) == 1 else 'their'} images or open the test split: {names}."
        )
    children = sum(other.parent_id == dataset_id for other in home.store.datasets())
    if children:
        one = "The revision made of it stays as it is."
        lost.append(one if children == 1 else f"The {children} revisions made of it stay as they are.")
    recipes = len(home.store.recipes(dataset_id))
    if recipes:
        lost.append(f"Its {recipes} saved {'recipe is' if recipes == 1 else 'recipes are'} deleted.")
    return lost


def delete_dataset(home: Home, dataset_id: str) -> None:
    """Delete a data set in whatever state it is: its images, its look, its export, an upload that still waits.

    Work on it that is running is asked to stop. An import clears up after itself: nobody takes its files from under it.

    Raises:
        WrongState: a run on it is waiting or training, or a revision is being made of it.
    """
    with home.store.together():
        _refuse_in_use(home, dataset_id)
        running = _stop_work(home, dataset_id)
        for recipe in home.store.recipes(dataset_id):
            home.store.delete_recipe(recipe.id)
        home.store.delete_dataset(dataset_id)
    home.settings.export_file(dataset_id).unlink(missing_ok=True)
    if not any(job.kind in _BRINGS_IN for job in running):
        forget_source(home.settings, dataset_id)
        remove_folder(home.settings.dataset_dir(dataset_id))


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
    for job in home.store.jobs(JobKind.REVISE, UNFINISHED):
        merged = [edit.get("dataset_id") for edit in job.payload["edits"]["edits"]]
        if job.subject_id != dataset_id and dataset_id in (job.payload.get("parent"), *merged):
            raise WrongState(f"{row.name} is in use: a revision is being made of it.", "Wait until that has ended.")


def _stop_work(home: Home, dataset_id: str) -> list[JobRow]:
    """Ask everything that works on a data set to stop; what is running even so."""
    asked = home.store.jobs(subject_id=dataset_id, states=UNFINISHED)
    for job in asked:
        home.store.request_stop(job.id)
    return home.store.jobs(subject_id=dataset_id, states={JobState.RUNNING})
