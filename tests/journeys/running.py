"""A really started app: `streamlit run app.py` on a free port, with a home of its own and everything it wrote kept."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from core import actions
from core.settings import Settings

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60.0


class RunningApp:
    """One server process. `url` has no slash at its end; `home` opens the same home from the test's side."""

    def __init__(self, folder, *, worker=False, key="", arguments=(), environment=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = key
        self.log = self.folder / "server.log"
        self._arguments = arguments
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LIGHTBOX_", "STREAMLIT_"))},
            "LIGHTBOX_HOME": str(self.folder / "home"),
            "LIGHTBOX_START_WORKER": "true" if worker else "false",
            "LIGHTBOX_ACCESS_KEY": key,
            **(environment or {}),
        }
        self._process = None
        self._home = None

    @property
    def home(self):
        if self._home is None:
            self._home = actions.open_home(Settings(home=self.folder / "home", start_worker=False))
        return self._home

    @property
    def pid(self):
        return self._process.pid

    def start(self, wait=True):
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self._arguments], stdout=log, stderr=log, env=self._environment, cwd=self.folder
            )
        if wait:
            self._wait()
        return self

    def restart(self):
        """Kill the server as a power cut would, and start it again at the same address."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        return self.start()

    def wait_for_end(self, timeout_s=30):
        return self._process.wait(timeout_s)

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        self._stop_workers()
        if self._home is not None:
            self._home.store.close()

    def said(self):
        """Everything that the server wrote to its two streams."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def worker_said(self):
        """Everything that the workers of this home wrote to their log."""
        log = self.folder / "home" / "worker.log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def _wait(self):
        ends_at = time.monotonic() + STARTS_WITHIN_S
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        while time.monotonic() < ends_at:
            if self._process.poll() is not None:
                raise AssertionError(f"The app ended with {self._process.returncode}:\n{self.said()}")
            try:
                if httpx.get(f"{self.url}/_stcore/health", headers=headers).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"The app did not answer within {STARTS_WITHIN_S:.0f} s:\n{self.said()}")

    def _stop_workers(self):
        """End the workers of this home, which outlive the server on purpose, with their children."""
        if not (self.folder / "home" / "lightbox.db").exists():
            return
        for worker in self.home.store.live_workers(silent_s=60):
            try:
                process = psutil.Process(worker.pid)
                children = process.children(recursive=True)
                process.terminate()
                process.wait(10)
            except psutil.NoSuchProcess:
                continue
            except psutil.TimeoutExpired:
                process.kill()
            for child in children:
                if child.is_running():
                    child.kill()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
