"""What this process may use of the machine: cores and memory within its container's limits, and NVIDIA's own view."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import psutil

from core.settings import MiB

CGROUP = Path("/sys/fs/cgroup")
CPU = Path("/proc/cpuinfo")
QUERY = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
ANSWER_S = 20


@dataclass(frozen=True)
class Gpu:
    """A GPU as `nvidia-smi` names it."""

    name: str
    memory_bytes: int


def usable_cores(cgroup: Path = CGROUP) -> int:
    """Cores that this process may keep busy: its affinity, and the quota of its container (cgroup v2 or v1)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota(cgroup)
    return allowed if quota is None else max(1, min(allowed, ceil(quota)))


def usable_memory_bytes(cgroup: Path = CGROUP) -> int:
    """Memory that this process may use: the machine's, or the limit of its container where that is lower."""
    limits = [_number(cgroup / "memory.max"), _number(cgroup / "memory" / "memory.limit_in_bytes")]
    return int(min([psutil.virtual_memory().total, *(limit for limit in limits if limit is not None)]))


def cpu_flags(file: Path = CPU) -> frozenset[str]:
    """What an x86 processor can do, by the kernel's names ("avx512_bf16"); empty where the kernel does not say so."""
    lines = file.read_text().splitlines() if file.is_file() else []
    return frozenset(next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), ()))


def nvidia_gpus() -> list[Gpu]:
    """The GPUs that `nvidia-smi` reports; none where there is no such program or it does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        asked = subprocess.run([program, *QUERY], capture_output=True, text=True, timeout=ANSWER_S, check=False)  # noqa: S603  # a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = [line.rsplit(",", 1) for line in asked.stdout.splitlines() if asked.returncode == 0 and "," in line]
    return [Gpu(name.strip(), _mebibytes(memory)) for name, memory in rows]


def _mebibytes(text: str) -> int:
    """Bytes; 0 where the driver answers "[N/A]", as it does for chips that share the machine's memory."""
    return int(text) * MiB if text.strip().isdigit() else 0


def _quota(cgroup: Path) -> float | None:
    """Cores that the container's quota stands for; None: no quota."""
    if (cgroup / "cpu.max").is_file():
        quota, period = (cgroup / "cpu.max").read_text().split()[:2]
        return None if quota == "max" else int(quota) / int(period)
    quota_us, period_us = (_number(cgroup / "cpu" / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
    return quota_us / period_us if quota_us and period_us else None


def _number(file: Path) -> int | None:
    """A positive whole number in a file; None where there is no file or it says "max" or -1: no limit."""
    text = file.read_text().strip() if file.is_file() else ""
    return int(text) if text.isdigit() else None
