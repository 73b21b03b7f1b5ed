"""The queue: who takes the next job, what becomes of a job whose process died, and how long the wait is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from core.errors import DataGone, WorkerLost
from core.specs import JobKind, JobState, Progress
from core.store.jobs import ENDED_BADLY, MAKES_DATA, Jobs, end
from core.store.part import changes
from core.store.rows import JobRow
from core.store.tables import datasets, jobs

MOST_DEATHS = 3
_ANSWERS = (JobKind.PREDICT, JobKind.EVALUATE)
_OF_DATA = (*MAKES_DATA, JobKind.EXPORT)


class Queue(Jobs):
    """Lanes of jobs, each in the order of arrival.

    Promises: of several claimers exactly one takes a job; a job never starts before the one it waits for has
    finished; no job is lost: one whose process died is queued again, until its third death without getting further.
    """

    def claim(self, lane: str, worker_id: str, pid: int | None = None) -> JobRow | None:
        """Take the first job of a lane that may start; None when there is none.

        A job that waits for one that failed, was stopped or vanished fails here as `DataGone`.
        """
        for job_id, state_before, waits in self._queued(lane):
            if not waits or state_before == JobState.FINISHED:
                if taken := self._take(job_id, worker_id, pid):
                    return taken
            elif state_before is None or state_before in ENDED_BADLY:
                self._fail_waiting(job_id)
        return None

    def requeue(self, job_id: str, *, attempt: int | None = None, died: bool = False) -> JobRow | None:
        """Running -> queued at its old place, or stopped if that was asked for.

        Args:
            died: its process died without a word, which counts; the third time since the job got any further it
                fails as `WorkerLost`.

        Returns:
            The job as it is now; None when it was not running (any more).
        """
        fence = [jobs.c.state == JobState.RUNNING]
        fence += [] if attempt is None else [jobs.c.attempt == attempt]
        return self._give_back(job_id, died, *fence)

    def bury(self, silent_s: float) -> list[JobRow]:
        """Give back every running job whose heartbeat is older than `silent_s` (or lies as far in the future).

        Returns:
            The jobs concerned as they are now: queued again, stopped (where that was asked for), or failed.
        """
        now = self._now()
        dead = or_(jobs.c.heartbeat_at < now - silent_s, jobs.c.heartbeat_at > now + silent_s)
        silent = jobs.c.state == JobState.RUNNING, dead
        with self._db.read() as connection:
            found = connection.execute(select(jobs.c.id, jobs.c.attempt).where(*silent)).all()
        given_back = (self._give_back(job_id, True, *silent, _is(attempt)) for job_id, attempt in found)
        return [job for job in given_back if job is not None]

    def queue_position(self, job_id: str) -> int:
        """How many jobs must end before this one starts; 0: it is running, over, or next."""
        job = self.job(job_id)
        if job.state is not JobState.QUEUED:
            return 0
        turn = select(jobs.c.turn).where(jobs.c.id == job_id).scalar_subquery()
        ahead = or_(jobs.c.state == JobState.RUNNING, and_(jobs.c.state == JobState.QUEUED, jobs.c.turn < turn))
        unfinished = jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING])
        first = or_(and_(jobs.c.lane == job.lane, ahead), and_(jobs.c.id == (job.after or ""), unfinished))
        with self._db.read() as connection:
            return connection.execute(select(func.count()).select_from(jobs).where(first)).scalar_one()

    def forget_jobs(self, ended_before: float) -> list[str]:
        """Delete ended jobs that nobody asks for any more: answers, and work on data sets that are gone; their ids."""
        homeless = and_(jobs.c.kind.in_(_OF_DATA), jobs.c.subject_id.not_in(select(datasets.c.id)))
        old = jobs.c.ended_at < ended_before, or_(jobs.c.kind.in_(_ANSWERS), homeless)
        with self._db.write() as connection:
            found = list(connection.execute(select(jobs.c.id).where(*old)).scalars())
            connection.execute(delete(jobs).where(jobs.c.id.in_(found)))
        return found

    def _queued(self, lane: str) -> Collection[Any]:
        before = jobs.alias("before")
        joined = jobs.outerjoin(before, before.c.id == jobs.c.after)
        waiting = select(jobs.c.id, before.c.state, jobs.c.after.is_not(None)).select_from(joined)
        waiting = waiting.where(jobs.c.lane == lane, jobs.c.state == JobState.QUEUED)
        with self._db.read() as connection:
            return connection.execute(waiting.order_by(jobs.c.turn, jobs.c.id)).all()

    def _take(self, job_id: str, worker_id: str, pid: int | None) -> JobRow | None:
        now = self._now()
        values = {"state": JobState.RUNNING, "worker_id": worker_id, "pid": pid, "heartbeat_at": now}
        taken = update(jobs).values(
            **values, attempt=jobs.c.attempt + 1, started_at=func.coalesce(jobs.c.started_at, now)
        )
        with self._db.write() as connection:
            won = changes(connection, taken, jobs.c.id == job_id, jobs.c.state == JobState.QUEUED)
            return self.job(job_id) if won else None

    def _fail_waiting(self, job_id: str) -> None:
        error = DataGone(
            "The work that this one waited for did not finish, so it could not start.",
            "Look at the message of the import, bring the data in again, and start anew.",
        )
        words = {"ending": error.code, "what": error.what, "remedy": error.remedy}
        with self._db.write() as connection:
            end(connection, job_id, JobState.FAILED, self._now(), jobs.c.state == JobState.QUEUED, **words)

    def _give_back(self, job_id: str, died: bool, *conditions: ColumnElement[bool]) -> JobRow | None:
        """The job is read in the same transaction: once it has ended, anybody may delete it."""
        now = self._now()
        lost = WorkerLost(
            f"The process that did this work died {MOST_DEATHS} times without getting any further.",
            "Look at worker.log and at the memory of the machine, then run it again with a smaller load.",
        )
        words = {"ending": lost.code, "what": lost.what, "remedy": lost.remedy}
        again: dict[str, Any] = {"state": JobState.QUEUED, "worker_id": None, "pid": None, "heartbeat_at": None}
        again |= {"progress": Progress().model_dump_json()}
        queued = update(jobs).values(**again, deaths=jobs.c.deaths + int(died))
        with self._db.write() as connection:
            won = (
                end(connection, job_id, JobState.STOPPED, now, jobs.c.stop_requested, *conditions)
                or (died and end(connection, job_id, JobState.FAILED, now, _last_death(), *conditions, **words))
                or changes(connection, queued, jobs.c.id == job_id, *conditions)
            )
            return self.job(job_id) if won else None


def _is(attempt: int) -> ColumnElement[bool]:
    return jobs.c.attempt == attempt


def _last_death() -> ColumnElement[bool]:
    return jobs.c.deaths >= MOST_DEATHS - 1
