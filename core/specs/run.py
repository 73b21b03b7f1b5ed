"""A run and a job: the config that travels, the states, the progress, the points of the curves."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from core.specs.augmentation import Augmentation
from core.specs.base import Spec
from core.specs.model import CnnConfig
from core.specs.recipe import Recipe
from core.specs.task import Task
from core.specs.training import TrainingConfig


class RunConfig(Spec):
    """Everything that decides a run; stored as JSON, read back by the child process by the run's id."""

    task: Task = Task.CLASSIFICATION
    dataset_id: str
    recipe: Recipe = Recipe()
    augmentation: Augmentation = Augmentation()
    model: CnnConfig = CnnConfig()
    training: TrainingConfig = TrainingConfig()


class JobKind(StrEnum):
    """The kinds of work that go through the queue."""

    LOOK = "look"
    FETCH = "fetch"
    IMPORT = "import"
    REVISE = "revise"
    EXPORT = "export"
    TRAIN = "train"
    PREDICT = "predict"
    EVALUATE = "evaluate"

    @property
    def lane(self) -> str:
        """The queue it waits in: quick work on data, imports, training, or the warm inference process."""
        lanes = {"look": "quick", "revise": "quick", "train": "train", "predict": "answer", "evaluate": "answer"}
        return lanes.get(self.value, "data")


class JobState(StrEnum):
    """The state machine: queued -> running -> finished | stopped | failed. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether the state never changes again."""
        return self in (JobState.FINISHED, JobState.STOPPED, JobState.FAILED)


class Progress(Spec):
    """How far a job is, for people: a stage in words, done of total in units, and what is left.

    `rate` is units per second and `left_s` seconds to the end of the stage; None where it is not known yet.
    """

    stage: str = "Waiting"
    done: float = Field(default=0, ge=0)
    total: float | None = None
    unit: str = ""
    rate: float | None = None
    left_s: float | None = None

    @property
    def share(self) -> float | None:
        """Done as a share of 1, None where the total is unknown."""
        return None if not self.total else min(1.0, self.done / self.total)


class PointKind(StrEnum):
    """A point inside an epoch (running means) or at an epoch's end (with validation)."""

    BATCH = "batch"
    EPOCH = "epoch"


class Point(Spec):
    """One point of the curves.

    Attributes:
        seq: position in the run's record, rising; 0 before it is stored.
        kind: batch or epoch.
        step: optimizer steps taken so far.
        epoch: epochs done so far, with fraction inside an epoch (2.5: halfway through the third).
        values: loss, accuracy, val_loss, val_accuracy, ...; None where a value is not finite.
        at: seconds since the run's training began.
    """

    seq: int = 0
    kind: PointKind
    step: int = Field(ge=0)
    epoch: float = Field(ge=0)
    values: dict[str, float | None]
    at: float = Field(ge=0)


class DeviceFacts(Spec):
    """What work runs on, as Keras reports it in a worker's child.

    `words` is what people read: "NVIDIA H200, 139 GiB" or "CPU, 2 cores". `reason` says why a GPU that the machine
    has is not used; None when nothing is amiss.
    """

    kind: str
    words: str
    backend: str
    cores: int
    memory_bytes: int
    reason: str | None = None


class RunSummary(Spec):
    """What a list of runs shows of one that has ended; None: not measured.

    Attributes:
        precision: Keras' dtype policy that was used; `precision_words` is the same with its reason, for people.
        batch_size: images in a step that were used.
        steps_per_execution: steps that one call took in the end.
        devices: how many devices shared the work.
    """

    device: DeviceFacts | None = None
    parameters: int | None = None
    epochs_done: int = 0
    best_epoch: int | None = None
    stopped_because: str = ""
    train_loss: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    images_per_s: float | None = None
    train_s: float | None = None
    precision: str | None = None
    precision_words: str = ""
    batch_size: int | None = None
    steps_per_execution: int | None = None
    devices: int | None = None
