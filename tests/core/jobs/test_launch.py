"""Starting a worker: its environment, its lock, and that many who try at once start one."""

import os
import socket
import subprocess
import sys

import pytest

from core.jobs import launch
from core.jobs.environment import HOUSE, environment_of
from core.jobs.launch import ensure_worker, lives, take_lock
from core.settings import Settings, settings_from
from core.store import WorkerRow


@pytest.fixture
def started(monkeypatch):
    """The starts that would have happened: each holds the lock as a worker would."""
    held = []
    monkeypatch.setattr(launch, "_start", lambda settings, lock: held.append(os.dup(lock)) or Sleeper())
    yield held
    for lock in held:
        os.close(lock)
    launch._started.clear()


class Sleeper:
    """A process that lives."""

    def poll(self):
        return None


def test_the_worker_is_told_every_setting_but_the_key(tmp_path):
    settings = Settings(home=tmp_path, access_key="secret", max_files=5, start_worker=False)
    base = {"PATH": "/bin", "PYTHONPATH": "/elsewhere", "LIGHTBOX_MAX_FILES": "7", "LIGHTBOX_REAL_DATA": "x"}
    environment = environment_of(settings, base)
    assert settings_from(environment) == settings.model_copy(update={"access_key": ""})
    assert "secret" not in str(environment)
    assert environment["PATH"] == "/bin"
    assert environment["PYTHONPATH"] == f"{HOUSE}{os.pathsep}/elsewhere"
    assert environment["OPENBLAS_NUM_THREADS"] == "1"


def test_what_the_user_has_set_for_the_libraries_is_respected(tmp_path):
    assert environment_of(Settings(home=tmp_path), {"TF_CPP_MIN_LOG_LEVEL": "0"})["TF_CPP_MIN_LOG_LEVEL"] == "0"


def test_one_worker_is_started_however_often_it_is_asked_for(place, started):
    for _ in range(3):
        ensure_worker(place.settings, place.store)
    assert len(started) == 1


def test_none_is_started_where_the_settings_forbid_it(place, started):
    ensure_worker(place.settings.model_copy(update={"start_worker": False}), place.store)
    assert started == []


def test_none_is_started_beside_one_on_another_machine(place, started):
    place.store.add_worker("wrk_a", "another-host", 1)
    ensure_worker(place.settings, place.store)
    assert started == []


def test_one_is_started_at_once_when_the_last_has_died_however_fresh_its_heartbeat(place, started):
    with subprocess.Popen(["true"]) as dead:
        dead.wait(10)
    place.store.add_worker("wrk_a", socket.gethostname(), dead.pid)
    ensure_worker(place.settings, place.store)
    assert len(started) == 1


def test_a_lock_is_held_by_one_and_free_again_when_its_holder_has_died(place):
    code = "import sys; from core.jobs.launch import take_lock; from core.settings import Settings\n"
    code += "print(take_lock(Settings(home=sys.argv[1])) is not None, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(place.settings.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "True\n"
        assert take_lock(place.settings) is None
        holder.kill()
        holder.wait(10)
    lock = take_lock(place.settings)
    assert lock is not None
    os.close(lock)


def test_a_zombie_does_not_live():
    with subprocess.Popen(["sleep", "60"]) as child:
        row = WorkerRow("wrk_a", socket.gethostname(), child.pid, None, 0, 0)
        assert lives(row)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet collected
        assert not lives(row)
