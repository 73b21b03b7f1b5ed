"""Start a worker when none is alive; of many that try at once, one starts one.

A worker holds the lock of its home as long as it lives: the one that starts it hands the open lock over, so that
there is no moment at which two could hold it, and the kernel lets go of it however the worker ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys

from core.jobs.environment import environment_of
from core.settings import MiB, Settings
from core.store import Store, WorkerRow

SILENT_S = 10.0  # a heartbeat older than this is none
LOG_BYTES = 5 * MiB  # a longer log is put aside before the next worker starts
_started: list[subprocess.Popen[bytes]] = []


def ensure_worker(settings: Settings, store: Store) -> None:
    """Start a worker for this home when none is alive and the settings allow it; returns at once.

    The worker is a program of its own, which outlives this one; what it prints goes to `worker.log` in the home.
    """
    _collect()
    if not settings.start_worker:
        return
    lock = take_lock(settings)
    if lock is None:
        return
    try:
        if not any(lives(worker) for worker in store.live_workers(SILENT_S)):
            _started.append(_start(settings, lock))
    finally:
        os.close(lock)  # the worker keeps its copy


def take_lock(settings: Settings) -> int | None:
    """The home's worker lock as an open file; None while another process holds it."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(settings.home / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def lives(worker: WorkerRow) -> bool:
    """Whether a worker that has beaten lately can still be there: on this host its process must be."""
    if worker.host != socket.gethostname():
        return True
    import psutil  # the server is up before its first worker is asked for

    try:
        return bool(psutil.Process(worker.pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _start(settings: Settings, lock: int) -> subprocess.Popen[bytes]:
    path = settings.home / "worker.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_name("worker.log.old"))
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "core.jobs.worker"],
            env=environment_of(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )
    finally:
        os.close(log)


def _collect() -> None:
    """Take note of the workers started here that have ended, so that no zombie is left of them."""
    _started[:] = [process for process in _started if process.poll() is None]
