"""A data set as it is described: its card, its split, and what the checks found."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from core.specs.base import Spec, knob
from core.specs.task import Split, Task


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Spec):
    """One thing that a check found; checks collect these and never stop at the first.

    `rule` is a stable name (`unreadable_file`, `few_images`, `exact_duplicate`, ...), `where` the files or classes
    concerned (hostile text: escape before showing), `what` a sentence, `remedy` what to do about it.
    """

    severity: Severity
    rule: str
    where: tuple[str, ...] = ()
    what: str
    remedy: str


class SplitConfig(Spec):
    """How the images are divided: stratified by class, by seed; or as the data set brings it."""

    source: Literal["given", "drawn"] = "drawn"
    by: Literal["patient", "image"] = knob(
        "patient",
        "Keep together",
        choice_labels=("All images of a patient", "Nothing: every image by itself"),
        does="Says whether the images of one patient stay in one split, where patients are known.",
        when="Leave it: a model that has seen a patient in training knows that patient in the test.",
    )
    folds: int = knob(
        1,
        "Folds",
        low=1,
        high=10,
        does="Divides training and validation into so many parts, of which one at a time is for validation.",
        when="Use 5 when there are few images and one validation figure says too little; 1 means a single split.",
    )
    fold: int = knob(
        1,
        "This fold",
        low=1,
        high=10,
        does="Says which of the folds is for validation in this split; the test images are the same in every fold.",
        when="Train once for each fold and compare the figures.",
    )
    train_percent: int = knob(
        70,
        "Training",
        low=1,
        high=98,
        unit="%",
        does="The share of images that the network learns from.",
        when="Raise it when there are few images.",
    )
    val_percent: int = knob(
        15,
        "Validation",
        low=1,
        high=98,
        unit="%",
        does="The share of images on which settings are compared while you work.",
        when="Raise it when the validation figures jump from run to run.",
    )
    test_percent: int = knob(
        15,
        "Test",
        low=1,
        high=98,
        unit="%",
        does="The share of images that is kept back for the final figures.",
        when="Raise it when the intervals of the final figures are too wide.",
    )
    seed: int = knob(
        0,
        "Seed of the split",
        low=0,
        high=2_147_483_647,
        does="The number from which the random division follows.",
        when="Keep it to get the same split again.",
    )

    @model_validator(mode="after")
    def _whole(self) -> SplitConfig:
        total = self.train_percent + self.val_percent + self.test_percent
        if total != 100:
            raise ValueError(f"the three shares must add up to 100 %, they add up to {total} %")
        if self.fold > self.folds:
            raise ValueError(f"there are {self.folds} folds, so there is no fold {self.fold}")
        return self


class Change(Spec):
    """What one revision changed, in a sentence, and how many images it concerned."""

    revision: int
    what: str
    images: int = 0
    at: float = 0.0


class DroppedTag(Spec):
    """A kind of tag that was dropped at import, and in how many files."""

    name: str
    files: int = Field(ge=1)


class DatasetCard(Spec):
    """What is known of an imported data set, written to `card.json`; immutable once accepted.

    Attributes:
        task: the question its labels answer.
        source: where it came from, in words ("zip of class folders", "practice data (synthetic)").
        synthetic: whether the images were drawn by Lightbox; every page says so.
        classes: class names in the order of their indices 0..C-1 (hostile text).
        counts: images per class and split: `counts[class_index][split]`.
        positive_class: index of the class that is the finding, for two classes; None otherwise or not yet chosen.
        split: how the images are divided.
        has_given_split: whether the source brought a split of its own.
        images: number of readable images.
        unreadable: number of files that could not be read.
        grey: whether every image is grey (one channel, or three equal ones).
        bit_depth: the largest bits per channel, 8 or 16.
        median_width_px, median_height_px, min_side_px, max_side_px: sizes of the images as they came.
        bytes_on_disk: size of the originals.
        content_digest: sha256 over names, labels and image digests in order; the same content gives the same digest.
        findings: what the checks found.
        patients: how many patients (or whatever keeps images together) are known; None where nothing says.
        patients_per_split: how many of them have images in each split.
        patient_name: what they are called where they come from ("patient_id"); empty where nothing says.
        patients_hashed: whether patients are told apart by salted hashes; else by their ids as the source has them.
        windowed: whether images carry measured values (CT numbers, say) that the recipe's window brings to grey.
        dropped_tags: what the files said beside their pixels and was not kept; names of tags, never values.
        names_kept: whether the names of the images are those of their files.
        slice_axis: of NIfTI volumes, the axis along which slices were taken; a prediction takes the same.
        parent: id of the data set that this is a revision of; empty for an import.
        revision: 1 as imported; one more with every change.
        changes: what was changed since the import, oldest first.
        source_digest: fingerprint of the source, by which a second import of it is recognised; salted.
    """

    task: Task = Task.CLASSIFICATION
    source: str
    synthetic: bool = False
    classes: tuple[str, ...]
    counts: tuple[dict[Split, int], ...]
    positive_class: int | None = None
    split: SplitConfig = SplitConfig()
    has_given_split: bool = False
    images: int = Field(ge=0)
    unreadable: int = 0
    grey: bool
    bit_depth: Literal[8, 16] = 8
    median_width_px: int
    median_height_px: int
    min_side_px: int
    max_side_px: int
    bytes_on_disk: int = 0
    content_digest: str = ""
    findings: tuple[Finding, ...] = ()
    patients: int | None = None
    patients_per_split: dict[Split, int] = Field(default_factory=dict)
    patient_name: str = ""
    patients_hashed: bool = True
    windowed: bool = False
    dropped_tags: tuple[DroppedTag, ...] = ()
    names_kept: bool = True
    slice_axis: Literal[0, 1, 2] = 2
    parent: str = ""
    revision: int = 1
    changes: tuple[Change, ...] = ()
    source_digest: str = ""

    @property
    def default_side_px(self) -> int:
        """The side a recipe starts with: the median of the data, at most 224 px, at least 8 px."""
        return max(8, min(224, round((self.median_width_px + self.median_height_px) / 2)))

    def count(self, split: Split) -> int:
        """Images in one split."""
        return sum(by_split.get(split, 0) for by_split in self.counts)


class DatasetState(StrEnum):
    """Looked into, labels being chosen, importing, then in review, then accepted for good; or failed."""

    LOOKING = "looking"
    CHOOSING = "choosing"
    IMPORTING = "importing"
    REVIEW = "review"
    ACCEPTED = "accepted"
    FAILED = "failed"
