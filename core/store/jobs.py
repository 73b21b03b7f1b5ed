"""Jobs: handed in, looked at, kept alive, and ended once."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from core.errors import LightboxError
from core.specs import DatasetState, JobKind, JobState, Progress
from core.store.part import Part, changes, gone, plain
from core.store.rows import JobRow
from core.store.tables import datasets, jobs

ENDED_BADLY = (JobState.STOPPED, JobState.FAILED)
MAKES_DATA = (JobKind.FETCH, JobKind.LOOK, JobKind.IMPORT, JobKind.REVISE)


class Jobs(Part):
    """The life of a job: `queued -> running -> finished | stopped | failed`.

    Promises: a state changes by one conditional update that says whether it won; the last three states are final; a
    job that makes a data set and ends badly leaves none in the state "looking" or "importing". `attempt`, where it is
    given, is the one that the caller took: a child that was thought dead, and whose job went to another, is refused
    everywhere.
    """

    def submit(
        self, job_id: str, kind: JobKind, subject_id: str, payload: dict[str, Any], after: str | None = None
    ) -> None:
        """Put a job at the end of its lane; it starts once the job `after` has finished."""
        row: dict[str, Any] = {"id": job_id, "kind": kind, "lane": kind.lane, "subject_id": subject_id, "after": after}
        row |= {"payload": json.dumps(payload), "state": JobState.QUEUED, "stop_requested": False}
        row |= {"progress": Progress().model_dump_json(), "attempt": 0, "deaths": 0, "created_at": self._now()}
        with self._db.write() as connection:
            last = connection.execute(select(func.max(jobs.c.turn))).scalar()
            connection.execute(insert(jobs).values(**row, turn=(last or 0) + 1))

    def job(self, job_id: str) -> JobRow:
        """One job; `NotFound`."""
        with self._db.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise gone("job")
        return read_job(row)

    def jobs(
        self,
        kind: JobKind | None = None,
        states: Collection[JobState] | None = None,
        subject_id: str | None = None,
    ) -> list[JobRow]:
        """Jobs in the order in which they were handed in; of one kind, in some states, on one subject, or all."""
        asked = select(jobs).order_by(jobs.c.turn, jobs.c.id)
        asked = asked if subject_id is None else asked.where(jobs.c.subject_id == subject_id)
        asked = asked if kind is None else asked.where(jobs.c.kind == kind)
        asked = asked if states is None else asked.where(jobs.c.state.in_([*states]))
        with self._db.read() as connection:
            return [read_job(row) for row in connection.execute(asked)]

    def beat(self, job_id: str, *, attempt: int | None = None, pid: int | None = None) -> bool:
        """Say that the job is alive; False when it is not this caller's (any more), who should then end."""
        values = {"heartbeat_at": self._now()} | ({} if pid is None else {"pid": pid})
        return self._change(update(jobs).where(*_held(job_id, attempt)).values(values)) == 1

    def set_progress(self, job_id: str, progress: Progress, *, attempt: int | None = None) -> bool:
        """Say how far a running job is; False when it is not running."""
        values = {"progress": progress.model_dump_json()}
        return self._change(update(jobs).where(*_held(job_id, attempt)).values(values)) == 1

    def got_further(self, job_id: str, *, attempt: int | None = None) -> None:
        """Say that a job has kept something from which it can go on: deaths before that do not count any more."""
        self._change(update(jobs).where(*_held(job_id, attempt), jobs.c.deaths > 0).values(deaths=0))

    def request_stop(self, job_id: str) -> bool:
        """Ask a job to stop: a queued one is stopped at once, a running one is asked; False when it was over already.

        Raises:
            NotFound: unknown id.
        """
        while not self.job(job_id).state.final:
            with self._db.write() as connection:
                if end(connection, job_id, JobState.STOPPED, self._now(), jobs.c.state == JobState.QUEUED):
                    return True
                if changes(connection, update(jobs).values(stop_requested=True), *_held(job_id, None)):
                    return True
        return False

    def stop_requested(self, job_id: str) -> bool:
        """Whether a job has been asked to stop; yes also when it is no longer there."""
        with self._db.read() as connection:
            asked = connection.execute(select(jobs.c.stop_requested).where(jobs.c.id == job_id)).scalar()
        return asked is None or bool(asked)

    def finish(self, job_id: str, result: dict[str, Any], *, attempt: int | None = None) -> bool:
        """Running -> finished; whether this call did it."""
        return self._end(job_id, attempt, JobState.FINISHED, result=json.dumps(result))

    def stop(self, job_id: str, result: dict[str, Any] | None = None, *, attempt: int | None = None) -> bool:
        """Running -> stopped, with what there is of a result; whether this call did it."""
        return self._end(job_id, attempt, JobState.STOPPED, result=None if result is None else json.dumps(result))

    def fail(self, job_id: str, error: LightboxError, *, attempt: int | None = None) -> bool:
        """Running -> failed, with the error's code and two sentences; whether this call did it."""
        words = {"ending": error.code, "what": error.what, "remedy": error.remedy}
        return self._end(job_id, attempt, JobState.FAILED, **words)

    def _end(self, job_id: str, attempt: int | None, state: JobState, **values: Any) -> bool:
        with self._db.write() as connection:
            return end(connection, job_id, state, self._now(), *_held(job_id, attempt), **values)


def end(
    connection: Connection, job_id: str, state: JobState, now: float, *conditions: ColumnElement[bool], **values: Any
) -> bool:
    """Move a job to a final state if the conditions hold: the one door to an ending; whether it was passed."""
    values = {"ending": state.value} | values | {"state": state, "ended_at": now}
    won = changes(connection, update(jobs).values(values), jobs.c.id == job_id, *conditions)
    if won and state in ENDED_BADLY:
        made = select(jobs.c.subject_id).where(jobs.c.id == job_id, jobs.c.kind.in_(MAKES_DATA))
        begun = datasets.c.id.in_(made), datasets.c.state.in_([DatasetState.LOOKING, DatasetState.IMPORTING])
        connection.execute(update(datasets).where(*begun).values(state=DatasetState.FAILED))
    return won


def read_job(row: Any) -> JobRow:
    """A row of the jobs table (further columns are passed over) as people use it."""
    values = plain(row)
    result = values["result"]
    values |= {"kind": JobKind(values["kind"]), "state": JobState(values["state"])}
    values |= {"payload": json.loads(values["payload"]), "result": None if result is None else json.loads(result)}
    values["progress"] = Progress.model_validate_json(values["progress"])
    return JobRow(**{name: values[name] for name in JobRow.__dataclass_fields__})


def _held(job_id: str, attempt: int | None) -> list[ColumnElement[bool]]:
    running = [jobs.c.id == job_id, jobs.c.state == JobState.RUNNING]
    return running if attempt is None else [*running, jobs.c.attempt == attempt]
