"""What differs between Keras' backends: the one file of this room with a branch for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

# Batches that are made ready while the network works on another.
READY_BATCHES = 4


class Feed(Protocol):
    """Batches by their index."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """One of them."""


def gpu_names(backend: str) -> list[str]:
    """The GPUs that a backend can use, by name; none: it runs on the CPU."""
    match backend:
        case "tensorflow":
            import tensorflow as tf

            details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
            return [detail.get("device_name", "GPU") for detail in details]
        case "jax":
            import jax

            return [device.device_kind for device in jax.devices() if device.platform != "cpu"]
        case "torch":
            import torch

            return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
        case _:
            return []


def has_cuda(backend: str) -> bool:
    """Whether a backend was built for NVIDIA's GPUs; True where it does not say."""
    if backend != "tensorflow":
        return True
    import tensorflow as tf

    return bool(tf.test.is_built_with_cuda())


def compiles_steps() -> bool:
    """Whether steps are compiled by XLA: JAX is slow without it; TensorFlow on a CPU is slow with it, and on a GPU it
    delays the first step by seconds; PyTorch's compiler is another one.
    """
    import keras

    return bool(keras.backend.backend() == "jax")


def takes_several_steps(devices: int) -> bool:
    """Whether one call may take several steps: PyTorch's trainer refuses, and TensorFlow's fails over several devices
    ("You must feed a value for placeholder tensor", 2.21).
    """
    import keras

    backend = keras.backend.backend()
    return bool(backend == "jax" or (backend == "tensorflow" and devices < 2))


def may_try_xla() -> bool:
    """Whether steps with XLA are worth a trial: TensorFlow on a GPU; on a CPU they are slower, and JAX has no other."""
    import keras

    return bool(keras.backend.backend() == "tensorflow" and has_gpu())


def has_gpu() -> bool:
    """Whether this process computes on a GPU."""
    import keras

    return bool(gpu_names(keras.backend.backend()))


def several_gpus() -> list[str]:
    """The GPUs over which Keras can spread one run on this backend, by its names; empty where it cannot."""
    import keras

    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            names = [device.name for device in tf.config.list_logical_devices("GPU")]
        case "jax":
            names = [name for name in keras.distribution.list_devices() if not name.startswith("cpu")]
        case _:
            names = []
    return names if len(names) > 1 else []


@contextmanager
def spread(devices: Sequence[str]) -> Iterator[None]:
    """A block in which a model is built and trained on these devices, each with the same weights and its share of a
    batch; with fewer than two nothing is spread.
    """
    import keras

    if len(devices) < 2:
        yield
    elif keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.distribute.MirroredStrategy(list(devices)).scope():
            yield
    else:
        before = keras.distribution.distribution()
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=list(devices)))
        try:
            yield
        finally:
            keras.distribution.set_distribution(before)


def compute_capability() -> tuple[int, int] | None:
    """NVIDIA's number for what the first GPU can do, (8, 0) from Ampere on; None: no GPU, or another maker's."""
    import keras

    if not has_gpu():
        return None
    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            first = tf.config.list_physical_devices("GPU")[0]
            found = tf.config.experimental.get_device_details(first).get("compute_capability")
        case "jax":
            import jax

            first = next(device for device in jax.devices() if device.platform != "cpu")
            found = str(getattr(first, "compute_capability", "")).split(".")
        case _:
            import torch

            found = torch.cuda.get_device_capability() if torch.version.cuda else None
    return (int(found[0]), int(found[1])) if found and len(found) == 2 else None


def follows_cpu_flags() -> bool:
    """Whether the backend computes in bfloat16 natively wherever the CPU can; known of TensorFlow's kernels alone."""
    import keras

    return bool(keras.backend.backend() == "tensorflow")


def refusals() -> tuple[type[Exception], ...]:
    """What a backend raises for a computation that its device does not have."""
    import keras

    if keras.backend.backend() != "tensorflow":
        return RuntimeError, TypeError, ValueError
    import tensorflow as tf

    return (tf.errors.OpError,)


def copied(variable: Any) -> npt.NDArray[Any]:
    """The value of a Keras variable as an array of its own; JAX's variables cannot be handed to NumPy directly."""
    import keras

    return np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(variable)))


def stream(feed: Feed) -> Any:
    """What `fit` takes for a feed: the feed itself, for TensorFlow its batches as a stream that is read ahead.

    Keras would make such a stream too, but one with TensorFlow's autotuning. Its thread sleeps for longer and longer,
    up to a minute, and does not always wake when it is told to end, so that the end of an epoch, or a stop, hangs as
    long (measured with TensorFlow 2.21: 9.9 s after one epoch of 10 s in nine). There is nothing to tune here anyway.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        return feed
    import tensorflow as tf

    batch = tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in feed[0])
    batches = tf.data.Dataset.from_generator(lambda: map(feed.__getitem__, range(len(feed))), output_signature=batch)
    counted = batches.apply(tf.data.experimental.assert_cardinality(len(feed)))
    options = tf.data.Options()
    options.autotune.enabled = False
    return counted.prefetch(READY_BATCHES).with_options(options)
