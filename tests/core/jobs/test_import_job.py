"""The import job: all of a data set is there and in the store, or nothing of it is anywhere."""

import threading
from types import SimpleNamespace

import pytest

from core.errors import BadArchive, BadDataset, DataGone, NotFound, Stopped
from core.jobs import import_job
from core.jobs.import_job import run_import
from core.jobs.sink import StoreSink, Superseded
from core.jobs.work import Work
from core.specs import DatasetState, Finding, JobState, Severity, Split


@pytest.fixture
def begin(place):
    """Queue and claim an import; the work in hand."""

    def begin(source, **payload):
        place.queue_import(source, **payload)
        job = place.store.claim("data", "wrk_a")
        sink = StoreSink(place.store, job, threading.Event())
        return Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None))

    return begin


def test_an_accepted_import_is_there_in_the_store_and_on_disk(place, begin, npz):
    work = begin(npz)
    run_import(work)
    row = place.store.dataset(work.job.subject_id)
    assert (row.state, row.card.images, row.card.positive_class) == (DatasetState.ACCEPTED, 120, 1)
    job = place.store.job(work.job.id)
    assert (job.state, job.result) == (JobState.FINISHED, {"images": 120})
    assert place.left_over(row.id) == [row.id]
    assert npz.exists()


def test_without_accepting_it_waits_for_its_review(place, begin, npz):
    work = begin(npz, accept=False)
    run_import(work)
    row = place.store.dataset(work.job.subject_id)
    assert (row.state, row.card.positive_class) == (DatasetState.REVIEW, None)


def test_an_upload_is_deleted_once_it_is_in(begin, npz):
    run_import(begin(npz, delete_source=True))
    assert not npz.exists()


def test_what_an_attempt_that_died_has_left_is_replaced(place, begin, npz):
    work = begin(npz)
    folder = place.settings.dataset_dir(work.job.subject_id)
    for left in (folder, folder.with_name(folder.name + ".part")):
        left.mkdir(parents=True)
        (left / "garbage").touch()
    run_import(work)
    assert place.left_over(folder.name) == [folder.name]
    assert not (folder / "garbage").exists()


@pytest.mark.parametrize("delete_source", [True, False])
def test_a_refused_import_leaves_nothing_and_takes_a_useless_upload_away(place, begin, tmp_path, delete_source):
    (tmp_path / "broken.zip").write_bytes(b"this is no archive")
    work = begin(tmp_path / "broken.zip", delete_source=delete_source)
    with pytest.raises(BadArchive):
        run_import(work)
    assert place.left_over(work.job.subject_id) == []
    assert (tmp_path / "broken.zip").exists() is not delete_source


def test_a_missing_file_is_told_in_words(begin, tmp_path):
    with pytest.raises(DataGone, match="not on the server"):
        run_import(begin(tmp_path / "gone.npz"))


def test_a_stop_leaves_nothing(place, begin, npz):
    work = begin(npz)
    work.sink._stopping.set()
    with pytest.raises(Stopped):
        run_import(work)
    assert place.left_over(work.job.subject_id) == []


def test_a_data_set_deleted_meanwhile_is_not_left_on_disk(place, begin, npz):
    work = begin(npz)
    place.store.delete_dataset(work.job.subject_id)
    with pytest.raises(NotFound):
        run_import(work)
    assert place.left_over(work.job.subject_id) == []


def test_who_has_lost_the_job_writes_nothing_and_leaves_the_others_files_alone(place, begin, npz, monkeypatch):
    work = begin(npz, delete_source=True)
    theirs = place.settings.dataset_dir(f"{work.job.subject_id}").with_name(f"{work.job.subject_id}.b.part")
    real = import_job.import_source

    def lose_and_import(*arguments):
        place.store.requeue(work.job.id)
        place.store.claim("data", "wrk_b")
        theirs.mkdir(parents=True)
        return real(*arguments)

    monkeypatch.setattr(import_job, "import_source", lose_and_import)
    with pytest.raises(Superseded):
        run_import(work)
    assert place.store.dataset(work.job.subject_id).card is None
    assert place.left_over(work.job.subject_id) == [theirs.name]
    assert npz.exists()


NO_TEST = ({Split.TRAIN: 50, Split.VALIDATION: 10},) * 2
COPIED = Finding(severity=Severity.ERROR, rule="made_up", what="One class is a copy.", remedy="Look at it.")


def brought_in_as(monkeypatch, **different):
    real = import_job.import_source
    monkeypatch.setattr(import_job, "import_source", lambda *arguments: real(*arguments).model_copy(update=different))


def test_what_cannot_be_trained_on_is_not_accepted(place, begin, npz, monkeypatch):
    brought_in_as(monkeypatch, counts=NO_TEST)
    with pytest.raises(BadDataset, match="test split has no image"):
        run_import(begin(npz))
    assert list((place.settings.home / "datasets").iterdir()) == []


def test_findings_do_not_stop_an_import_that_was_to_be_accepted(place, begin, npz, monkeypatch):
    brought_in_as(monkeypatch, findings=(COPIED,))
    work = begin(npz)
    run_import(work)
    assert place.store.dataset(work.job.subject_id).state is DatasetState.ACCEPTED
