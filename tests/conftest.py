"""What every test may ask for: a home of its own, the real data, a Chromium."""

import os
from pathlib import Path

import pytest

from core.settings import Settings
from tests.chromium import LACKING, find_chromium

ROOT = Path(__file__).parents[1]
FOR_TESTS = ("LIGHTBOX_REAL_DATA", "LIGHTBOX_CHROMIUM")
JOURNEYS = Path(__file__).parent / "journeys"


def pytest_collection_modifyitems(items):
    """The browser comes last: quick tests fail first, and Playwright keeps an event loop running from its start on."""
    items.sort(key=lambda item: JOURNEYS in item.path.parents)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch, tmp_path):
    """No test sees the settings of whoever runs it, and none can reach their home folder."""
    for name in [name for name in os.environ if name.startswith("LIGHTBOX_") and name not in FOR_TESTS]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LIGHTBOX_HOME", str(tmp_path / "home"))


@pytest.fixture
def settings(tmp_path):
    """The settings of a fresh home that starts no worker."""
    return Settings(home=tmp_path / "home", start_worker=False)


@pytest.fixture
def home(settings):
    """A fresh home, opened."""
    from core import actions  # here, so that tests of small things need not wait for it

    opened = actions.open_home(settings)
    yield opened
    opened.store.close()


@pytest.fixture(scope="session")
def real_data():
    """`real_data("medmnist/breastmnist.npz")`: a path among the real data, or a skip that says what is missing."""
    folder = Path(os.environ.get("LIGHTBOX_REAL_DATA") or ROOT.parent / "shared" / "data")

    def find(name):
        path = folder / name
        if not path.exists():
            tell_lacking(f"no real data: {name} is not in {folder} (set LIGHTBOX_REAL_DATA)")
        return path

    return find


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; without one the journeys are skipped in words, and with CI=true they fail."""
    if found := find_chromium():
        return found
    return tell_lacking(f"the journeys need a browser: {LACKING}")


def tell_lacking(words):
    """Skip in words what this machine lacks; with CI=true that is a failure, told in the one line that it takes."""
    if os.environ.get("CI") == "true":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
