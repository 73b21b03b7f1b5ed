"""What a run refuses before it starts, and what it says when memory runs out."""

from __future__ import annotations

from types import TracebackType

from core.errors import BadDataset, OutOfMemory, TooLarge
from core.models import plan
from core.settings import MiB
from core.specs import CnnConfig, NetworkPlan, TrainingConfig
from core.training.contract import TrainingData
from core.training.schedule import Schedule

# TensorFlow's, PyTorch's and Python's own; JAX names the status in an error of a general kind.
OUT_OF_MEMORY_NAMES = frozenset({"ResourceExhaustedError", "OutOfMemoryError", "MemoryError"})
OUT_OF_MEMORY_STATUS = "RESOURCE_EXHAUSTED"


def check(
    model: CnnConfig, training: TrainingConfig, data: TrainingData, schedule: Schedule, max_batch_bytes: int
) -> None:
    """Refuse what cannot be trained, before anything is built.

    Raises:
        BadDataset: there are no images to learn from.
        UnbuildableNetwork: the layers do not fit the image.
        TooLarge: full-batch descent would need more than `max_batch_bytes`.
    """
    if len(data.train) == 0:
        raise BadDataset("There are no training images.", "Choose a split that leaves images to learn from.")
    planned = plan(model, data.shape, data.classes, schedule.batch_size, training.optimizer)
    refuse_large_batch(training, planned, schedule.images, max_batch_bytes)


def refuse_large_batch(training: TrainingConfig, planned: NetworkPlan, images: int, max_batch_bytes: int) -> None:
    """Refuse full-batch descent that would not fit.

    Args:
        training: with any other optimizer nothing is refused.
        planned: the network, planned for all training images at once.
        images: number of training images.
        max_batch_bytes: what a batch may take.

    Raises:
        TooLarge: it would need more than that.
    """
    if training.optimizer == "full_batch" and planned.memory_bytes > max_batch_bytes:
        raise TooLarge(
            f"Full-batch gradient descent over {images:,} images needs about"
            f" {planned.memory_bytes // MiB:,} MiB at once, the limit is {max_batch_bytes // MiB:,} MiB.",
            "Choose Adam or SGD with batches, or a smaller image side.",
        )


class MemoryGuard:
    """A `with` block in which running out of memory becomes one sentence with a remedy.

    The errors are known by their names, so that no backend has to be imported to recognise its own.
    """

    def __init__(self, training: TrainingConfig, batch_size: int) -> None:
        self._full = training.optimizer == "full_batch"
        self._batch_size = batch_size

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and is_out_of_memory(error):
            raise OutOfMemory(
                f"The memory was not enough for {self._batch_size:,} image{'s' * (self._batch_size != 1)} at once.",
                self._remedy(),
            ) from error

    def _remedy(self) -> str:
        if self._full:
            return "Choose Adam or SGD with a batch size of 32."
        if self._batch_size == 1:
            return "Use a smaller image side or fewer filters."
        return f"Try again with a batch size of {self._batch_size // 2}, or a smaller image side."


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of any backend says that memory ran out."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & OUT_OF_MEMORY_NAMES) or ("RuntimeError" in names and OUT_OF_MEMORY_STATUS in str(error))
