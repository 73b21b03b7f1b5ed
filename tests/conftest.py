"""What every test may ask for: a home of its own, the real data, a Chromium."""

import os
import shutil
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).parents[1]
FOR_TESTS = ("LIGHTBOX_REAL_DATA", "LIGHTBOX_CHROMIUM")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
            pytest.skip(f"no real data: {name} is not in {folder} (set LIGHTBOX_REAL_DATA)")
        return path

    return find


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; without one the journeys are skipped in words, and with CI=true they fail."""
    found = os.environ.get("LIGHTBOX_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found:
        return found
    words = "no Chromium found: the journeys need one; on Debian: sudo apt-get install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
