"""What is left lying about goes when it is old and nobody's; everything else stays."""

import os
import time

import pytest

from core.errors import NotFound
from core.jobs.sources import fetched_file, fetching_dir, keep_source
from core.jobs.tidy import clear_up_after, tidy
from core.specs import DatasetState, JobKind, JobState, Task


def age(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.fixture
def answers(place):
    asked = [place.ask(JobKind.PREDICT, "run_a", name="x.png") for _ in range(2)]
    age(place.settings.answer_dir(asked[0]), 3700)
    return asked


def test_answers_older_than_an_hour_go_with_their_files(place, answers, monkeypatch):
    real = time.time
    for job_id, ago in zip(answers, (3700, 0), strict=True):
        monkeypatch.setattr(place.store, "_now", lambda ago=ago: real() - ago)
        place.store.request_stop(job_id)
    tidy(place.settings, place.store)
    assert [path.name for path in (place.settings.home / "answers").iterdir()] == [answers[1]]
    assert place.store.job(answers[1])
    with pytest.raises(NotFound):
        place.store.job(answers[0])


def test_uploads_of_a_day_ago_go_unless_an_import_still_waits_for_them(place):
    place.settings.uploads_dir.mkdir()
    old, new, wanted = (place.settings.uploads_dir / name for name in ("old", "new", "wanted"))
    for path in (old, new, wanted):
        path.touch()
    for path in (old, wanted):
        age(path, 90_000)
    place.queue_import(wanted)
    tidy(place.settings, place.store)
    assert not old.exists()
    assert new.exists()
    assert wanted.exists()


def test_what_was_looked_into_goes_with_its_upload_unless_somebody_still_chooses(place):
    uploads, looks = place.settings.uploads_dir, place.settings.home / "looks"
    for name in ("lost", "chosen"):
        basket, dataset_id = uploads / f"{name}.basket", f"ds_{name}"
        basket.mkdir(parents=True)
        (basket / "000001.png").touch()
        keep_source(place.settings, dataset_id, basket, ours=True)
        place.settings.look_dir(dataset_id).mkdir()
    place.store.add_dataset("ds_chosen", "A", Task.CLASSIFICATION, DatasetState.CHOOSING)
    for path in (*uploads.iterdir(), *looks.iterdir()):
        age(path, 90_000)
    tidy(place.settings, place.store)
    assert [path.name for path in uploads.iterdir()] == ["chosen.basket"]
    assert sorted(path.name for path in looks.iterdir()) == ["ds_chosen", "ds_chosen.source.json"]


def test_labels_that_nobody_has_chosen_for_a_week_are_not_waited_for(place, monkeypatch):
    real = time.time
    for name, days in (("ds_old", 8), ("ds_new", 6)):
        monkeypatch.setattr(place.store, "_now", lambda days=days: real() - days * 86_400)
        place.store.add_dataset(name, "A", Task.CLASSIFICATION, DatasetState.CHOOSING)
        upload = place.settings.uploads_dir / f"{name}.zip"
        upload.parent.mkdir(exist_ok=True)
        upload.touch()
        keep_source(place.settings, name, upload, ours=True)
    tidy(place.settings, place.store)
    assert [row.id for row in place.store.datasets()] == ["ds_new"]
    assert [path.name for path in place.settings.uploads_dir.iterdir()] == ["ds_new.zip"]
    assert [path.name for path in (place.settings.home / "looks").iterdir()] == ["ds_new.source.json"]


def test_a_download_of_a_day_ago_goes_unless_it_still_comes_in(place):
    place.store.add_dataset("ds_new", "A", Task.CLASSIFICATION, DatasetState.LOOKING)
    for name in ("ds_old", "ds_new"):
        fetching_dir(place.settings, name).mkdir(parents=True)
        fetched_file(place.settings, name).touch()
    for path in place.settings.uploads_dir.iterdir():
        age(path, 90_000)
    tidy(place.settings, place.store)
    assert sorted(path.name for path in place.settings.uploads_dir.iterdir()) == ["ds_new.fetching", "ds_new.npz"]


def test_exports_of_a_day_ago_go(place):
    for name, seconds in (("ds_old", 90_000), ("ds_new", 80_000)):
        path = place.settings.export_file(name)
        path.parent.mkdir(exist_ok=True)
        path.touch()
        age(path, seconds)
    half = place.settings.export_file("ds_old").with_name(".ds_old-12.part.zip")
    half.touch()
    age(half, 90_000)
    tidy(place.settings, place.store)
    assert [path.name for path in (place.settings.home / "exports").iterdir()] == ["ds_new.zip"]


def test_half_made_folders_of_a_day_ago_go_unless_they_are_being_made(place, tmp_path):
    busy = place.store.job(place.queue_import(tmp_path / "x.zip")).subject_id
    datasets = place.settings.home / "datasets"
    for name in ("ds_whole", "ds_dead.part", "ds_doomed.deleted-1234", "ds_new.part", f"{busy}.part"):
        (datasets / name).mkdir(parents=True)
        age(datasets / name, 0 if name == "ds_new.part" else 90_000)
    tidy(place.settings, place.store)
    assert sorted(path.name for path in datasets.iterdir()) == sorted(["ds_whole", "ds_new.part", f"{busy}.part"])


def test_a_home_without_any_of_this_is_tidy(place):
    tidy(place.settings, place.store)


@pytest.mark.parametrize("state", ["queued", "finished", "stopped"])
def test_only_an_import_that_ended_badly_is_cleared_up_after(place, tmp_path, state):
    source = tmp_path / "upload.zip"
    source.touch()
    job_id = place.queue_import(source, delete_source=True)
    folder = place.settings.dataset_dir(place.store.job(job_id).subject_id)
    for left in (folder, folder.with_name(folder.name + ".part")):
        left.mkdir(parents=True)
    if state == "finished":
        place.store.claim("data", "wrk_a")
        place.store.finish(job_id, {})
    elif state == "stopped":
        place.store.request_stop(job_id)
    job = place.store.job(job_id)
    assert job.state is JobState(state)
    clear_up_after(place.settings, job)
    assert (place.left_over(folder.name) == []) is (state == "stopped")
    assert source.exists() is (state != "stopped")


def test_the_checkpoint_of_a_finished_run_goes_and_that_of_a_stopped_one_stays(place):
    left = {}
    for run_id in ("run_a", "run_b", "run_c"):
        place.store.submit(run_id, JobKind.TRAIN, run_id, {})
        folder = place.settings.run_dir(run_id)
        folder.mkdir(parents=True)
        left[run_id] = folder / "checkpoint.npz"
        left[run_id].touch()
    place.store.claim("train", "wrk_a")
    place.store.finish("run_a", {})
    place.store.request_stop("run_b")
    tidy(place.settings, place.store)
    assert [path.exists() for path in left.values()] == [False, True, True]
