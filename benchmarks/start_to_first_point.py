"""Time from the click on Start to the first point of the curves on the screen, in Chromium.

The practice data is in, and every setting stands at its default. Warm: the worker lives, as it does a few seconds after
the app has started; the first run also prepares the images (600 of them), later ones find them prepared, and both are
given. Cold: the worker was ended before the click, so the app starts one, which loads TensorFlow first. The time ends
when a trace of the chart holds a point.
"""

import argparse
import time
from collections.abc import Callable

import psutil
from playwright.sync_api import Browser

from benchmarks.measuring import chromium, machine, new_app, seconds
from core import actions
from tests.journeys.conftest import SETTLED
from tests.journeys.running import RunningApp

HAS_POINT = """() => [...document.querySelectorAll('.lb-curves-chart')]
    .some(chart => (chart.data ?? []).some(trace => trace.x?.length > 0))"""
START = ".st-key-train_start button:not([disabled])"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with chromium() as browser, new_app(worker=True) as app:
        app.start()
        dataset_id = practice_data(app)
        first = click_to_point(browser, app, dataset_id)
        warm = [click_to_point(browser, app, dataset_id) for _ in range(arguments.runs)]
        cold = [click_to_point(browser, app, dataset_id, before=lambda: _end_workers(app)) for _ in range(3)]
    print(machine())
    print(f"warm worker, images not prepared yet: {first:.2f} s")
    print(f"warm worker: {seconds(warm)}")
    print(f"cold worker: {seconds(cold)}")


def practice_data(app: RunningApp) -> str:
    """The practice data, accepted, and a worker that has said what it runs on; the data set's id."""
    dataset_id, _ = actions.import_practice_data(app.home, accept=True)
    while actions.device(app.home) is None or actions.dataset(app.home, dataset_id).state != "accepted":
        time.sleep(0.1)
    return dataset_id


def click_to_point(
    browser: Browser, app: RunningApp, dataset_id: str, before: Callable[[], None] = lambda: None
) -> float:
    """Seconds from the click to the point; `before` is called last before the click. The run is ended afterwards."""
    page = browser.new_page()
    page.goto(f"{app.url}/train?data={dataset_id}")
    page.wait_for_selector(SETTLED)
    page.wait_for_selector(START)
    before()
    began = time.perf_counter()
    page.click(START)
    page.wait_for_function(HAS_POINT, polling="raf", timeout=120_000)
    taken = time.perf_counter() - began
    page.close()
    _end_runs(app)
    return taken


def _end_runs(app: RunningApp) -> None:
    for run in actions.list_runs(app.home):
        if not run.job.state.final:
            actions.stop(app.home, run.id)
        while not actions.run(app.home, run.id).job.state.final:
            time.sleep(0.05)


def _end_workers(app: RunningApp) -> None:
    for worker in app.home.store.live_workers(silent_s=60):
        process = psutil.Process(worker.pid)
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
