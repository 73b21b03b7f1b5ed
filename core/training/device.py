"""What Keras runs on, asked of its backend: the one file of this room with a branch for each backend.

Asking starts the backend's device, so only a child process asks.
"""

from __future__ import annotations

from core.settings import GiB
from core.specs import DeviceFacts
from core.training.hardware import Gpu, nvidia_gpus, usable_cores, usable_memory_bytes

# Set before a backend starts, so that a training and the warm inference process can share one GPU: by default
# TensorFlow takes all of its memory at once, and JAX three quarters.
DEVICE_ENVIRONMENT = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def device_facts() -> DeviceFacts:
    """What a training in this process would run on."""
    import keras

    backend: str = keras.backend.backend()
    names, machine, cores = gpu_names(backend), nvidia_gpus(), usable_cores()
    if names:
        memory_bytes = next((gpu.memory_bytes for gpu in machine if gpu.name == names[0]), 0)
        return DeviceFacts(
            kind="gpu", words=gpu_words(names, memory_bytes), backend=backend, cores=cores, memory_bytes=memory_bytes
        )
    return DeviceFacts(
        kind="cpu",
        words=f"CPU, {cores} core{'s' * (cores != 1)}",
        backend=backend,
        cores=cores,
        memory_bytes=usable_memory_bytes(),
        reason=_why_unused(backend, machine) if machine else None,
    )


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


def gpu_words(names: list[str], memory_bytes: int) -> str:
    """A GPU as people name it: "NVIDIA H200, 139 GiB"; several are counted."""
    count = f"{len(names)} × " if len(names) > 1 else ""
    each = " each" if len(names) > 1 else ""
    memory = f", {memory_bytes / GiB:.0f} GiB{each}" if memory_bytes else ""
    return f"{count}{names[0]}{memory}"


def compiles_steps() -> bool:
    """Whether steps are compiled by XLA: JAX is slow without it; TensorFlow on a CPU is slow with it, and on a GPU it
    delays the first step by seconds; PyTorch's compiler is another one.
    """
    import keras

    return bool(keras.backend.backend() == "jax")


def _why_unused(backend: str, machine: list[Gpu]) -> str:
    name = machine[0].name
    if backend == "tensorflow":
        import tensorflow as tf

        if not tf.test.is_built_with_cuda():
            return f"The {name} is not used: this TensorFlow was built without CUDA. Install requirements-gpu.txt."
    return (
        f"The {name} is not used: nvidia-smi sees it, but Keras ({backend}) does not. The CUDA libraries are missing or"
        " do not fit the driver, or CUDA_VISIBLE_DEVICES hides it. Install requirements-gpu.txt, or update the driver."
    )
