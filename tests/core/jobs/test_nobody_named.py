"""Names that stand anywhere in what comes in are nowhere in the home afterwards: shelf, store and log have none."""

import threading
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest

from core import actions
from core.actions.home import Home
from core.datasets import Shelf
from core.errors import BadSetting
from core.images import told
from core.jobs.children import DO
from core.jobs.endings import Ending
from core.jobs.sink import StoreSink
from core.jobs.sources import KEPT, keep_labelling, keep_source
from core.jobs.work import Work
from core.specs import GROUP_TAGS, DatasetState, JobKind, Labelling, Origin, OriginKind, Task
from core.store import new_id
from tests.core.datasets.planted import BIRTHDAY, BORN, FORMATS, IDS, MARK, broken, found_in, name, numbers_in

COPIES = 6


def ended(place, lane):
    """Do the next job of a lane as a worker's child does; the job afterwards."""
    job = place.store.claim(lane, "wrk_a")
    sink = StoreSink(place.store, job, threading.Event())
    with Ending(place.store, job, "worker.log", before=lambda: None):
        DO[job.kind](Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None)))
    return place.store.job(job.id)


@pytest.fixture
def bring_in(place, capfd):
    """Import a file; the row of the data set and its job. What is printed goes to the worker's log."""

    def go(path, labelling):
        dataset_id = new_id("ds")
        place.store.add_dataset(dataset_id, "Data set 1", Task.CLASSIFICATION)
        keep_source(place.settings, dataset_id, path, ours=True)
        keep_labelling(place.settings, dataset_id, labelling)
        place.store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, {**KEPT, "accept": False})
        job = ended(place, "data")
        printed = capfd.readouterr()
        (place.settings.home / "worker.log").write_text(printed.out + printed.err)
        return place.store.dataset(dataset_id), job

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
    assert numbers_in(place.settings.home) == []
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


def with_table(files, table):
    """These files with a table of their findings and patients, in which everything else names somebody as well."""
    rows = [
        f"{file};{'cyst' if at % 2 else 'tumour'};{name('Row')}{at % 9};{name('Cell')}" for at, file in enumerate(files)
    ]
    first = rows[0].split(";")[0]
    rows += [f"{name('Missing')}.png;cyst;{name('Row')}1;", f"{first};cyst;{name('Row')}0;{name('Twice')}"]
    return files | {table: "\r\n".join([f"image;finding;patient;{name('Head')}", *rows]).encode()}


def by_table(table):
    return Labelling(
        label=Origin(kind=OriginKind.COLUMN, name="finding"),
        patient=Origin(kind=OriginKind.COLUMN, name="patient"),
        split=Origin(),
        table=table,
        image_column="image",
    )


def test_from_a_table_with_patients(place, bring_in):
    labelling = by_table(f"{name('Table')}.csv")
    files = with_table(images([f"images/{name('Folder')}", "images/others"]), labelling.table)
    row, job = bring_in(written(place, files), labelling)
    assert job.what is None
    shelf = require_nobody(place, row)
    assert row.card.patients == 9
    assert shelf.items["patient"].str.fullmatch(r"p[a-z2-7]{10}").all()


def test_from_the_look_to_the_choice_to_the_import(place, capfd):
    """As the Data page has it done: only look and upload name anybody meanwhile, and nothing does in the end."""
    home, labelling = Home(place.settings, place.store), by_table(f"{name('Table')}.csv")
    path = written(place, with_table(images([f"images/{name('Folder')}"]), labelling.table))
    dataset_id = actions.bring_in(home, path, "Data set 1", delete_source=True)
    assert ended(place, "quick").what is None
    assert place.store.dataset(dataset_id).state is DatasetState.CHOOSING
    allowed = (place.settings.home / "looks", place.settings.uploads_dir)
    assert all(file.startswith(tuple(map(str, allowed))) for file in found_in(place.settings.home))
    assert len(found_in(place.settings.home)) > 1  # the upload and what was found in it
    actions.begin_import(home, dataset_id, labelling)
    assert ended(place, "data").what is None
    row = place.store.dataset(dataset_id)
    require_nobody(place, row)
    assert row.card.patients == 9
    assert MARK not in "".join(capfd.readouterr())


def by_numbers(inside):
    """Images named after the numbers of patients and their birthdays, in folders that are, too; whole and broken.

    `inside`: a patient's folder lies in that of a class, and else around it.
    """
    files = {}
    for at, number in enumerate((*IDS, *IDS)):
        label = "cyst" if at // len(IDS) else "tumour"
        folder = f"{label}/{number}" if inside else f"{number}/{label}"
        for ending in ("dcm", "png"):
            more = {"PatientID": number} if ending == "dcm" else {}
            for stem in (f"{number}_{at}", f"{at}_{number}_{label}", f"{number}", f"{at}"):
                files[f"{folder}/{stem}.{ending}"] = FORMATS[ending](at, **more)
        if at < 2:
            files |= {f"{folder}/broken {number}.{ending}": data for ending, data in broken().items()}
        files |= {f"{folder}/{text}.png": FORMATS["png"](at) for text in (BIRTHDAY, BORN)}
    return files | {
        f"{IDS[0]}.pdf": b"",
        f"{IDS[1]}/{BIRTHDAY}.txt": b"",
        f"cyst/{IDS[2]} {BIRTHDAY}.xlsx": b"no table",
    }


def numbers_table(files):
    """Their table: a column that none needs is called like an id, and a split is one."""
    rows = [
        f"{file};{'/'.join(file.split('/')[1:2])};{file.split('/')[0]};{IDS[at % 3]}" for at, file in enumerate(files)
    ]
    return "\n".join([f"image;finding;patient;{IDS[0]}", *rows, f"{IDS[1]}.png;cyst;{IDS[1]};{BIRTHDAY}"]).encode()


NUMBERED = {
    "by tag": Labelling(patient=Origin(kind=OriginKind.TAG, name="PatientID")),
    "by table": by_table(f"{IDS[0]}.csv"),
    "by table, with ids for the split": by_table(f"{IDS[0]}.csv").model_copy(
        update={"split": Origin(kind=OriginKind.COLUMN, name=IDS[0])}
    ),
    "by folder": Labelling(patient=Origin(kind=OriginKind.FOLDER)),
    "by file name": Labelling(patient=Origin(kind=OriginKind.PATTERN), pattern="{patient}_#"),
    "nowhere": Labelling(),
}


@pytest.mark.parametrize("told", NUMBERED)
def test_numbers_of_patients_and_birthdays_are_kept_nowhere(place, bring_in, told):
    labelling, files = NUMBERED[told], by_numbers(inside=told == "by folder")
    if labelling.table:
        files[labelling.table] = numbers_table(files)
    row, job = bring_in(written(place, files), labelling)
    assert job.what is None
    require_nobody(place, row)
    assert row.card.classes == ("cyst", "tumour")
    if told not in ("nowhere", "by tag"):
        assert row.card.patients >= len(IDS)
    home = Home(place.settings, place.store)
    actions.export_dataset(home, row.id)
    assert ended(place, "data").what is None
    assert place.settings.export_file(row.id).exists()
    assert (numbers_in(place.settings.home), found_in(place.settings.home)) == ([], [])


def test_who_somebody_is_becomes_no_class_and_free_text_none_by_itself(place):
    for keyword in GROUP_TAGS:
        with pytest.raises(BadSetting, match="cannot be the class"):
            Labelling.checked({"label": {"kind": "tag", "name": keyword}})
    texts = {keyword: name(keyword) for keyword in ("SeriesDescription", "ProtocolName", "StudyDescription")}
    files = {
        f"{at}.dcm": FORMATS["dcm"](at, PatientID=IDS[at % 2], **{k: f"{t} {at % 2}" for k, t in texts.items()})
        for at in range(8)
    }
    home = Home(place.settings, place.store)
    dataset_id = actions.bring_in(home, written(place, files), "Data set 1", delete_source=True)
    assert ended(place, "quick").what is None
    look = actions.look(home, dataset_id)
    assert {"PatientID", *texts} <= {tag.keyword for tag in look.tags if tag.distinct == 2}
    assert (look.proposal.label, look.ask) == (Origin(kind=OriginKind.FOLDER), True)
    assert look.proposal.patient.name == "PatientID"


def test_a_look_that_fails_names_nobody(place, capfd):
    path = place.settings.uploads_dir / f"{name('Broken')}.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK\x05\x06" + name("Content").encode())
    actions.bring_in(Home(place.settings, place.store), path, "Data set 1", delete_source=True)
    assert ended(place, "quick").what
    assert found_in(place.settings.home) == []
    assert MARK not in "".join(capfd.readouterr())


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
    assert numbers_in(tmp_path) == [(str(tmp_path / "planted.dcm"), BORN)]
    written(SimpleNamespace(settings=SimpleNamespace(uploads_dir=tmp_path / "up")), {f"{IDS[0]}_1.png": b""})
    (tmp_path / f"00{IDS[1]}.png").touch()
    pd.DataFrame({"name": [f"a/{IDS[2]}", f"a/7{IDS[0]}"]}).to_parquet(tmp_path / "items.parquet")
    assert [number for _, number in numbers_in(tmp_path)] == [IDS[1], IDS[2], BORN, IDS[0]]
