"""A look leads to the import at once, or to a choice; whatever goes wrong, nothing is left of it or of the upload."""

import threading
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from core.errors import BadArchive, BadDataset, DataGone, Stopped
from core.images import encode_png
from core.jobs.import_job import run_import
from core.jobs.look_job import run_look
from core.jobs.sink import StoreSink, Superseded
from core.jobs.sources import CHOSEN, KEPT, keep_labelling, keep_source, labelling_of
from core.jobs.work import Work
from core.sources.labels.look_folder import read_look
from core.specs import DatasetState, JobKind, JobState, Origin, OriginKind, Task
from core.store import new_id

PER_CLASS = 6


def image(seed):
    return encode_png(np.random.default_rng(seed).integers(0, 256, (12, 12), dtype=np.uint8))


def write_folders(path):
    """Two class folders of six images each."""
    with zipfile.ZipFile(path, "w") as out:
        for number in range(2 * PER_CLASS):
            out.writestr(f"{'ab'[number % 2]}/{number}.png", image(number))
    return path


def write_table(path):
    """Twelve images in one folder, and a table that says their class and patient."""
    rows = ["file,finding,patient_id"]
    with zipfile.ZipFile(path, "w") as out:
        for number in range(2 * PER_CLASS):
            out.writestr(f"images/scan_{number:02}.png", image(number))
            rows.append(f"scan_{number:02}.png,{('sick', 'well')[number % 2]},DOE^JANE{number // 2}")
        out.writestr("data.csv", "\n".join(rows))
    return path


@pytest.fixture
def begin(place):
    """Queue and claim the look into a source, as the page does; the work in hand."""

    def begin(source, ours=True):
        dataset_id = new_id("ds")
        keep_source(place.settings, dataset_id, source, ours=ours)
        place.store.add_dataset(dataset_id, "A", Task.CLASSIFICATION, DatasetState.LOOKING)
        place.store.submit(new_id("lok"), JobKind.LOOK, dataset_id, dict(KEPT))
        return claim(place, "quick")

    return begin


def claim(place, lane):
    job = place.store.claim(lane, "wrk_a")
    sink = StoreSink(place.store, job, threading.Event())
    return Work(place.settings, place.store, job, sink, SimpleNamespace(close=lambda: None))


def looks(place):
    folder = place.settings.home / "looks"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def state(place, work):
    return place.store.dataset(work.job.subject_id).state


def test_class_folders_leave_no_question_and_are_imported_at_once(place, begin, tmp_path):
    source = write_folders(tmp_path / "a.zip")
    work = begin(source)
    run_look(work)
    assert state(place, work) is DatasetState.IMPORTING
    assert place.store.job(work.job.id).result == {"images": 12}
    run_import(claim(place, "data"))
    row = place.store.dataset(work.job.subject_id)
    assert (row.state, row.card.classes, row.card.images) == (DatasetState.REVIEW, ("a", "b"), 12)
    assert looks(place) == []
    assert not source.exists()


def test_a_table_is_asked_about_and_what_is_chosen_is_imported(place, begin, tmp_path):
    source = write_table(tmp_path / "a.zip")
    work = begin(source)
    run_look(work)
    assert state(place, work) is DatasetState.CHOOSING
    assert place.store.jobs(JobKind.IMPORT) == []
    assert source.exists()
    proposal = read_look(place.settings.look_dir(work.job.subject_id)).proposal
    assert (proposal.label.name, proposal.patient.name) == ("finding", "patient_id")
    assert labelling_of(place.settings, work.job) == proposal


def choose(place, looked, column):
    """Choose the column of the class, as the page does, and import; the work in hand."""
    dataset_id = looked.job.subject_id
    proposal = read_look(place.settings.look_dir(dataset_id)).proposal
    label = Origin(kind=OriginKind.COLUMN, name=column)
    keep_labelling(place.settings, dataset_id, proposal.model_copy(update={"label": label, "patient": Origin()}))
    place.store.move_dataset(dataset_id, {DatasetState.CHOOSING}, DatasetState.IMPORTING)
    place.store.submit(new_id("imp"), JobKind.IMPORT, dataset_id, dict(CHOSEN))
    return claim(place, "data")


def test_labels_that_do_not_fit_are_chosen_again_and_the_upload_stays(place, begin, tmp_path):
    source = write_table(tmp_path / "a.zip")
    looked = begin(source)
    run_look(looked)
    refused = choose(place, looked, "no such column")
    with pytest.raises(BadDataset) as error:
        run_import(refused)
    assert state(place, looked) is DatasetState.CHOOSING
    assert source.exists()
    job = place.store.job(refused.job.id)
    assert (job.state, job.what, job.remedy) == (JobState.FAILED, error.value.what, error.value.remedy)
    assert place.left_over(looked.job.subject_id) == []
    run_import(choose(place, looked, "finding"))
    row = place.store.dataset(looked.job.subject_id)
    assert (row.state, row.card.classes) == (DatasetState.REVIEW, ("sick", "well"))
    assert not source.exists()


def test_a_source_that_is_damaged_since_its_labels_were_chosen_is_deleted(place, begin, tmp_path):
    source = write_table(tmp_path / "a.zip")
    looked = begin(source)
    run_look(looked)
    source.write_bytes(b"this is no archive")
    with pytest.raises(BadArchive):
        run_import(choose(place, looked, "finding"))
    assert state(place, looked) is DatasetState.IMPORTING  # with a job that failed
    assert not source.exists()


def test_who_has_lost_the_import_does_not_go_back_to_the_choice(place, begin, tmp_path):
    looked = begin(write_table(tmp_path / "a.zip"))
    run_look(looked)
    work = choose(place, looked, "no such column")
    place.store.requeue(work.job.id)
    place.store.claim("data", "wrk_b")
    with pytest.raises(Superseded):
        run_import(work)
    assert state(place, looked) is DatasetState.IMPORTING


def test_content_that_is_here_already_is_recognised_before_it_is_read_again(place, begin, tmp_path):
    first = begin(write_folders(tmp_path / "a.zip"), ours=False)
    run_look(first)
    run_import(claim(place, "data"))
    again = begin(tmp_path / "a.zip")
    run_look(again)
    look = read_look(place.settings.look_dir(again.job.subject_id))
    assert (look.same_as, look.ask, look.proposal.label.kind) == (first.job.subject_id, True, OriginKind.FOLDER)
    assert state(place, again) is DatasetState.CHOOSING


@pytest.mark.parametrize("ours", [True, False])
def test_a_source_that_cannot_be_used_leaves_nothing(place, begin, tmp_path, ours):
    (tmp_path / "broken.zip").write_bytes(b"this is no archive")
    with pytest.raises(BadArchive):
        run_look(begin(tmp_path / "broken.zip", ours))
    assert looks(place) == []
    assert (tmp_path / "broken.zip").exists() is not ours


def test_a_source_that_is_gone_is_told_in_words(place, begin, tmp_path):
    with pytest.raises(DataGone, match="not on the server"):
        run_look(begin(tmp_path / "gone.zip"))
    assert looks(place) == []


def test_a_stop_leaves_nothing(place, begin, tmp_path):
    work = begin(write_table(tmp_path / "a.zip"))
    work.sink._stopping.set()
    with pytest.raises(Stopped):
        run_look(work)
    assert looks(place) == []
    assert not (tmp_path / "a.zip").exists()


def test_a_data_set_deleted_meanwhile_leaves_nothing(place, begin, tmp_path):
    work = begin(write_folders(tmp_path / "a.zip"))
    place.store.delete_dataset(work.job.subject_id)
    with pytest.raises(Exception, match="deleted"):
        run_look(work)
    assert looks(place) == []
    assert place.store.jobs(JobKind.IMPORT) == []


def test_who_has_lost_the_job_leaves_the_upload_to_the_other(place, begin, tmp_path):
    work = begin(write_folders(tmp_path / "a.zip"))
    place.store.requeue(work.job.id)
    place.store.claim("quick", "wrk_b")
    with pytest.raises(Superseded):
        run_look(work)
    assert (tmp_path / "a.zip").exists()
    assert place.store.job(work.job.id).state is JobState.RUNNING


def test_the_store_knows_neither_the_name_of_the_source_nor_of_a_column(place, begin, tmp_path):
    source = tmp_path / "DOE_JANE.zip"
    write_table(source)
    run_look(begin(source, ours=False))
    database = b"".join(path.read_bytes() for path in place.settings.home.glob("lightbox.db*"))
    for planted in (b"DOE", b"data.csv", b"patient_id", b"scan_01"):
        assert planted not in database
