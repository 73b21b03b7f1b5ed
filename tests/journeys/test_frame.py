"""The frame in a real browser: deep links, steps, live curves that keep the zoom, uploads."""

import hashlib
import random
import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from core.actions import DISCLAIMER
from tests.journeys.conftest import end, settle
from tests.journeys.feeding import add_dataset, add_running_run, feed
from tests.journeys.running import RunningApp

RANGE = "() => document.querySelector('.lb-curves-chart').layout.xaxis.range"
BOXES = "(all) => all.map((each) => each.getBoundingClientRect().toJSON())"  # of one moment
DRAWN = """() => document.querySelector(".lb-curves-chart")?.data?.map(
  (trace) => trace.x.filter((x) => x !== null).length
)"""
# How much of the chart's first panel a drag covers, and where in it, as shares.
DRAGGED = (0.25, 0.75)
SLOW_BYTES_A_SECOND = 10_000_000


def drawn(page, batches, epochs):
    """Wait until the chart shows so many points (loss: batches, training, validation; then accuracy)."""
    page.wait_for_function(
        f"() => JSON.stringify(({DRAWN})()) === '{[batches, epochs, epochs] * 2}'.replaceAll(' ', '')"
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An app without a data set, whose Data page therefore begins with the ways to bring one in."""
    app = RunningApp(tmp_path_factory.mktemp("empty"))
    yield app.start()
    end([app])


def zoom(page, chart):
    """Drag over the middle of the first panel, as a visitor zooms; the range of epochs that is shown then."""
    before = page.evaluate(RANGE)
    panel = chart.locator(".nsewdrag[data-subplot=xy]")
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    left, right = (box["x"] + share * box["width"] for share in DRAGGED)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(right, middle, steps=10)  # straight across, which leaves the other axis alone
    page.mouse.up()
    page.wait_for_function(f"(before) => JSON.stringify(({RANGE})()) !== JSON.stringify(before)", arg=before)
    shown = page.evaluate(RANGE)
    width = before[1] - before[0]
    assert shown == pytest.approx([before[0] + share * width for share in DRAGGED], abs=0.02 * width)
    return shown


def slow_down(page):
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW_BYTES_A_SECOND},
    )


def uploaded(app):
    """What lies in the uploads folder now, by path."""
    folder = app.folder / "home" / "uploads"
    return set(folder.iterdir()) if folder.exists() else set()


def test_a_deep_link_on_a_fresh_server_runs_inside_the_frame(start_app, open_page):
    app = start_app()
    page = open_page(f"{app.url}/train")
    steps = page.get_by_role("navigation", name="Steps").get_by_role("link")
    expect(steps).to_have_count(5)
    expect(page.get_by_role("link", name="Train")).to_have_attribute("aria-current", "step")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_text(DISCLAIMER)).to_be_visible()
    assert page.locator("[data-testid=stSidebarNav]").count() == 0


def test_the_steps_are_links_with_a_state(app, open_page):
    dataset_id = add_dataset(app.home)
    page = open_page(f"{app.url}/prepare?data={dataset_id}")
    page.evaluate("window.unbroken = true")
    data = page.get_by_role("link", name="Data done")
    expect(data).to_have_attribute("href", f"/data?data={dataset_id}")
    expect(page.get_by_role("link", name="Prepare you are here")).to_be_visible()
    expect(page.get_by_role("link", name="Results not yet")).to_be_visible()
    data.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/data\?data={dataset_id}$"))
    settle(page)
    expect(page.get_by_role("link", name="Data you are here")).to_have_attribute("aria-current", "step")
    expect(page.get_by_role("link", name="Prepare next")).to_be_visible()
    assert page.evaluate("window.unbroken"), "the page was loaded anew"


def test_the_browsers_back_button_goes_one_page_back(app, open_page):
    first, second = add_dataset(app.home, "Back"), add_dataset(app.home, "Forth")
    page = open_page(f"{app.url}/data?data={first}")
    page.get_by_role("link", name="Prepare").click()
    page.wait_for_url(f"**/prepare?data={first}")
    expect(page.get_by_role("link", name="Prepare you are here")).to_be_visible()
    page.get_by_role("combobox", name="Data set").click()
    page.get_by_role("option", name="Forth").click()
    page.wait_for_url(f"**/prepare?data={second}")
    page.get_by_role("link", name="Train").click()
    page.wait_for_url(f"**/train?data={second}")
    expect(page.get_by_role("link", name="Train you are here")).to_be_visible()
    page.go_back()
    page.wait_for_url(f"**/prepare?data={second}")
    expect(page.get_by_role("link", name="Prepare you are here")).to_be_visible()
    settle(page)
    assert page.url.endswith(f"/prepare?data={second}")


def test_what_is_in_hand_can_be_changed_on_top(app, open_page):
    first, second = add_dataset(app.home, "First <b>cells</b>"), add_dataset(app.home, "Second ![](http://e.invalid/x)")
    page = open_page(f"{app.url}/prepare?data={first}")
    expect(page.get_by_text("Synthetic data", exact=True).first).to_be_visible()
    page.get_by_role("combobox", name="Data set").click()
    page.get_by_role("option", name="Second").click()
    page.wait_for_url(re.compile(f"data={second}"))


def test_a_link_to_a_run_that_is_gone_says_so(app, open_page):
    page = open_page(f"{app.url}/train?run=run_aaaaaaaa")
    expect(page.get_by_role("alert").first).to_contain_text("run")
    assert "run=" not in page.url


def test_zoom_and_hover_survive_three_updates(app, open_page):
    run_id = add_running_run(app.home)
    feed(app.home, run_id, 0, 25)
    page = open_page(f"{app.url}/train?run={run_id}")
    drawn(page, 25, 2)
    chart = page.locator(".lb-curves-chart").first
    zoomed = zoom(page, chart)
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    for update in range(3):
        feed(app.home, run_id, 25 + 10 * update, 35 + 10 * update)
        drawn(page, 35 + 10 * update, 3 + update)
        assert page.evaluate(RANGE) == zoomed
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    # the last point is number 55: loss 1 / (1 + 5.5) = 0.154; the last whole epoch is 5: 1.2 / (1 + 5) = 0.200
    expect(page.get_by_text("Epoch 5.5: training loss 0.154")).to_be_visible()
    expect(page.get_by_text("validation loss 0.200")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Progress")).to_have_attribute("aria-valuenow", "55")
    expect(page.get_by_text("550 of 1,000 steps · 1,235 images/s · 2 min 25 s left")).to_be_visible()


def test_the_page_shows_the_end_of_a_run_by_itself(app, open_page):
    run_id = add_running_run(app.home)
    feed(app.home, run_id, 0, 20)
    page = open_page(f"{app.url}/train?run={run_id}")
    drawn(page, 20, 2)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/points/" in request.url else None)
    model = app.home.settings.run_dir(run_id) / "model.keras"  # what a run that ended well has
    model.parent.mkdir(parents=True)
    model.write_bytes(b"weights")
    app.home.store.finish(run_id, {})
    expect(page.get_by_role("link", name="Train you are here")).to_be_visible()
    expect(page.get_by_role("link", name="Results next")).to_be_visible()  # the frame was drawn anew
    settle(page)
    asked.clear()
    page.wait_for_timeout(1500)
    assert not asked, "it goes on asking for a run that has ended"


def test_the_curves_are_complete_after_a_restart_of_the_server(start_app, open_page):
    app = start_app()
    run_id = add_running_run(app.home)
    feed(app.home, run_id, 0, 20)
    page = open_page(f"{app.url}/train?run={run_id}")
    drawn(page, 20, 2)
    app.restart()
    feed(app.home, run_id, 20, 40)
    drawn(page, 40, 4)
    settle(page)
    drawn(page, 40, 4)
    assert f"run={run_id}" in page.url
    page.errors.clear()  # the browser has reported that the server was away


def test_a_cancelled_upload_leaves_nothing_behind(empty, open_page, tmp_path):
    file = tmp_path / "cells.zip"
    file.write_bytes(bytes(30_000_000))
    before = uploaded(empty)
    page = open_page(f"{empty.url}/data")
    slow_down(page)
    upload = page.locator(".upload").first
    upload.locator("input[type=file]").set_input_files(file)
    expect(upload.locator(".detail")).to_contain_text("MB/s")
    upload.get_by_role("button", name="Cancel").click()
    expect(upload.get_by_role("alert")).to_contain_text("cancelled")
    page.wait_for_timeout(500)
    assert uploaded(empty) == before


def test_an_upload_shows_its_progress_and_arrives_whole(empty, open_page, tmp_path):
    content = random.Random(0).randbytes(30_000_000)
    file = tmp_path / "cells & <b>more.zip"
    file.write_bytes(content)
    before = uploaded(empty)
    page = open_page(f"{empty.url}/data")
    slow_down(page)
    upload = page.locator(".upload").first
    upload.locator("input[type=file]").set_input_files(file)
    expect(upload.locator(".name")).to_have_text(file.name)
    expect(upload.locator(".detail")).to_have_text(re.compile(r"\d+ % · [\d.]+ MB of 30 MB · [\d.]+ MB/s · \d+ s left"))
    expect(upload.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"[1-9]\d?"))
    expect(upload.locator(".going")).to_be_hidden(timeout=30_000)
    settle(page)
    (arrived,) = uploaded(empty) - before
    assert hashlib.sha256(arrived.read_bytes()).digest() == hashlib.sha256(content).digest()


def test_an_upload_finds_its_way_after_a_restart_of_the_server(start_app, open_page, tmp_path):
    app = start_app()
    file = tmp_path / "cells.zip"
    file.write_bytes(b"not really a zip")
    page = open_page(f"{app.url}/data")
    app.restart()
    settle(page)
    page.locator(".upload input[type=file]").first.set_input_files(file)
    for _ in range(100):
        if [path.read_bytes() for path in uploaded(app)] == [b"not really a zip"]:
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("the file never arrived")
    page.errors.clear()


def test_nothing_overlaps_in_a_narrow_window(app, open_page):
    run_id = add_running_run(app.home, "A run with a rather long name, as people give them")
    page = open_page(f"{app.url}/train?run={run_id}", width=800)
    links = page.get_by_role("navigation", name="Steps").get_by_role("link")
    expect(links).to_have_count(5)
    boxes = links.evaluate_all(BOXES)
    for left, right in pairwise(boxes):
        assert left["right"] <= right["left"] + 0.5
    assert boxes[-1]["right"] <= 800
    words = page.locator("[data-state] .words")
    expect(words).to_have_count(5)
    for word in words.all():
        assert word.evaluate("(each) => each.scrollWidth <= each.clientWidth"), word.text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
