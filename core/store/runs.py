"""Runs: a name, a config, what came of it; each with its training job."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update

from core.errors import WrongState
from core.specs import JobState, RunConfig, RunSummary
from core.store.jobs import read_job
from core.store.part import Part, gone
from core.store.rows import RunRow
from core.store.tables import jobs, runs

_FINAL = [state for state in JobState if state.final]


class Runs(Part):
    """Runs. A run's id is its training job's id; without that job it is not shown. A config never changes."""

    def add_run(self, run_id: str, name: str, config: RunConfig) -> None:
        """Remember a run; `submit` its job after this, or in the same `together()`."""
        row = {"id": run_id, "name": name, "task": config.task, "dataset_id": config.dataset_id, "test_opened": 0}
        with self._db.write() as connection:
            connection.execute(insert(runs).values(**row, config=config.model_dump_json(), created_at=self._now()))

    def run(self, run_id: str) -> RunRow:
        """One run with its job; `NotFound`."""
        with self._db.read() as connection:
            row = connection.execute(_with_job().where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise gone("run")
        return _read(row)

    def runs(self, dataset_id: str | None = None) -> list[RunRow]:
        """Every run, or those of one data set, newest first."""
        asked = _with_job().order_by(runs.c.created_at.desc(), jobs.c.turn.desc())
        asked = asked if dataset_id is None else asked.where(runs.c.dataset_id == dataset_id)
        with self._db.read() as connection:
            return [_read(row) for row in connection.execute(asked)]

    def rename_run(self, run_id: str, name: str) -> None:
        """Give a run another name; `NotFound`."""
        self._change_one(update(runs).where(runs.c.id == run_id).values(name=name), "run")

    def set_summary(self, run_id: str, summary: RunSummary) -> None:
        """Keep what a list of runs shows of it; `NotFound`."""
        values = {"summary": summary.model_dump_json()}
        self._change_one(update(runs).where(runs.c.id == run_id).values(values), "run")

    def count_test_open(self, run_id: str) -> int:
        """Count one more look at the test split; how many there were. `NotFound`."""
        with self._db.write() as connection:
            counted = update(runs).where(runs.c.id == run_id).values(test_opened=runs.c.test_opened + 1)
            self._change_one(counted, "run")
            return int(connection.execute(select(runs.c.test_opened).where(runs.c.id == run_id)).scalar_one())

    def delete_run(self, run_id: str) -> None:
        """Forget a run with its points and jobs.

        Raises:
            NotFound: unknown id.
            WrongState: it is waiting or running.
        """
        with self._db.write() as connection:
            state = connection.execute(select(jobs.c.state).where(jobs.c.id == run_id)).scalar()
            if state is not None and not JobState(state).final:
                raise WrongState("This run has not ended yet.", "Stop it first.")
            self._change_one(delete(runs).where(runs.c.id == run_id), "run")
            connection.execute(delete(jobs).where(jobs.c.subject_id == run_id, jobs.c.state.in_(_FINAL)))


_OURS = {name: f"run_{name}" for name in ("name", "config", "summary", "test_opened", "created_at")}


def _with_job() -> Any:
    ours = [runs.c[name].label(label) for name, label in _OURS.items()]
    return select(*ours, jobs).join_from(runs, jobs, jobs.c.id == runs.c.id)


def _read(row: Any) -> RunRow:
    ours = {name: getattr(row, label) for name, label in _OURS.items()}
    ours["config"] = RunConfig.model_validate_json(ours["config"])
    ours["summary"] = None if ours["summary"] is None else RunSummary.model_validate_json(ours["summary"])
    return RunRow(id=row.id, job=read_job(row), **ours)
