"""A really started app and a real Chromium for every journey.

A journey fails when the browser asks any other address than the app's, when the page reports an error, when the
server writes a warning or a traceback, or when its worker writes a traceback.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.running import RunningApp

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
# Streamlit looks for its own routes below the page's path first, and finds nothing there.
LOOKED_UP = re.compile(r"/_stcore/(health|host-config)$")
TROUBLE = re.compile(r"Traceback|Warning|WARNING|ERROR|Exception|deprecat")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture
def start_app(tmp_path):
    """Start apps: `start_app(worker=True, key=...)` gives a `RunningApp`; all are ended, and their logs read."""
    started = []

    def start(**options):
        started.append(RunningApp(tmp_path / f"app{len(started)}", **options))
        return started[-1].start()

    yield start
    end(started)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """One app without a worker, shared by the tests of a file: they must not mind each other's data sets."""
    running = RunningApp(tmp_path_factory.mktemp("app"))
    running.start()
    yield running
    end([running])


@pytest.fixture(scope="session")
def browser(chromium):
    """The machine's own Chromium, started once."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser):
    """Open visitors: `open_page(url)` gives a Playwright page of a visitor of its own, settled on that address."""
    contexts, outside, errors = [], [], []

    def open_(url, *, width=1280, height=900, dark=False):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        contexts.append(context)
        own = urlsplit(url).netloc
        context.on("request", lambda request: outside.append(request.url) if _is_outside(request.url, own) else None)
        page = context.new_page()
        page.errors = errors  # a journey that takes the server away clears what the browser said about it
        page.on("websocket", lambda socket: outside.append(socket.url) if urlsplit(socket.url).netloc != own else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(f"{said.text} ({said.location['url']})") if _is_trouble(said) else None,
        )
        page.goto(url)
        settle(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not outside, f"The browser asked other addresses than the app's: {outside}"
    assert not errors, f"The page reported: {errors}"


def settle(page, timeout_s=30):
    """Wait until the page is connected, its script has run to its end, and the bar of steps is drawn."""
    page.wait_for_selector(SETTLED, timeout=1000 * timeout_s)
    page.get_by_role("navigation", name="Steps").get_by_role("link").nth(4).wait_for(timeout=1000 * timeout_s)


def end(apps):
    """End apps, and fail when one of them or its worker has written of trouble."""
    for app in apps:
        app.stop()
    for app in apps:
        trouble = [line for line in app.said().splitlines() if TROUBLE.search(line)]
        assert not trouble, f"The server wrote:\n{app.said()}"
        assert "Traceback" not in app.worker_said(), f"The worker wrote:\n{app.worker_said()}"


def _is_outside(url, own):
    parts = urlsplit(url)
    return parts.scheme not in ("blob", "data", "about") and parts.netloc != own


def _is_trouble(said):
    own_look_up = "404" in said.text and LOOKED_UP.search(urlsplit(said.location["url"]).path)
    return said.type == "error" and not own_look_up
