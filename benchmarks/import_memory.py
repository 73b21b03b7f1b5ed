"""Memory while large data come in: 2 GB from a zip on the server, and 10,000 beside 100,000 images.

An app and its worker run; the zip is imported as the Data page would have it done. Four times a second the resident
bytes of the server process and the memory of all its worker's processes are read. Pages shared by forked processes
count in each, so for these the proportional share (PSS) is taken, which counts them once. The figures are the highest
during the import less those just before.
"""

import argparse
import tempfile
import threading
from pathlib import Path

import psutil

from benchmarks.made_images import write_zip
from benchmarks.measuring import machine, new_app
from core import actions
from core.specs import JobState
from tests.journeys.running import RunningApp

MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--side", type=int, default=64, help="of the many small images, in px")
    parser.add_argument("--gigabytes", type=float, default=2.0)
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="lightbox-bench-") as folder:
        path = Path(folder) / "made.zip"
        large = int(arguments.gigabytes * 1e9 / (1024 * 1024))
        for images, side, kind in [
            (large, 1024, "bmp"),
            *((count, arguments.side, "png") for count in arguments.images),
        ]:
            write_zip(path, kind, images, side)
            print(f"{images:,} images of {side} px, {path.stat().st_size / MB:,.0f} MB: {measure(path)}", flush=True)


def measure(path: Path) -> str:
    """Import a zip in an app of its own; what the memory did, in words."""
    with new_app(worker=True) as app:
        app.start()
        warm_up(app)
        watch = Watch(app.pid)
        with watch:
            seconds = bring_in(app, path)
        return f"{watch.words()}; {seconds:.0f} s"


def warm_up(app: RunningApp) -> None:
    """The practice data, so that the worker and its libraries are there before."""
    dataset_id, _ = actions.import_practice_data(app.home)
    actions.ensure_worker(app.home)
    wait(app, dataset_id)


def bring_in(app: RunningApp, path: Path) -> float:
    """Seconds from the request to the finished import."""
    dataset_id = actions.import_dataset(app.home, path, "made")
    return wait(app, dataset_id)


def wait(app: RunningApp, dataset_id: str) -> float:
    """Until an import has ended well; its seconds."""
    pause = threading.Event()
    while True:
        job = actions.import_job(app.home, dataset_id)
        if job is not None and job.state.final:
            if job.state is not JobState.FINISHED:
                raise SystemExit(f"The import failed: {job.what}")
            return (job.ended_at or 0.0) - (job.started_at or 0.0)
        pause.wait(0.2)


class Watch:
    """The highest memory of a process and all its offspring, the worker's included, while the block runs."""

    def __init__(self, pid: int) -> None:
        self._server = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._before = self._now()
        self._peak = self._before

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def words(self) -> str:
        """Server, and everything together: growth in MB."""
        (server, everything), (server_peak, peak) = self._before, self._peak
        return (
            f"server {server / MB:,.0f} MB {(server_peak - server) / MB:+,.0f} MB,"
            f" all processes {everything / MB:,.0f} MB {(peak - everything) / MB:+,.0f} MB (PSS)"
        )

    def _look(self) -> None:
        while not self._over.wait(0.25):
            now = self._now()
            self._peak = max(self._peak[0], now[0]), max(self._peak[1], now[1])

    def _now(self) -> tuple[int, int]:
        return self._server.memory_info().rss, sum(map(share_of, [self._server, *offspring(self._server)]))


def offspring(server: psutil.Process) -> list[psutil.Process]:
    """Children, and the worker, which runs in a session of its own, with its children."""
    home = server.environ().get("LIGHTBOX_HOME")
    found = set(server.children(recursive=True))
    for process in psutil.process_iter():
        try:
            if "core.jobs.worker" in process.cmdline() and process.environ().get("LIGHTBOX_HOME") == home:
                found |= {process, *process.children(recursive=True)}
        except psutil.Error:
            continue
    return list(found)


def share_of(process: psutil.Process) -> int:
    """The proportional share of a process; 0 once it is gone."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
