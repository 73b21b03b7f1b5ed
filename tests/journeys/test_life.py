"""The server keeps a worker alive beside it, and leaves it alone when it ends."""

import os
import signal
import time

import psutil


def wait_for(found, timeout_s=60):
    ends_at = time.monotonic() + timeout_s
    while time.monotonic() < ends_at:
        if result := found():
            return result
        time.sleep(0.1)
    raise AssertionError(f"not within {timeout_s} s")


def test_a_worker_is_started_and_replaced_and_outlives_the_server(start_app):
    app = start_app(worker=True)
    first = wait_for(lambda: app.home.store.live_workers(silent_s=10))[0].pid
    os.kill(first, signal.SIGKILL)
    second = wait_for(  # once it has said what it runs on, it is ready to work
        lambda: [
            worker.pid for worker in app.home.store.live_workers(silent_s=3) if worker.pid != first and worker.device
        ]
    )[0]
    app.restart()
    assert psutil.pid_exists(second)
    time.sleep(2)
    assert [worker.pid for worker in app.home.store.live_workers(silent_s=3)] == [second]
