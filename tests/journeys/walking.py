"""What several journeys do: wait for the end of a run, type into a setting, count what the chart shows."""

import time

from playwright.sync_api import TimeoutError, expect

from core import actions
from core.specs import PointKind
from tests.journeys.conftest import settle

TRAINED_MS = 300_000
NARROW_PX = 800
LOADING = "[data-testid=stSkeleton], [data-testid=stSpinner]"
IMAGES_ARE_THERE = """() => [...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .every((image) => image.complete && image.naturalWidth > 0)"""
COUNTS = """() => document.querySelector(".lb-curves-chart")?.data?.map(
  (trace) => trace.x.filter((x) => x !== null).length
)"""


def wait_for(found, timeout_s=60):
    """What `found` returns, once it is something."""
    ends_at = time.monotonic() + timeout_s
    while time.monotonic() < ends_at:
        if result := found():
            return result
        time.sleep(0.1)
    raise AssertionError(f"not within {timeout_s} s")


def type_in(page, key, value):
    """Type a number into the setting of this key and leave it."""
    field = page.locator(f".st-key-{key} input")
    field.fill(str(value))
    field.press("Enter")
    settle(page)
    expect(field).to_have_value(str(value))


def run_of(page):
    """The id of the run that the address names."""
    page.wait_for_url(lambda url: "run=run_" in url, timeout=30_000)
    return page.url.split("run=")[1].split("&")[0]


def wait_for_end(page):
    """Wait until the page says that its run has ended, and offers the results."""
    expect(page.locator(".st-key-train_to_results")).to_be_visible(timeout=TRAINED_MS)
    settle(page)


def wait_for_points(page):
    """Wait until the chart shows points of a training under way."""
    page.wait_for_function(f"() => (({COUNTS})() || [0])[0] > 0", timeout=TRAINED_MS)


def assert_curves_are_complete(page, home, run_id):
    """The chart shows every point that the store holds, and the store holds every epoch."""
    points = actions.all_points(home, run_id)
    batches = sum(point.kind is PointKind.BATCH for point in points)
    epochs = [point.epoch for point in points if point.kind is PointKind.EPOCH]
    assert epochs == list(range(1, actions.run(home, run_id).config.training.epochs + 1))
    wanted = str([batches, len(epochs), len(epochs)] * 2).replace(" ", "")
    try:
        page.wait_for_function(f"() => JSON.stringify(({COUNTS})()) === '{wanted}'", timeout=30_000)
    except TimeoutError as late:
        shown, said = page.evaluate(COUNTS), page.locator(".lb-curves").all_inner_texts()
        raise AssertionError(f"The chart shows {shown}, not {wanted}, and says {said}") from late


def assert_nothing_is_cut_off(page):
    """In a window 800 px wide the page is no wider, has not crashed, and every image in view has loaded."""
    settle(page)
    expect(page.locator(LOADING)).to_have_count(0, timeout=30_000)
    page.wait_for_function(IMAGES_ARE_THERE, timeout=30_000)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW_PX
    assert page.locator("[data-testid=stMain]").evaluate("(main) => main.scrollWidth") <= NARROW_PX
