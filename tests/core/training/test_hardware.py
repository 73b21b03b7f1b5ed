"""What the machine allows: container limits of both kinds, and NVIDIA's own program, played by a script."""

import os

import psutil
import pytest

from core.training.device import gpu_words
from core.training.hardware import Gpu, nvidia_gpus, usable_cores, usable_memory_bytes

ALLOWED = len(os.sched_getaffinity(0))
TOTAL = psutil.virtual_memory().total


def write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, ALLOWED),
        ({"cpu.max": "max 100000\n"}, ALLOWED),
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "20000 100000\n"}, 1),  # a fifth of a core is still one to count
        ({"cpu.max": "100000000 100000\n"}, ALLOWED),  # a quota of 1,000 cores
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, ALLOWED),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
    ],
)
def test_usable_cores(tmp_path, files, cores):
    for name, text in files.items():
        write(tmp_path, name, text)
    assert usable_cores(tmp_path) == cores


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, TOTAL),
        ({"memory.max": "max\n"}, TOTAL),
        ({"memory.max": "1048576\n"}, 1048576),
        ({"memory/memory.limit_in_bytes": "2097152\n"}, 2097152),
        ({"memory/memory.limit_in_bytes": "9223372036854771712\n"}, TOTAL),  # how version 1 says "no limit"
    ],
)
def test_usable_memory(tmp_path, files, expected):
    for name, text in files.items():
        write(tmp_path, name, text)
    assert usable_memory_bytes(tmp_path) == expected


def play_nvidia_smi(tmp_path, monkeypatch, script):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


def test_nvidia_gpus(tmp_path, monkeypatch):
    play_nvidia_smi(tmp_path, monkeypatch, "echo 'NVIDIA H200, 143771'; echo 'NVIDIA GB10, [N/A]'")
    assert nvidia_gpus() == [Gpu("NVIDIA H200", 143771 * 1024**2), Gpu("NVIDIA GB10", 0)]


def test_a_driver_that_does_not_answer_is_no_gpu(tmp_path, monkeypatch):
    play_nvidia_smi(tmp_path, monkeypatch, "echo 'NVIDIA-SMI has failed, sorry'; exit 9")
    assert nvidia_gpus() == []


def test_no_program_is_no_gpu(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia_gpus() == []


def test_gpu_in_words():
    assert gpu_words(["NVIDIA H200"], 139 * 1024**3) == "NVIDIA H200, 139 GiB"
    assert gpu_words(["NVIDIA A100"] * 2, 80 * 1024**3) == "2 × NVIDIA A100, 80 GiB each"
    assert gpu_words(["NVIDIA GB10"], 0) == "NVIDIA GB10"
