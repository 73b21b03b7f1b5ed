"""A data set is deleted in whatever state it is, with all that belongs to it, and nobody's files beside."""

import pytest

from core import actions
from core.errors import NotFound, Stopped
from core.jobs import export_job, revise_job
from core.jobs.sources import keep_labelling
from core.specs import DatasetState, Edits, Exclude, JobState, Labelling

LEAVE_OUT_ONE = Edits(edits=(Exclude(item_ids=(0,)),))


def everything(home):
    """Every file of the home but its database and its salt."""
    names = (str(path.relative_to(home.settings.home)) for path in home.settings.home.rglob("*") if path.is_file())
    return sorted(name for name in names if name != "salt" and not name.startswith("lightbox.db"))


@pytest.fixture
def upload(home, archive):
    path = actions.new_upload_path(home, "cells.zip")
    path.write_bytes(archive.read_bytes())
    return path


@pytest.fixture
def basket(home, archive):
    path = actions.new_basket(home)
    (path / "000001.png").write_bytes(b"x")
    actions.name_basket(path, {"000001.png": "DOE^JANE.png"})
    return path


@pytest.mark.parametrize("kind", ["upload", "basket"])
@pytest.mark.parametrize("state", [DatasetState.LOOKING, DatasetState.CHOOSING, DatasetState.FAILED])
def test_one_whose_labels_are_not_chosen_yet_goes_with_its_upload_and_its_look(home, request, kind, state):
    dataset_id = actions.bring_in(home, request.getfixturevalue(kind), "Cells", delete_source=True)
    look = home.settings.look_dir(dataset_id)
    look.mkdir()
    (look / "look.json").write_text("{}")
    keep_labelling(home.settings, dataset_id, Labelling())
    home.store.move_dataset(dataset_id, {DatasetState.LOOKING}, state)
    actions.delete_dataset(home, dataset_id)
    assert everything(home) == []
    assert actions.list_datasets(home) == home.store.jobs() == []


def test_before_it_is_said_what_goes_and_what_stays(home, archive, upload, accepted):
    coming = actions.bring_in(home, upload, "Cells", delete_source=True)
    assert "The upload" in " ".join(actions.what_delete_loses(home, coming))
    assert actions.what_delete_loses(home, actions.bring_in(home, archive, "Cells")) == []
    actions.revise(home, accepted, LEAVE_OUT_ONE)
    assert "The revision made of it stays as it is." in actions.what_delete_loses(home, accepted)


def test_a_source_that_was_only_named_stays(home, archive):
    actions.delete_dataset(home, actions.bring_in(home, archive, "Cells"))
    assert archive.exists()
    assert everything(home) == []


def test_one_that_is_being_looked_into_is_left_to_the_job_which_is_asked_to_stop(home, upload):
    dataset_id = actions.bring_in(home, upload, "Cells", delete_source=True)
    job = home.store.claim("quick", "wrk_a")
    actions.delete_dataset(home, dataset_id)
    assert home.store.stop_requested(job.id)
    assert upload.exists()


def test_one_that_is_being_changed_is_deleted_at_once_and_the_change_stops(home, in_review):
    actions.revise(home, in_review, LEAVE_OUT_ONE)
    job = home.store.claim("quick", "wrk_a")
    actions.delete_dataset(home, in_review)
    assert home.store.stop_requested(job.id)
    assert everything(home) == []


def test_a_change_that_was_waiting_goes_too(home, in_review):
    actions.revise(home, in_review, LEAVE_OUT_ONE)
    actions.delete_dataset(home, in_review)
    assert everything(home) == home.store.jobs() == []


def test_a_revision_that_waits_to_be_made_goes_and_its_parent_stays(home, accepted):
    child = actions.revise(home, accepted, LEAVE_OUT_ONE)
    actions.delete_dataset(home, child)
    with pytest.raises(NotFound):
        actions.dataset(home, child)
    assert actions.gallery(home, accepted).total == 60


@pytest.mark.parametrize("state", ["in_review", "accepted"])
def test_one_that_is_in_goes_with_its_export(home, request, state, work):
    dataset_id = request.getfixturevalue(state)
    actions.export_dataset(home, dataset_id)
    work("data")
    actions.delete_dataset(home, dataset_id)
    assert everything(home) == []


def test_a_job_that_finds_its_data_set_deleted_leaves_nothing_and_is_no_failure(home, in_review, work, monkeypatch):
    actions.revise(home, in_review, LEAVE_OUT_ONE)
    real = revise_job.revise

    def delete_and_revise(*arguments, **options):
        actions.delete_dataset(home, in_review)
        return real(*arguments, **options)

    monkeypatch.setattr(revise_job, "revise", delete_and_revise)
    with pytest.raises(Stopped):
        work("quick")
    assert everything(home) == []


def test_an_export_that_ends_just_after_its_data_set_was_deleted_leaves_nothing(home, in_review, work, monkeypatch):
    actions.export_dataset(home, in_review)
    real = export_job.export

    def export_and_delete(*arguments):
        real(*arguments)
        actions.delete_dataset(home, in_review)
        arguments[1].parent.mkdir(exist_ok=True)
        arguments[1].write_bytes(b"written a moment later")

    monkeypatch.setattr(export_job, "export", export_and_delete)
    with pytest.raises(Stopped):
        work("data")
    assert everything(home) == []


def test_a_stop_of_each_kind_of_waiting_work_says_how_the_data_set_stands(home, archive, in_review):
    coming = actions.bring_in(home, archive, "Cells")
    actions.stop(home, actions.job_of(home, coming).id)
    assert actions.dataset(home, coming).state is DatasetState.FAILED
    actions.revise(home, in_review, LEAVE_OUT_ONE)
    actions.stop(home, actions.revise_job(home, in_review).id)
    assert actions.revise_job(home, in_review).state is JobState.STOPPED
    assert actions.dataset(home, in_review).state is DatasetState.REVIEW
    actions.stop(home, actions.export_dataset(home, in_review))
    assert actions.dataset(home, in_review).state is DatasetState.REVIEW
