"""The server keeps a worker alive beside it, and leaves it alone when it ends."""

import os
import signal
import time

import psutil

from tests.journeys.walking import wait_for


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
