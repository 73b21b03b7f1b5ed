"""What Keras runs on, in words. Asking starts the backend's device, so only a child process asks."""

from __future__ import annotations

from core.settings import GiB
from core.specs import DeviceFacts
from core.training.backends import gpu_names, has_cuda
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


def gpu_words(names: list[str], memory_bytes: int) -> str:
    """A GPU as people name it: "NVIDIA H200, 139 GiB"; several are counted."""
    count = f"{len(names)} × " if len(names) > 1 else ""
    each = " each" if len(names) > 1 else ""
    memory = f", {memory_bytes / GiB:.0f} GiB{each}" if memory_bytes else ""
    return f"{count}{names[0]}{memory}"


def _why_unused(backend: str, machine: list[Gpu]) -> str:
    name = machine[0].name
    if not has_cuda(backend):
        return f"The {name} is not used: this build of {backend} has no CUDA. Install requirements-gpu.txt."
    return (
        f"The {name} is not used: nvidia-smi sees it, but Keras ({backend}) does not. The CUDA libraries are missing or"
        " do not fit the driver, or CUDA_VISIBLE_DEVICES hides it. Install requirements-gpu.txt, or update the driver."
    )
