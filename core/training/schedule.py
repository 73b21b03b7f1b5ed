"""The arithmetic of steps and epochs: how many there are, and where a run stands after some of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from core.specs import TrainingConfig


@dataclass(frozen=True)
class Schedule:
    """How many images, batches and steps a run has.

    Attributes:
        images: training images, all seen once in an epoch.
        batch_size: images in a step; all of them for full-batch descent.
        total_steps: steps of the whole run; the last epoch may be a part of one.
    """

    images: int
    batch_size: int
    total_steps: int

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch, the last one may be smaller."""
        return ceil(self.images / self.batch_size)

    @property
    def epochs(self) -> int:
        """Epochs that are begun, so also the number of validations."""
        return ceil(self.total_steps / self.steps_per_epoch)

    @property
    def total_images(self) -> int:
        """Images seen in the whole run, counting each as often as it is seen."""
        return self.images_after(self.total_steps)

    def images_after(self, step: int) -> int:
        """Images seen in the first `step` steps."""
        epochs, steps = divmod(step, self.steps_per_epoch)
        return epochs * self.images + min(steps * self.batch_size, self.images)

    def epochs_after(self, step: int) -> float:
        """Epochs done after `step` steps, with the fraction of the one that is under way."""
        return step / self.steps_per_epoch


def schedule_of(training: TrainingConfig, images: int) -> Schedule:
    """The schedule of a config over a number of training images, 1 or more."""
    full = training.optimizer == "full_batch"
    batch_size = images if full else min(training.batch_size, images)
    steps_per_epoch = ceil(images / batch_size)
    total = training.epochs * steps_per_epoch if training.limit == "epochs" else training.iterations
    return Schedule(images=images, batch_size=batch_size, total_steps=total)
