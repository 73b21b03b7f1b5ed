"""What an evaluation says: figures of merit with their intervals, and the answer for one image."""

from __future__ import annotations

from pydantic import Field

from core.specs.base import Spec
from core.specs.task import Split, Task


class Figure(Spec):
    """One figure of merit with its 95 % interval; `value` is None, with a reason, where it cannot be measured."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


class ClassRow(Spec):
    """One row of the classification report; averages have a name instead of a class index."""

    name: str
    class_index: int | None
    precision: Figure
    recall: Figure
    f1: Figure
    support: int = Field(ge=0)


class Report(Spec):
    """The classification report of one run on one split.

    Attributes:
        split: what it was measured on.
        classes: class names in index order (hostile text).
        positive_class: index of the finding, for two classes.
        images: how many images were measured.
        accuracy: share of right answers.
        loss: the run's own loss on these images.
        rows: one per class in index order, then "macro average" and "weighted average".
        confusion: `confusion[true][predicted]`, counts.
        decision_threshold: for two classes, the probability from which the positive output counts; None for more.
        synthetic: whether the images were drawn by Lightbox.
    """

    task: Task = Task.CLASSIFICATION
    split: Split
    classes: tuple[str, ...]
    positive_class: int | None = None
    images: int
    accuracy: Figure
    loss: float | None
    rows: tuple[ClassRow, ...]
    confusion: tuple[tuple[int, ...], ...]
    decision_threshold: float | None = None
    synthetic: bool = False


class Mistake(Spec):
    """An image that was answered wrongly; `surprise` is 1 minus the probability given to the true class."""

    item_id: int
    name: str
    true_class: int
    predicted_class: int
    probabilities: tuple[float, ...]
    surprise: float


class Answer(Spec):
    """What a model says about one image: probabilities in class order, summing to 1."""

    run_id: str
    name: str
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    predicted_class: int
    seconds: float
