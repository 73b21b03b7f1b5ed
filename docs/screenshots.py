"""Take the pictures of the README from a real run on the practice data: `make screenshots`.

`python docs/screenshots.py --width 800 --into /tmp/narrow` takes the same pictures in another size, to look at.
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import chromium, new_app  # noqa: E402 - from the project's folder, wherever this is called
from core import actions  # noqa: E402
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
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, new_app(worker=True) as app:
        app.start()
        page = browser.new_page(
            viewport={"width": arguments.width, "height": arguments.height},
            color_scheme="dark" if arguments.dark else "light",
        )
        tour(page, app, arguments.into)


def tour(page: Page, app, into: Path) -> None:
    """From the first click to a prediction, with a picture of every page."""
    take = Camera(page, into)
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
        self._page.wait_for_selector(SETTLED, timeout=60_000)
        self._page.wait_for_function(ALL_IS_THERE)
        self._page.wait_for_timeout(STILL_MS)
        self._page.screenshot(path=self._into / f"{name}.png")
        print(f"{name}.png", flush=True)


if __name__ == "__main__":
    main()
