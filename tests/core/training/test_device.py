"""What is said of a GPU that the machine has and Keras does not use: played GPUs, no GPU needed."""

import keras
import pytest

from core.training import device
from core.training.hardware import Gpu

H200 = Gpu("NVIDIA H200", 139 * 1024**3)


@pytest.fixture
def play(monkeypatch):
    """A machine with some GPUs as its driver tells them, of which Keras sees some."""

    def go(machine, seen=(), backend="jax"):
        monkeypatch.setattr(device, "nvidia_gpus", lambda: list(machine))
        monkeypatch.setattr(device, "gpu_names", lambda backend: list(seen))
        monkeypatch.setattr(keras.backend, "backend", lambda: backend)
        return device.device_facts()

    return go


def test_without_a_gpu_nothing_is_amiss(play):
    facts = play([])
    assert (facts.kind, facts.reason) == ("cpu", None)


def test_a_gpu_that_is_used_is_named_and_nothing_is_amiss(play):
    facts = play([H200], ["NVIDIA H200"])
    assert (facts.kind, facts.words, facts.reason) == ("gpu", "NVIDIA H200, 139 GiB", None)
    assert facts.memory_bytes == H200.memory_bytes


def test_a_gpu_that_keras_does_not_see_is_named_with_what_may_hide_it(play):
    facts = play([H200])
    assert (facts.kind, facts.words.startswith("CPU")) == ("cpu", True)
    for word in ("NVIDIA H200 is not used", "jax", "driver", "CUDA_VISIBLE_DEVICES", "requirements-gpu.txt"):
        assert word in facts.reason


@pytest.mark.parametrize("with_cuda", [True, False])
def test_a_tensorflow_without_cuda_is_told_from_one_that_sees_no_gpu(play, monkeypatch, with_cuda):
    monkeypatch.setattr(device, "has_cuda", lambda backend: with_cuda)
    reason = play([H200], backend="tensorflow").reason
    assert "NVIDIA H200 is not used" in reason
    assert "requirements-gpu.txt" in reason
    assert ("has no CUDA" in reason) is not with_cuda
    assert ("driver" in reason) is with_cuda
