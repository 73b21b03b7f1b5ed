"""Names that stand anywhere in what comes in are nowhere in the home afterwards: shelf, store and log have none."""

import threading
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest

from core.datasets import Shelf
from core.images import told
from core.jobs.children import DO
from core.jobs.endings import Ending
from core.jobs.sink import StoreSink
from core.jobs.sources import KEPT, keep_labelling, keep_source
from core.jobs.work import Work
from core.specs import JobKind, Labelling, Origin, OriginKind, Task
from core.store import new_id
from tests.core.datasets.planted import FORMATS, MARK, broken, found_in, name

COPIES = 6


@pytest.fixture
def bring_in(place, capfd):
    """Import a file as a worker's child does; the row of the data set. What is printed goes to the worker's log."""

    def go(path, labelling):
        dataset_id, job_id = new_id("ds"), new_id("imp")
        store, settings = place.store, place.settings
        store.add_dataset(dataset_id, "Data set 1", Task.CLASSIFICATION)
        keep_source(settings, dataset_id, path, ours=True)
        keep_labelling(settings, dataset_id, labelling)
        store.submit(job_id, JobKind.IMPORT, dataset_id, {**KEPT, "accept": False})
        job = store.claim("data", "wrk_a")
        sink = StoreSink(store, job, threading.Event())
        with Ending(store, job, "worker.log", before=lambda: None):
            DO[job.kind](Work(settings, store, job, sink, SimpleNamespace(close=lambda: None)))
        printed = capfd.readouterr()
        (settings.home / "worker.log").write_text(printed.out + printed.err)
        return store.dataset(dataset_id), store.job(job_id)

    return go


def written(place, files):
    path = place.settings.uploads_dir / f"{name('Archive')}.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = name("ZipComment").encode()
        for file, data in files.items():
            archive.writestr(file, data)
    return path


def images(places):
    """Files of every format, whole and broken, below the given folders; half of them named after somebody."""
    files = {}
    for at, folder in enumerate(places):
        for number in range(COPIES):
            for ending, make in FORMATS.items():
                stem = f"{name('File')} {number}" if number % 2 else f"{number}"
                files[f"{folder}/{stem}.{ending}"] = make(at * COPIES + number)
        files |= {f"{folder}/{name('Broken')}.{ending}": data for ending, data in broken().items()}
    return files | {f"{places[0]}/{name('Report')}.pdf": name("Pdf").encode(), f"{name('Stray')}.png": b"no"}


def require_nobody(place, row):
    """Nobody is named in a file of the home, in the table as text, or in an image of the shelf as its format tells."""
    assert found_in(place.settings.home) == []
    shelf = Shelf(place.settings.dataset_dir(row.id))
    assert MARK.lower() not in pd.read_parquet(shelf.folder / "items.parquet").to_csv().lower()
    for item_id in shelf.items["item_id"]:
        says = told(shelf.original(item_id), shelf.items["name"][item_id])
        assert (says.dropped, says.kept, says.patient_id) == ((), {}, "")
    return shelf


def test_from_folders_named_after_patients(place, bring_in):
    path = written(place, images([f"cyst/{name('Folder')}/cyst", f"tumour/{name('Folder')}/tumour"]))
    row, job = bring_in(path, Labelling())
    assert job.what is None
    shelf = require_nobody(place, row)
    # 2 classes of 6 copies of 8 formats, of which the NIfTI holds 3 slices; 6 broken files in each class
    assert (row.card.images, row.card.unreadable) == (2 * COPIES * (7 + 3), 12)
    assert {"PatientName", "file name"} <= {tag.name for tag in row.card.dropped_tags}
    assert set(shelf.items["format"]) == {"DICOM", "JPEG", "PNG", "TIFF", "WebP", "GIF", "BMP", "NIfTI"}
    assert not path.exists()


def test_from_a_table_with_patients(place, bring_in):
    files = images([f"images/{name('Folder')}", "images/others"])
    rows = [
        f"{file};{'cyst' if at % 2 else 'tumour'};{name('Row')}{at % 9};{name('Cell')}" for at, file in enumerate(files)
    ]
    rows += [
        f"{name('Missing')}.png;cyst;{name('Row')}1;",
        f"{rows[0].split(';')[0]};cyst;{name('Row')}0;{name('Twice')}",
    ]
    table = f"{name('Table')}.csv"
    files[table] = "\r\n".join(["image;finding;patient;note", *rows]).encode()
    labelling = Labelling(
        label=Origin(kind=OriginKind.COLUMN, name="finding"),
        patient=Origin(kind=OriginKind.COLUMN, name="patient"),
        split=Origin(),
        table=table,
        image_column="image",
    )
    row, job = bring_in(written(place, files), labelling)
    assert job.what is None
    shelf = require_nobody(place, row)
    assert row.card.patients == 9
    assert shelf.items["patient"].str.fullmatch(r"p[a-z2-7]{10}").all()


def test_from_a_tag_and_with_the_patient_of_the_file(place, bring_in):
    files = {file: data for file, data in images(["a", "b"]).items() if file.endswith(".dcm")}
    tagged = {
        f"{name('Tagged')}{at}.dcm": FORMATS["dcm"](200 + at, Modality="MR" if at % 2 else "CT") for at in range(8)
    }
    labelling = Labelling(
        label=Origin(kind=OriginKind.TAG, name="Modality"), patient=Origin(kind=OriginKind.TAG, name="PatientID")
    )
    row, job = bring_in(written(place, files | tagged), labelling)
    assert job.what is None
    require_nobody(place, row)
    assert row.card.classes == ("CT", "MR", "OT")
    assert row.card.patients == 1


@pytest.mark.parametrize("folder", ["one", name("Patient")])
def test_an_import_that_fails_names_nobody_either(place, bring_in, folder):
    _, job = bring_in(written(place, images([folder])), Labelling())
    assert job.what
    assert found_in(place.settings.home) == []


def test_a_bug_names_nobody(place, bring_in, monkeypatch):
    def fail(*arguments):
        try:
            raise LookupError(name("Cause"))
        except LookupError as error:
            raise KeyError(name("Bug")) from error

    monkeypatch.setattr("core.datasets.reading.facts_of", fail)
    _, job = bring_in(written(place, images(["a", "b"])), Labelling())
    assert job.what
    assert "KeyError" in job.what
    assert "in fail" in (place.settings.home / "worker.log").read_text()
    assert found_in(place.settings.home) == []


def test_the_search_finds_what_is_there(tmp_path):
    """Otherwise the tests above would prove nothing."""
    for ending, make in FORMATS.items():
        (tmp_path / f"planted.{ending}").write_bytes(make(0))
    (tmp_path / name("Path")).mkdir()
    assert len(found_in(tmp_path)) == len(FORMATS) + 1
