"""Data sets as an import leaves them, without a worker: 3 classes of 20 images, 12 px grey."""

import threading
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from core import actions
from core.datasets import import_source
from core.images import encode_png
from core.jobs import children
from core.jobs.sink import StoreSink
from core.jobs.work import Work
from core.specs import DatasetState

CLASSES = ("a", "b", "<script>")
PER_CLASS = 20


@pytest.fixture
def archive(tmp_path):
    """A zip of three class folders, every image another one."""
    path, random = tmp_path / "cells.zip", np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as out:
        for name in CLASSES:
            for number in range(PER_CLASS):
                out.writestr(f"{name}/{number:02}.png", encode_png(random.integers(0, 256, (12, 12), dtype=np.uint8)))
    return path


@pytest.fixture
def in_review(home, archive):
    """The id of a data set that waits for its review."""
    dataset_id = actions.import_dataset(home, archive, "Cells")
    folder = home.settings.dataset_dir(dataset_id)
    folder.parent.mkdir(parents=True)
    card = import_source(archive, folder, home.settings, lambda progress: None, lambda: False)
    home.store.set_card(dataset_id, card)
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.REVIEW)
    job = home.store.claim("data", "w")
    home.store.finish(job.id, {})
    return dataset_id


@pytest.fixture
def accepted(home, in_review):
    """The id of an accepted data set."""
    actions.accept(home, in_review)
    return in_review


@pytest.fixture
def claim(home):
    """Take the next job of a lane in hand, as a child of the worker does."""

    def claim(lane):
        job = home.store.claim(lane, "wrk_a")
        sink = StoreSink(home.store, job, threading.Event())
        return Work(home.settings, home.store, job, sink, SimpleNamespace(close=lambda: None))

    return claim


@pytest.fixture
def work(home, claim):
    """Do the next job of a lane in this process; the job as it is then."""

    def work(lane):
        in_hand = claim(lane)
        children._do(in_hand)
        return home.store.job(in_hand.job.id)

    return work
