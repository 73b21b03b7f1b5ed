"""What the store hands back: frozen rows, with JSON already read into specs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.errors import LightboxError, error_from
from core.specs import (
    Augmentation,
    DatasetCard,
    DatasetState,
    DeviceFacts,
    JobKind,
    JobState,
    Progress,
    Recipe,
    RunConfig,
    RunSummary,
    Task,
)


@dataclass(frozen=True)
class DatasetRow:
    """A data set; `card` is None until its import has ended well, `parent_id` None unless it is a revision of one."""

    id: str
    name: str
    task: Task
    state: DatasetState
    card: DatasetCard | None
    created_at: float
    parent_id: str | None = None


@dataclass(frozen=True)
class RecipeRow:
    """A saved preparation with its augmentation."""

    id: str
    name: str
    dataset_id: str
    recipe: Recipe
    augmentation: Augmentation
    created_at: float


@dataclass(frozen=True)
class JobRow:
    """A job and where it stands.

    Attributes:
        after: id of the job that must have finished first.
        attempt: how often it was taken from the queue; hand it to `beat`, `finish`, ... to be refused when stale.
        deaths: how many attempts died without a word, since the job got any further.
        ending: "finished", "stopped", or the `code` of the error it failed of; None while it is not over.
        what, remedy: the two sentences of that error.
    """

    id: str
    kind: JobKind
    lane: str
    subject_id: str
    payload: dict[str, Any]
    after: str | None
    state: JobState
    stop_requested: bool
    progress: Progress
    worker_id: str | None
    pid: int | None
    attempt: int
    deaths: int
    heartbeat_at: float | None
    ending: str | None
    what: str | None
    remedy: str | None
    result: dict[str, Any] | None
    created_at: float
    started_at: float | None
    ended_at: float | None

    @property
    def error(self) -> LightboxError:
        """What a job ended with that has not finished, as whoever waited for it is told."""
        return error_from(
            self.ending or "work_failed", self.what or "The work was stopped.", self.remedy or "Try again."
        )


@dataclass(frozen=True)
class RunRow:
    """A run with its training job; `test_opened` counts how often its test split was looked at."""

    id: str
    name: str
    config: RunConfig
    summary: RunSummary | None
    test_opened: int
    created_at: float
    job: JobRow


@dataclass(frozen=True)
class WorkerRow:
    """A worker that has given a sign of life; `device` is None until a child of its has looked."""

    id: str
    host: str
    pid: int
    device: DeviceFacts | None
    started_at: float
    heartbeat_at: float
