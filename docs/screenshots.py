"""Take the pictures of the README from a real run on the practice data and on drawn cells: `make screenshots`.

`python docs/screenshots.py --width 800 --into /tmp/narrow` takes the same pictures in another size, to look at;
`--only data` takes those of the Data page alone.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import chromium, new_app  # noqa: E402 - from the project's folder, wherever this is called
from core import actions  # noqa: E402
from docs.pictured_data import write_cells  # noqa: E402
from tests.journeys.conftest import SETTLED  # noqa: E402

POINTS_OF = """() => Math.max(0, ...[...document.querySelectorAll('.lb-curves-chart')]
    .flatMap(chart => (chart.data ?? []).map(trace => trace.x?.length ?? 0)))"""
ALL_IS_THERE = """() => !document.querySelector('[data-testid=stSkeleton]')
    && [...document.images].every(image => image.complete || image.getBoundingClientRect().top > innerHeight)"""
STILL_MS = 800  # charts and popovers glide into their place


def main() -> None:
    """Start an app with an empty home and take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=1000)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", choices=TOURS)
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, new_app(worker=True) as app:
        app.start()
        page = browser.new_page(
            viewport={"width": arguments.width, "height": arguments.height},
            color_scheme="dark" if arguments.dark else "light",
        )
        for name, tour in TOURS.items():
            if arguments.only in (None, name):
                tour(page, app, Camera(page, arguments.into))


def practice(page: Page, app, take: "Camera") -> None:
    """From the first click to a prediction, with a picture of every page."""
    page.goto(app.url)
    take("first")
    page.click(".st-key-home_try button")
    page.wait_for_function(f"() => ({POINTS_OF})() > 20", timeout=240_000)
    take("train")
    (run,) = actions.list_runs(app.home)
    page.wait_for_function(
        f"() => ({POINTS_OF})() > 0 && document.querySelector('[data-state=finished]')", timeout=600_000
    )
    for name, address in ADDRESSES.items():
        page.goto(f"{app.url}{address.format(run=run.id, data=run.config.dataset_id)}")
        take(name)
    page.goto(f"{app.url}/predict?run={run.id}")
    page.wait_for_selector(SETTLED)
    page.get_by_text("A test image", exact=True).click()
    page.locator("[class*=st-key-predict_take_] button").nth(1).click()
    page.wait_for_selector(".st-key-predict_bars")
    take("predict")


def data(page: Page, app, take: "Camera") -> None:
    """A zip with a table: its columns chosen, its review, its copies, and images ticked in the gallery."""
    actions.ensure_worker(app.home)
    page.goto(f"{app.url}/data")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Cell images.zip"
        write_cells(path)
        bring_in(page, path)
        page.wait_for_selector(".st-key-data_choose_import", timeout=60_000)
        take("data_table")
    page.locator(".st-key-data_choose_import button").click()
    page.wait_for_selector(".st-key-data_accept", timeout=90_000)
    take("data_review")
    for name, part in PARTS.items():
        page.locator(".st-key-data_section").get_by_text(part).click()
        page.wait_for_selector(SETTLED)
        if name == "data_copies":
            page.locator("[class*=st-key-data_near_] label").first.click()
        if name == "data_tick":
            page.wait_for_selector(".st-key-data_ticked")
            for number in (1, 2, 5):
                page.locator(".picker input").nth(number).check(force=True)
            page.wait_for_selector(".st-key-data_ticked_do")
        take(name)


def bring_in(page: Page, path: Path) -> None:
    """Upload a file; where a data set is in hand, the ways in are one click away."""
    files = page.locator(".st-key-data_way_files .upload input[type=file]")
    files.or_(page.locator(".st-key-data_view")).first.wait_for(state="attached")
    if not files.count():
        page.get_by_role("radio", name="Bring in more data").click()
    files.set_input_files(path)


TOURS = {"practice": practice, "data": data}
PARTS = {"data_copies": "Copies and leaks", "data_tick": "All images"}
ADDRESSES = {
    "home": "/?run={run}",
    "data": "/data?data={data}",
    "prepare": "/prepare?data={data}",
    "train_form": "/train?data={data}",
    "results": "/results?run={run}",
}


class Camera:
    """Takes a picture once the page stands still."""

    def __init__(self, page: Page, into: Path) -> None:
        self._page, self._into = page, into

    def __call__(self, name: str) -> None:
        """Write `name`.png."""
        self._page.mouse.move(1, 1)  # what it points at looks different
        self._page.wait_for_selector(SETTLED, timeout=60_000)
        self._page.wait_for_function(ALL_IS_THERE)
        self._page.wait_for_timeout(STILL_MS)
        self._page.screenshot(path=self._into / f"{name}.png")
        print(f"{name}.png", flush=True)


if __name__ == "__main__":
    main()
