"""However work fails, the job ends in words: once, as what it was, and with a bug's traceback printed."""

import errno

import pytest

from core.errors import BadImage, Stopped
from core.jobs.endings import Ending
from core.jobs.sink import Superseded
from core.specs import JobState

from .conftest import small_config


class ResourceExhaustedError(Exception):
    """As TensorFlow calls it."""


@pytest.fixture
def job(place):
    place.queue_run(small_config("ds_a"))
    return place.store.claim("train", "wrk_a")


def end(place, job, error):
    told = []
    with Ending(place.store, job, "log.txt", before=lambda: told.append(place.store.job(job.id).state)):
        raise error
    return told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadImage("It is no image.", "Choose another."), "bad_image"),
        (MemoryError(), "out_of_memory"),
        (ResourceExhaustedError("OOM when allocating tensor"), "out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (OSError(errno.EACCES, "Permission denied"), "bug"),
        (KeyError("name"), "bug"),
    ],
)
def test_each_error_is_the_ending_that_it_means(place, job, error, code):
    assert end(place, job, error) == [JobState.RUNNING]  # the heart is silenced before the ending is written
    ended = place.store.job(job.id)
    assert (ended.state, ended.ending) == (JobState.FAILED, code)
    assert ended.what.endswith(".")
    assert ended.remedy.endswith(".")


def test_a_stop_is_a_stop_and_no_failure(place, job):
    end(place, job, Stopped("It was stopped.", "Start it again."))
    assert place.store.job(job.id).state is JobState.STOPPED


def test_a_bug_is_printed_with_its_traceback_and_named_with_its_log(place, job, capsys):
    end(place, job, ZeroDivisionError("division by zero"))
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert "ZeroDivisionError: division by zero" in printed
    assert "log.txt" in place.store.job(job.id).remedy


def test_an_expected_error_leaves_the_log_clean(place, job, capsys):
    end(place, job, BadImage("It is no image.", "Choose another."))
    assert capsys.readouterr().err == ""


def test_who_has_lost_the_job_writes_nothing(place, job):
    assert end(place, job, Superseded()) == []
    assert place.store.job(job.id).state is JobState.RUNNING


def test_the_end_of_the_process_is_not_the_end_of_the_job(place, job):
    with pytest.raises(SystemExit):
        end(place, job, SystemExit(1))
    assert place.store.job(job.id).state is JobState.RUNNING


def test_work_that_ends_well_is_left_to_say_so_itself(place, job):
    with Ending(place.store, job, "log.txt", before=lambda: None):
        place.store.finish(job.id, {})
    assert place.store.job(job.id).state is JobState.FINISHED
