"""Change a data set: every change is a revision; an accepted one stays as it is and gets a child."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.actions.home import Home
from core.actions.naming import free_name
from core.actions.shelves import shelf_of
from core.actions.working import hold_idle, still_in_review
from core.errors import NotFound, WrongState
from core.revisions import revising
from core.specs import DatasetCard, DatasetState, Edits, JobKind, JobState, Merge
from core.store import DatasetRow, JobRow, RunRow, new_id


@dataclass(frozen=True)
class Revision:
    """One data set of a family.

    Attributes:
        row: the data set.
        depth: 0 for the first of the family, 1 for its children, ...
        runs: the runs that were made from it, newest first.
    """

    row: DatasetRow
    depth: int
    runs: tuple[RunRow, ...]


def revise(home: Home, dataset_id: str, edits: Edits) -> str:
    """Queue changes: of a data set in review in place, of an accepted one as a new data set that begins in review.

    Returns:
        The id of the data set that changes; `revise_job` says how it goes.

    Raises:
        WrongState: the data set is neither in review nor accepted, or is being changed already; or one that is to be
            merged is not there yet.
    """
    with home.store.together():
        row = hold_idle(home, dataset_id)
        _check_merges(home, dataset_id, edits)
        changes = row.id
        parent = None
        if row.state is DatasetState.ACCEPTED:
            parent, changes = row.id, new_id("ds")
            home.store.add_dataset(changes, _name_of_child(home, row), row.task, parent_id=row.id)
        elif row.state is not DatasetState.REVIEW:
            raise WrongState(f"{row.name} is {row.state.value} and cannot be changed.", "Wait until it is in review.")
        payload = {"parent": parent, "edits": edits.model_dump(mode="json")}
        home.store.submit(new_id("rev"), JobKind.REVISE, changes, payload)
    return changes


def revise_job(home: Home, dataset_id: str) -> JobRow | None:
    """The last change of a data set that was asked for; None where there was none."""
    return max(
        home.store.jobs(JobKind.REVISE, subject_id=dataset_id), key=lambda job: (job.created_at, job.id), default=None
    )


def undo(home: Home, dataset_id: str) -> DatasetCard:
    """Take back the last change of a data set in review.

    Raises:
        WrongState: it is not in review, is being changed, or there is nothing to take back.
    """
    hold_idle(home, dataset_id, DatasetState.REVIEW)
    return revising.undo(shelf_of(home, dataset_id), guard=still_in_review(home, dataset_id))


def can_undo(home: Home, dataset_id: str) -> bool:
    """Whether a data set is in review and has a change to take back."""
    row = home.store.dataset(dataset_id)
    return row.state is DatasetState.REVIEW and revising.can_undo(shelf_of(home, dataset_id))


def export_dataset(home: Home, dataset_id: str) -> str:
    """Queue the export of a data set with its split as a zip; the id of the job, the one under way where there is one.

    Raises:
        WrongState: the data set is neither in review nor accepted.
    """
    with home.store.together():
        row = hold_idle(home, dataset_id, DatasetState.REVIEW, DatasetState.ACCEPTED)
        for job in home.store.jobs(JobKind.EXPORT, {JobState.QUEUED, JobState.RUNNING}, row.id):
            if not job.stop_requested:
                return job.id
        job_id = new_id("exp")
        home.store.submit(job_id, JobKind.EXPORT, row.id, {})
    return job_id


def export_path(home: Home, dataset_id: str) -> Path:
    """The archive that a data set was exported to, as it is now.

    Raises:
        NotFound: it was not exported, or was changed since, or the archive was tidied away after a day.
    """
    row = home.store.dataset(dataset_id)
    path = home.settings.export_file(dataset_id)
    items = home.settings.dataset_dir(dataset_id) / "items.parquet"
    if not (path.exists() and items.exists() and path.stat().st_mtime >= items.stat().st_mtime):
        raise NotFound(f"There is no export of {row.name} as it is now.", "Export it, then download it within a day.")
    return path


def revisions(home: Home, dataset_id: str) -> tuple[Revision, ...]:
    """The family of a data set, parents before their children, with the runs of each."""
    rows = {row.id: row for row in home.store.datasets()}
    if dataset_id not in rows:
        home.store.dataset(dataset_id)
    root = dataset_id
    while (parent := rows[root].parent_id) in rows and parent is not None:
        root = parent
    oldest = sorted(rows.values(), key=lambda row: row.created_at)

    def below(row: DatasetRow, depth: int) -> list[Revision]:
        here = Revision(row, depth, tuple(home.store.runs(row.id)))
        return [here, *(found for child in oldest if child.parent_id == row.id for found in below(child, depth + 1))]

    return tuple(below(rows[root], 0))


def _check_merges(home: Home, dataset_id: str, edits: Edits) -> None:
    for edit in edits.edits:
        if not isinstance(edit, Merge):
            continue
        if edit.dataset_id == dataset_id:
            raise WrongState("A data set cannot be merged with itself.", "Choose another one.")
        other = hold_idle(home, edit.dataset_id)
        if other.card is None:
            raise WrongState(
                f"{other.name} is {other.state.value} and cannot be merged.", "Wait until it is in review."
            )


def _name_of_child(home: Home, row: DatasetRow) -> str:
    """The name with the next number that is free: two revisions of one data set are two folds, say."""
    stem = re.sub(r" \(revision \d+\)$", "", row.name)[:100]
    first = (row.card.revision if row.card else 1) + 1
    return free_name(home, lambda number: f"{stem} (revision {number})", first)
