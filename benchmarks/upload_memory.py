"""Memory of the server process while 1 GB is uploaded through the Data page in Chromium, and the time it takes.

The resident size (RSS) is sampled every 20 ms from before the upload until the file lies on the server's disk; what is
given is the highest value, and by how much it lies over the value before. No worker runs, so the file is not imported.
"""

import argparse
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.measuring import chromium, machine, new_app
from tests.journeys.conftest import SETTLED
from tests.journeys.running import RunningApp

MB = 1_000_000
INPUT = "input[type=file]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    arguments = parser.parse_args()
    with chromium() as browser, new_app() as app:
        app.start()
        file = app.folder / "images.zip"
        with file.open("wb") as out:
            out.truncate(arguments.megabytes * MB)  # what is in it does not matter: it is not imported
        before, peak, taken = measure(browser, app, file)
    print(machine())
    print(f"{arguments.megabytes} MB in {taken:.1f} s, {arguments.megabytes / taken:.0f} MB/s")
    print(f"server: {before / MB:.0f} MB before, {peak / MB:.0f} MB at most, {(peak - before) / MB:+.0f} MB")


def measure(browser: Browser, app: RunningApp, file: Path) -> tuple[int, int, float]:
    """Resident bytes before and at most, and the seconds until the file has arrived."""
    page = browser.new_page()
    page.goto(f"{app.url}/data")
    page.wait_for_selector(SETTLED)
    sampler = Sampler(app.pid)
    before, size = sampler.rss, file.stat().st_size
    began = time.perf_counter()
    with sampler:
        page.set_input_files(INPUT, file)
        while not any(path.stat().st_size == size for path in app.home.settings.uploads_dir.glob("*.zip")):
            time.sleep(0.02)
        taken = time.perf_counter() - began
        page.wait_for_selector(SETTLED)
    page.close()
    return before, sampler.peak, taken


class Sampler:
    """The highest resident size of a process while the block runs."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak = self.rss

    @property
    def rss(self) -> int:
        """Resident bytes now."""
        return self._process.memory_info().rss

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.peak = max(self.peak, self.rss)


if __name__ == "__main__":
    main()
