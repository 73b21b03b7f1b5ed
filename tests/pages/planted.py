"""For tests of the review: data sets with faults planted in them, and changes carried out here and now."""

import csv
import io
import threading
import zipfile

import numpy as np

from core import actions
from core.datasets import import_source
from core.images import encode_png
from core.jobs.revise_job import run_revise
from core.jobs.sink import StoreSink
from core.jobs.work import Work
from core.specs import DatasetState, Labelling, Origin, OriginKind

SIDE_PX = 16
BY_TABLE = Labelling(
    label=Origin(kind=OriginKind.COLUMN, name="label"),
    split=Origin(),
    patient=Origin(kind=OriginKind.COLUMN, name="patient"),
    table="data.csv",
    image_column="image",
)


class NoPulse:
    """The work is done in the test's own process: nobody has to be told that it is alive."""

    def close(self):
        """Nothing beats."""


def picture(seed):
    """A grey image of noise, another one for every seed."""
    return np.random.default_rng(seed).integers(0, 256, (SIDE_PX, SIDE_PX), dtype=np.uint8)


def zip_of_pictures(folder, pictures, table=()):
    """A zip of images by their path in it, with a table of rows (image, label, patient) where there are any."""
    path = folder / "planted.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, pixels in pictures.items():
            archive.writestr(name, encode_png(pixels))
        if table:
            text = io.StringIO()
            csv.writer(text).writerows([("image", "label", "patient"), *table])
            archive.writestr("data.csv", text.getvalue())
    return path


def two_classes(each=20):
    """Images of two classes, each different: `a/0.png` ... and `b/0.png` ..."""
    names = [f"{kind}/{number}.png" for kind in "ab" for number in range(each)]
    return {name: picture(seed) for seed, name in enumerate(names)}


def with_copies(kind="a", pairs=3):
    """Two classes, and of the first images of one a copy each: `a/0.png` and `a/100.png` ..."""
    pictures = two_classes()
    return pictures | {f"{kind}/{100 + number}.png": pictures[f"{kind}/{number}.png"] for number in range(pairs)}


def patients(folder, count=12, each=3):
    """Two classes by table, `each` images of every patient; the even patients are `ill`."""
    names = [(f"{patient}_{number}.png", patient) for patient in range(count) for number in range(each)]
    pictures = {name: picture(seed) for seed, (name, _) in enumerate(names)}
    table = [(name, "well" if patient % 2 else "ill", f"P{patient}") for name, patient in names]
    return zip_of_pictures(folder, pictures, table)


def import_now(home, source, *, labelling=Labelling(), accept=False):  # noqa: B008 - frozen
    """What the worker's child does for an import; the data set's id."""
    dataset_id = actions.import_dataset(home, source, "Planted", labelling=labelling)
    job = home.store.claim("data", "test")
    folder = home.settings.dataset_dir(dataset_id)
    card = import_source(source, folder, home.settings, lambda _: None, lambda: False, labelling=labelling)
    home.store.set_card(dataset_id, card)
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.REVIEW)
    home.store.finish(job.id, {}, attempt=job.attempt)
    if accept:
        actions.accept(home, dataset_id)
    return dataset_id


def change_now(home):
    """What the worker's child does for a change; the card after it."""
    job = home.store.claim("quick", "test")
    assert job is not None, "no change was asked for"
    sink = StoreSink(home.store, job, threading.Event())
    run_revise(Work(home.settings, home.store, job, sink, NoPulse()))
    return actions.dataset(home, job.subject_id).card


def fail_now(home, error):
    """What the worker's child does for a change that cannot be made."""
    job = home.store.claim("quick", "test")
    home.store.fail(job.id, error, attempt=job.attempt)
