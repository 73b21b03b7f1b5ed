"""What is left lying about goes when it is old and nobody's; everything else stays."""

import os
import time

import pytest

from core.errors import NotFound
from core.jobs.tidy import clear_up_after, tidy
from core.specs import JobKind, JobState


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
