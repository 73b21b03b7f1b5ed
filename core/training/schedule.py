"""The arithmetic of steps and epochs: how many there are, where a run stands after some of them, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from core.specs import TrainingConfig


@dataclass(frozen=True)
class Part:
    """What one call of `fit` trains: whole epochs, or a piece of one.

    Attributes:
        epoch: the first epoch, counted from 0.
        skip: batches of that epoch which were taken before; 0 where there are several epochs.
        batches: to take in each epoch of the part, 1 or more.
        epochs: how many, 1 or more.
        ends_epoch: whether the last of these batches ends an epoch (or the run), so that a validation follows.
    """

    epoch: int
    skip: int
    batches: int
    epochs: int
    ends_epoch: bool


@dataclass(frozen=True)
class Schedule:
    """How many images, batches and steps a run has.

    Attributes:
        images: training images that are seen once in an epoch.
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

    def end_of(self, epoch: int) -> int:
        """The step that ends an epoch, counted from 0: its last batch, or the limit of the run within it."""
        return min((epoch + 1) * self.steps_per_epoch, self.total_steps)

    def part_at(self, step: int, at_most: int | None = None) -> Part:
        """What comes after `step` steps: all whole epochs that are left, or what is left of a piece of one.

        Args:
            step: 0 to `total_steps - 1`.
            at_most: batches after which the part ends in any case; None: no such limit.
        """
        epoch, skip = divmod(step, self.steps_per_epoch)
        left = self.end_of(epoch) - step
        if at_most is not None and at_most < left:
            return Part(epoch, skip, at_most, 1, ends_epoch=False)
        if at_most is not None or skip or left < self.steps_per_epoch:
            return Part(epoch, skip, left, 1, ends_epoch=True)
        whole = (self.total_steps - step) // self.steps_per_epoch
        return Part(epoch, 0, self.steps_per_epoch, whole, ends_epoch=True)


def schedule_of(training: TrainingConfig, images: int, devices: int = 1) -> Schedule:
    """The schedule of a config over a number of training images, 1 or more.

    Several devices must have equal shares of every batch: the batch size is raised to the next multiple of their
    number, and each epoch leaves out the few images beyond one, other images each time.
    """
    full = training.optimizer == "full_batch"
    shared = max(images - images % devices, 1)
    wished = min(shared if full else training.batch_size, shared)
    batch_size = min(ceil(wished / devices) * devices, shared)
    steps_per_epoch = ceil(shared / batch_size)
    total = training.epochs * steps_per_epoch if training.limit == "epochs" else training.iterations
    return Schedule(images=shared, batch_size=batch_size, total_steps=total)
