"""What the measurements share: an app of their own, a browser, medians, and the machine in words."""

import os
import platform
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import LACKING, find_chromium
from tests.journeys.running import RunningApp


@contextmanager
def new_app(**options) -> Iterator[RunningApp]:
    """An app with an empty home that is not started yet; ended and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="lightbox-bench-") as folder:
        app = RunningApp(Path(folder), **options)
        try:
            yield app
        finally:
            app.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, started once."""
    path = find_chromium()
    if path is None:
        raise SystemExit(f"This measurement needs a browser: {LACKING}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def seconds(values: list[float]) -> str:
    """A median with its range: `1.21 s (1.10 to 1.35, n = 5)`."""
    return f"{statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f}, n = {len(values)})"


def machine() -> str:
    """Processor, cores, memory and Python of this machine."""
    memory_gib = psutil.virtual_memory().total / 1024**3
    return f"{_processor()}, {os.cpu_count()} cores, {memory_gib:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
