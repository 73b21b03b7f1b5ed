"""Data sets as they are remembered: name, state, card."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.specs import DatasetCard, DatasetState, JobState, Task
from core.store.part import Part, gone, plain
from core.store.rows import DatasetRow
from core.store.tables import datasets, jobs


class Datasets(Part):
    """Data sets. Only the state machine is kept here, no file.

    `looking -> (choosing ->) importing -> review -> accepted`, or `failed`.
    """

    def add_dataset(
        self,
        dataset_id: str,
        name: str,
        task: Task,
        state: DatasetState = DatasetState.IMPORTING,
        parent_id: str | None = None,
    ) -> None:
        """Remember a data set that is about to be looked into or imported, or made as a revision of another."""
        row = {"id": dataset_id, "name": name, "task": task, "state": state, "parent_id": parent_id}
        with self._db.write() as connection:
            connection.execute(insert(datasets).values(**row, created_at=self._now()))

    def dataset(self, dataset_id: str) -> DatasetRow:
        """One data set; `NotFound` when it is not there (any more)."""
        with self._db.read() as connection:
            row = connection.execute(select(datasets).where(datasets.c.id == dataset_id)).one_or_none()
        if row is None:
            raise gone("data set")
        return _read(row)

    def datasets(self) -> list[DatasetRow]:
        """Every data set, newest first."""
        with self._db.read() as connection:
            rows = connection.execute(select(datasets).order_by(datasets.c.created_at.desc(), datasets.c.id)).all()
        return [_read(row) for row in rows]

    def rename_dataset(self, dataset_id: str, name: str) -> None:
        """Give a data set another name; `NotFound`."""
        self._change_one(update(datasets).where(datasets.c.id == dataset_id).values(name=name), "data set")

    def set_card(self, dataset_id: str, card: DatasetCard) -> None:
        """Replace what is known of a data set, its task included; `NotFound`."""
        values = {"card": card.model_dump_json(), "task": card.task}
        self._change_one(update(datasets).where(datasets.c.id == dataset_id).values(values), "data set")

    def move_dataset(self, dataset_id: str, from_states: Collection[DatasetState], to: DatasetState) -> bool:
        """Move to state `to` if the state is one of `from_states`; whether this call did it."""
        there = datasets.c.id == dataset_id, datasets.c.state.in_([*from_states])
        return self._change(update(datasets).where(*there).values(state=to)) == 1

    def delete_dataset(self, dataset_id: str) -> None:
        """Forget a data set with its recipes and its jobs; runs that were made from it stay. `NotFound`."""
        with self._db.write() as connection:
            idle = jobs.c.subject_id == dataset_id, jobs.c.state != JobState.RUNNING
            connection.execute(delete(jobs).where(*idle))
            self._change_one(delete(datasets).where(datasets.c.id == dataset_id), "data set")


def _read(row: Any) -> DatasetRow:
    values = plain(row)
    card = values["card"]
    values |= {"task": Task(values["task"]), "state": DatasetState(values["state"])}
    return DatasetRow(**values | {"card": None if card is None else DatasetCard.model_validate_json(card)})
