"""A run that a test plays the worker for: it lies in the store as running, and the test writes its points."""

import os

from core.specs import DatasetCard, DatasetState, JobKind, Point, PointKind, Progress, RunConfig, Split, Task
from core.store import new_id

POINTS_AN_EPOCH = 10


def add_dataset(home, name="Two kinds of cells"):
    """An accepted data set without images; its id."""
    dataset_id = new_id("ds")
    counts = ({Split.TRAIN: 70, Split.VALIDATION: 15, Split.TEST: 15},) * 2
    card = DatasetCard(
        source="practice data (synthetic)",
        synthetic=True,
        classes=("round", "long"),
        positive_class=1,
        counts=counts,
        images=200,
        grey=True,
        median_width_px=64,
        median_height_px=64,
        min_side_px=64,
        max_side_px=64,
    )
    home.store.add_dataset(dataset_id, name, Task.CLASSIFICATION)
    home.store.set_card(dataset_id, card)
    home.store.move_dataset(dataset_id, [DatasetState.IMPORTING], DatasetState.REVIEW)
    home.store.move_dataset(dataset_id, [DatasetState.REVIEW], DatasetState.ACCEPTED)
    return dataset_id


def add_running_run(home, name="Run 1"):
    """A run that counts as training; its id."""
    dataset_id, run_id = add_dataset(home), new_id("run")
    home.store.add_run(run_id, name, RunConfig(dataset_id=dataset_id))
    home.store.submit(run_id, JobKind.TRAIN, run_id, {}, None)
    home.store.claim("train", "a test", os.getpid())
    return run_id


def feed(home, run_id, first, last):
    """Write the points number `first` to `last` - 1; every tenth one ends an epoch and brings one point more."""
    points = []
    for index in range(first, last):
        epoch, step = (index + 1) / POINTS_AN_EPOCH, 10 * (index + 1)
        values = {"loss": 1 / (1 + epoch), "accuracy": 1 - 0.6 / (1 + epoch)}
        points.append(Point(kind=PointKind.BATCH, step=step, epoch=epoch, values=values, at=0.2 * index))
        if (index + 1) % POINTS_AN_EPOCH == 0:
            both = values | {"val_loss": 1.2 / (1 + epoch), "val_accuracy": 1 - 0.7 / (1 + epoch)}
            points.append(Point(kind=PointKind.EPOCH, step=step, epoch=epoch, values=both, at=0.2 * index))
    home.store.add_points(run_id, points)
    progress = Progress(stage="Training", done=10 * last, total=1000, unit="steps", rate=1234.5, left_s=200 - last)
    home.store.set_progress(run_id, progress)
