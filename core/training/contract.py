"""What a training is given and whom it tells: plain data in, a sink for points, progress and the wish to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from core.specs import Point, Progress

STOPPED_BY_USER = "stopped by the user"

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingData:
    """Prepared images and who is who among them.

    Attributes:
        images: `(N, H, W, C)` uint8, usually a memory map; only single batches are ever read from it.
        class_indices: `(N,)` int64, each 0 to `classes - 1`.
        train: rows to learn from.
        val: rows on which each epoch is checked; may be empty, then the training loss decides what is best.
        classes: number of classes, 2 or more.
    """

    images: npt.NDArray[np.uint8]
    class_indices: Indices
    train: Indices
    val: Indices
    classes: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one image, `(H, W, C)`."""
        _, height, width, channels = self.images.shape
        return height, width, channels


class Sink(Protocol):
    """Whom a training tells. It is called from the training's own thread and should answer within milliseconds."""

    def progress(self, progress: Progress) -> None:
        """How far the whole run is; about five times a second."""

    def points(self, points: list[Point]) -> None:
        """New points of the curves, in order; about five times a second and at each epoch's end."""

    def should_stop(self) -> bool:
        """Whether the user asked to stop; asked five times a second at most."""
