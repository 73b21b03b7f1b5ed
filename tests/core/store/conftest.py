"""A fresh store for each test, on every database at hand.

SQLite always; PostgreSQL too where `TEST_POSTGRESQL_URL` names an empty database that the tests may fill and empty.
"""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.specs import DatasetCard, RunConfig, Split
from core.store import Store
from core.store.migrate import VERSION_TABLE
from core.store.tables import metadata

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'lightbox.db'}"
    engine = sa.create_engine(POSTGRESQL)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    engine.dispose()
    return POSTGRESQL


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A SQLite file at the newest revision: copying it is quicker than migrating for every test."""
    path = tmp_path_factory.mktemp("migrated") / "lightbox.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(url, clock, migrated):
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(mode=0o700)
        shutil.copy(migrated, path)
    with Store.open(url, now=clock) as opened:
        yield opened


@pytest.fixture
def card():
    counts = ({Split.TRAIN: 7, Split.VALIDATION: 2, Split.TEST: 1},) * 2
    sizes = {"median_width_px": 16, "median_height_px": 16, "min_side_px": 16, "max_side_px": 16}
    return DatasetCard(source="drawn", classes=("a", "<script>"), counts=counts, images=20, grey=True, **sizes)


@pytest.fixture
def config():
    return RunConfig(dataset_id="ds_a")
