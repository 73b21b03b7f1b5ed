"""The beat beside the work, and the watchman who beats for a job."""

import errno
import os
import subprocess
import sys
import threading

import pytest
from sqlalchemy.exc import OperationalError

from core.errors import DiskFull
from core.jobs import children
from core.jobs.pulse import Pulse, Weather, end_group, end_with_parent
from core.specs import JobState

from .conftest import small_config


def test_a_pulse_beats_until_it_is_closed():
    beaten = threading.Semaphore(0)
    pulse = Pulse(beaten.release, 0.001)
    for _ in range(3):
        assert beaten.acquire(timeout=10)
    pulse.close()
    while beaten.acquire(blocking=False):
        pass
    assert not beaten.acquire(timeout=0.05)


@pytest.mark.parametrize(
    "error", [DiskFull("It is full.", "Free some space."), OperationalError("SELECT 1", {}, Exception("locked"))]
)
def test_a_pulse_outlives_bad_weather(error, capsys):
    beats, told = [], threading.Event()

    def beat():
        beats.append(1)
        if len(beats) == 1:
            raise error
        told.set()

    pulse = Pulse(beat, 0.001)
    assert told.wait(10)
    pulse.close()
    assert type(error).__name__ in capsys.readouterr().err


def test_other_errors_are_no_weather():
    with pytest.raises(OSError), Weather():
        raise OSError(errno.EACCES, "Permission denied")


def test_more_kinds_of_weather_can_be_named(capsys):
    with Weather(EOFError):
        raise EOFError("the fork server is gone")
    assert "the fork server is gone" in capsys.readouterr().err


def test_ending_a_group_ends_the_grandchildren():
    code = "import subprocess, sys; subprocess.Popen(['sleep', '60']); print('born', flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **pipes) as child:
        assert child.stdout.readline() == b"born\n"
        end_group(child.pid)
        assert child.wait(10) == -9
        assert child.stdout.read() == b""  # the grandchild held the pipe's other end


def test_ending_a_group_that_is_gone_is_no_error():
    with subprocess.Popen(["true"], start_new_session=True) as child:
        child.wait(10)
    end_group(child.pid)


def test_only_a_child_can_end_with_its_parent():
    with pytest.raises(RuntimeError, match="child of multiprocessing"):
        end_with_parent()


@pytest.fixture
def job(place):
    place.queue_run(small_config("ds_a"))
    return place.store.claim("train", "wrk_a")


def test_the_watchman_beats_at_every_fourth_look_and_learns_of_a_stop(place, job, monkeypatch):
    monkeypatch.setattr(place.store, "_now", lambda: job.heartbeat_at + 7)
    stopping = threading.Event()
    watchman = children.Watchman(place.store, job, stopping)
    for _ in range(3):
        watchman.look()
    assert place.store.job(job.id).heartbeat_at == job.heartbeat_at
    assert not stopping.is_set()
    place.store.request_stop(job.id)
    watchman.look()
    assert place.store.job(job.id).heartbeat_at == job.heartbeat_at + 7
    assert stopping.is_set()


def test_a_watchman_who_has_lost_the_job_ends_the_whole_group(place, job, monkeypatch):
    ended = []
    monkeypatch.setattr(children, "end_group", ended.append)
    watchman = children.Watchman(place.store, job, threading.Event())
    place.store.requeue(job.id)
    place.store.claim("train", "wrk_b")
    for _ in range(4):
        watchman.look()
    assert ended == [os.getpgrp()]


def looked_after_a_stop(place, job, monkeypatch, seconds):
    """Whom a watchman ends who looks once when a stop was asked for, and once some seconds later."""
    ended, now = [], [100.0]
    monkeypatch.setattr(children, "end_group", ended.append)
    watchman = children.Watchman(place.store, job, threading.Event(), lambda: now[0])
    place.store.request_stop(job.id)
    watchman.look()
    assert ended == []
    now[0] += seconds
    watchman.look()
    return ended


@pytest.mark.parametrize(("seconds", "ended"), [(9.9, []), (10.1, [os.getpgrp()])])
def test_work_on_data_that_does_not_heed_a_stop_is_ended_and_counts_as_stopped(place, monkeypatch, seconds, ended):
    place.queue_import(None)
    job = place.store.claim("data", "wrk_a")
    assert looked_after_a_stop(place, job, monkeypatch, seconds) == ended
    assert place.store.requeue(job.id, attempt=job.attempt, died=True).state is JobState.STOPPED


def test_a_training_may_take_its_time_to_stop(place, job, monkeypatch):
    assert looked_after_a_stop(place, job, monkeypatch, 1000) == []
