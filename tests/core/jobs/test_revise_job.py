"""The job that revises: files and store change together, once, or not at all; and the job that exports."""

import threading
import zipfile
from types import SimpleNamespace

import pytest

from core.datasets import Shelf
from core.errors import BadDataset, NotFound, Stopped, WrongState
from core.jobs import revise_job
from core.jobs.export_job import run_export
from core.jobs.import_job import run_import
from core.jobs.revise_job import run_revise
from core.jobs.sink import StoreSink, Superseded
from core.jobs.work import Work
from core.specs import DatasetState, Edits, Exclude, JobKind, JobState, Task
from core.store import new_id

TWO_LESS = Edits(edits=(Exclude(item_ids=(0, 1)),))


@pytest.fixture
def claim(place):
    """The work of the next job of a lane."""

    def claim(lane):
        job = place.store.claim(lane, "wrk_a")
        sink = StoreSink(place.store, job, threading.Event())
        return Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None))

    return claim


@pytest.fixture
def in_review(place, claim, npz):
    """The id of a data set of 120 images."""
    place.queue_import(npz, accept=False)
    work = claim("data")
    run_import(work)
    return work.job.subject_id


@pytest.fixture
def begin(place, claim):
    """Queue and claim a revision; of a parent, where one is named, into a new row."""

    def begin(dataset_id, edits=TWO_LESS, parent=None):
        if parent:
            place.store.add_dataset(dataset_id, "Child", Task.CLASSIFICATION)
        payload = {"parent": parent, "edits": edits.model_dump(mode="json")}
        place.store.submit(new_id("rev"), JobKind.REVISE, dataset_id, payload)
        return claim("quick")

    return begin


def shelf_of(place, dataset_id):
    return Shelf(place.settings.dataset_dir(dataset_id))


def test_in_place_the_store_and_the_files_change_together(place, in_review, begin):
    work = begin(in_review)
    run_revise(work)
    row = place.store.dataset(in_review)
    assert (row.state, row.card.images, row.card.revision) == (DatasetState.REVIEW, 118, 2)
    assert shelf_of(place, in_review).card == row.card
    job = place.store.job(work.job.id)
    assert (job.state, job.result) == (JobState.FINISHED, {"images": 118, "revision": 2})


def test_a_change_is_not_made_twice_when_its_first_attempt_died_before_it_could_say_so(place, in_review, begin):
    before = place.store.dataset(in_review).card
    run_revise(begin(in_review))
    place.store.set_card(in_review, before)  # as if the process had died between the files and the store
    run_revise(begin(in_review))
    row = place.store.dataset(in_review)
    assert (row.card.images, row.card.revision) == (118, 2)
    assert len(shelf_of(place, in_review).items) == 118


def test_who_has_lost_the_job_changes_nothing(place, in_review, begin, monkeypatch):
    work, real = begin(in_review), revise_job.revise

    def lose_and_revise(*arguments, **more):
        place.store.requeue(work.job.id)
        place.store.claim("quick", "wrk_b")
        return real(*arguments, **more)

    monkeypatch.setattr(revise_job, "revise", lose_and_revise)
    with pytest.raises(Superseded):
        run_revise(work)
    assert place.store.dataset(in_review).card.images == 120
    assert shelf_of(place, in_review).card.images == 120


def test_a_data_set_that_was_accepted_meanwhile_is_not_changed(place, in_review, begin):
    work = begin(in_review)
    place.store.move_dataset(in_review, {DatasetState.REVIEW}, DatasetState.ACCEPTED)
    with pytest.raises(WrongState, match="not in review any more"):
        run_revise(work)
    assert shelf_of(place, in_review).card.images == 120
    assert place.store.dataset(in_review).card.images == 120


def test_beside_a_new_data_set_comes_into_review(place, in_review, begin):
    before = sorted((p, p.stat().st_mtime_ns) for p in place.settings.dataset_dir(in_review).rglob("*"))
    run_revise(begin("ds_child", parent=in_review))
    row = place.store.dataset("ds_child")
    assert (row.state, row.card.images, row.card.parent) == (DatasetState.REVIEW, 118, in_review)
    assert shelf_of(place, "ds_child").original(0) == shelf_of(place, in_review).original(2)
    assert sorted((p, p.stat().st_mtime_ns) for p in place.settings.dataset_dir(in_review).rglob("*")) == before


@pytest.mark.parametrize("parent", [False, True])
def test_a_refused_edit_and_a_stop_leave_nothing(place, in_review, begin, parent):
    subjects = iter(("ds_one", "ds_two") if parent else (in_review, in_review))
    everything = Edits(edits=(Exclude(item_ids=tuple(range(120))),))
    for edits, error in ((everything, BadDataset), (TWO_LESS, Stopped)):
        work = begin(next(subjects), edits, in_review if parent else None)
        if error is Stopped:
            work.sink._stopping.set()
        with pytest.raises(error):
            run_revise(work)
        place.store.fail(work.job.id, WrongState("It failed.", "Do it again."))
    assert [path.name for path in (place.settings.home / "datasets").iterdir()] == [in_review]
    assert shelf_of(place, in_review).card.revision == 1


def test_a_revision_deleted_meanwhile_is_not_left_on_disk(place, in_review, begin):
    work = begin("ds_child", parent=in_review)
    place.store.delete_dataset("ds_child")
    with pytest.raises(NotFound):
        run_revise(work)
    assert place.left_over("ds_child") == []


def test_an_export_replaces_the_one_before(place, in_review, begin, claim):
    for images in (120, 118):
        place.store.submit(new_id("exp"), JobKind.EXPORT, in_review, {})
        work = claim("data")
        run_export(work)
        path = place.settings.export_file(in_review)
        job = place.store.job(work.job.id)
        assert (job.state, job.result) == (JobState.FINISHED, {"images": images, "bytes": path.stat().st_size})
        with zipfile.ZipFile(path) as archive:
            assert len(archive.namelist()) == images + 3
            assert archive.read("README.txt").startswith(b"Squares\n")
        run_revise(begin(in_review))
    assert [path.name for path in path.parent.iterdir()] == [path.name]
