"""The images on their way into the network: single batches from the memory map, in an order of our own.

The order of an epoch follows from the seed and the epoch alone, and the augmentation of an image from these and its
place in that order, so that a run can be repeated, and taken up again in the middle.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from core.images import augment
from core.specs import Augmentation, TrainingConfig
from core.training.contract import Indices, TrainingData
from core.training.objective import targets
from core.training.schedule import Schedule
from core.training.weighting import balanced_weights

LARGEST_VALIDATION_BATCH = 256

Batch = tuple[npt.NDArray[Any], ...]


class TrainFeed(keras.utils.PyDataset):  # type: ignore[misc]  # Keras brings no types
    """Training batches: images uint8, targets, and weights where classes are balanced. An epoch has the schedule's
    number of images.

    `begin(...)` must be called before an epoch, from `on_epoch_begin`: Keras' own hooks of a data set also fire once
    before the first one.
    """

    def __init__(
        self, data: TrainingData, training: TrainingConfig, augmentation: Augmentation, schedule: Schedule
    ) -> None:
        super().__init__()
        self._data, self._training, self._augmentation = data, training, augmentation
        self._images, self._batch_size = schedule.images, schedule.batch_size
        labels = data.class_indices[data.train]
        self._weights = balanced_weights(labels, data.classes) if training.class_weights else None
        self.begin(0)

    def begin(self, epoch: int, skip_batches: int = 0, batches: int | None = None) -> None:
        """Draw the order of an epoch, and hold some of its batches.

        Args:
            epoch: counted from 0.
            skip_batches: batches of it that were taken before; index 0 is the one after them.
            batches: how many to hold; None: all that are left.
        """
        self._epoch, self._skip = epoch, skip_batches
        order = epoch_order(self._training.seed, epoch, len(self._data.train))
        self._order = self._data.train[order[: self._images]]
        left = ceil(len(self._order) / self._batch_size) - skip_batches
        self._batches = left if batches is None else min(batches, left)

    def __len__(self) -> int:
        return self._batches

    def __getitem__(self, index: int) -> Batch:
        start = (self._skip + index) * self._batch_size
        rows = self._order[start : start + self._batch_size]
        images = self._augmented(self._data.images[rows], start)
        labels = self._data.class_indices[rows]
        batch = (images, targets(labels, self._training, self._data.classes))
        return batch if self._weights is None else (*batch, self._weights[labels])

    def _augmented(self, images: npt.NDArray[np.uint8], start: int) -> npt.NDArray[np.uint8]:
        if self._augmentation.is_off:
            return images
        for offset, image in enumerate(images):
            rng = np.random.default_rng([self._training.seed, self._epoch, start + offset])
            images[offset] = augment(image, self._augmentation, rng)
        return images


class ValidationFeed(keras.utils.PyDataset):  # type: ignore[misc]  # Keras brings no types
    """Validation batches in the order of the rows, unchanged and unweighted.

    They are twice as large as the training's: nothing is kept for a way back, so they need no more memory.
    """

    def __init__(self, data: TrainingData, training: TrainingConfig, batch_size: int, devices: int = 1) -> None:
        super().__init__()
        self._data, self._training = data, training
        largest = max(LARGEST_VALIDATION_BATCH // devices, 1) * devices
        self._batch_size = min(2 * batch_size, largest)

    def __len__(self) -> int:
        return ceil(len(self._data.val) / self._batch_size)

    def __getitem__(self, index: int) -> Batch:
        rows = self._data.val[index * self._batch_size : (index + 1) * self._batch_size]
        return self._data.images[rows], targets(self._data.class_indices[rows], self._training, self._data.classes)


def epoch_order(seed: int, epoch: int, images: int) -> Indices:
    """The order of an epoch: a permutation of `images` positions."""
    return np.random.default_rng([seed, epoch]).permutation(images)
