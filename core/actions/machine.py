"""What the work runs on: the worker, its device, and the doctor's checks."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass

from core import jobs
from core.actions.home import Home
from core.errors import LightboxError
from core.jobs import SILENT_S
from core.settings import GiB
from core.specs import DeviceFacts


@dataclass(frozen=True)
class Check:
    """One line of the doctor: what was looked at, whether it is well, and what was found in words."""

    name: str
    ok: bool
    words: str


def ensure_worker(home: Home) -> None:
    """Start a worker when none is alive and the settings allow it; returns at once."""
    jobs.ensure_worker(home.settings, home.store)


def worker_alive(home: Home) -> bool:
    """Whether a worker has given a sign of life lately."""
    return bool(home.store.live_workers(SILENT_S))


def device(home: Home) -> DeviceFacts | None:
    """What the live worker's child reports to run on; None while it is still starting."""
    known = [worker.device for worker in home.store.live_workers(SILENT_S) if worker.device is not None]
    return known[0] if known else None


def doctor(home: Home) -> list[Check]:
    """Look at everything a run needs, a training step included; takes about 15 seconds."""
    return [_python(), _disk(home), _memory(), *_device(home)]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", (3, 11) <= sys.version_info[:2] <= (3, 13), f"Python {version} (3.11 to 3.13 are supported)")


def _disk(home: Home) -> Check:
    free = shutil.disk_usage(home.settings.home).free
    return Check("Disk", free > 2 * GiB, f"{free / GiB:.1f} GiB free for {home.settings.home}")


def _memory() -> Check:
    import psutil

    memory = psutil.virtual_memory()
    words = f"{memory.available / GiB:.1f} of {memory.total / GiB:.1f} GiB free"
    return Check("Memory", memory.available > 2 * GiB, words)


def _device(home: Home) -> list[Check]:
    try:
        facts = jobs.inspect_device(home.settings)
        seconds = jobs.try_step(home.settings)
    except LightboxError as error:
        return [Check("Training step", False, str(error))]
    words = f"{facts.words}, Keras on {facts.backend}" + (f". {facts.reason}" if facts.reason else "")
    return [
        Check("Device", facts.reason is None, words),
        Check("Training step", True, f"one step of the default network took {seconds:.2f} s"),
    ]
