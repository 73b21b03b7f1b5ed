"""What a data set, a config and a report are about; classification is the first task, others follow."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """The question a model answers about an image."""

    CLASSIFICATION = "classification"


class Split(StrEnum):
    """The part of a data set an image belongs to."""

    TRAIN = "train"
    VALIDATION = "val"
    TEST = "test"

    @property
    def label(self) -> str:
        """Its name on the screen."""
        return {"train": "Training", "val": "Validation", "test": "Test"}[self.value]
