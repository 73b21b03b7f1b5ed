"""Parts of the worker that need no process: its judgement of clocks, and that it stays light."""

import os
import subprocess
import sys

import pytest

from core.jobs import worker
from core.jobs.launch import SILENT_S
from core.jobs.predict_job import Models


class Clocks:
    """The wall clock and the steady one."""

    def __init__(self):
        self.wall, self.steady = 1_000_000.0, 50.0

    def time(self):
        return self.wall

    def monotonic(self):
        return self.steady

    def advance(self, seconds):
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clocks(monkeypatch):
    made = Clocks()
    monkeypatch.setattr(worker, "time", made)
    return made


def test_heartbeats_are_judged_while_the_clocks_agree(clocks):
    calm = worker.Calm()
    for _ in range(5):
        clocks.advance(1)
        assert calm.is_calm()


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_after_a_jump_of_the_clock_everybody_gets_time_to_beat_again(clocks, jump_s):
    calm = worker.Calm()
    clocks.advance(1)
    clocks.wall += jump_s
    assert not calm.is_calm()
    for _ in range(int(SILENT_S) - 1):
        clocks.advance(1)
        assert not calm.is_calm()
    clocks.advance(1)
    assert calm.is_calm()


def test_after_this_process_was_held_up_nobody_is_buried_for_having_been_so_too(clocks):
    calm = worker.Calm()
    clocks.advance(60)
    assert not calm.is_calm()


def test_the_worker_and_the_door_of_the_room_are_light():
    heavy = "{'keras', 'tensorflow', 'pandas', 'sklearn', 'cv2', 'alembic', 'streamlit'}"
    code = f"import sys, core.jobs, core.jobs.worker; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_a_bad_environment_is_refused_in_words(tmp_path):
    environment = {"PATH": "/bin", "LIGHTBOX_HOME": str(tmp_path), "LIGHTBOX_MAX_FILES": "many"}
    command = [sys.executable, "-m", "core.jobs.worker"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "LIGHTBOX_MAX_FILES" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def loads(monkeypatch):
    """The files that were loaded; a model is its file's content."""
    loaded = []

    def load(path):
        loaded.append(path.name)
        return path.read_text()

    monkeypatch.setattr("core.jobs.predict_job.load", load)
    return loaded


def test_the_models_asked_last_stay_loaded(tmp_path, loads):
    models = Models(most=2)
    for name in "abc":
        (tmp_path / name).touch()
    for name in ("a", "b", "a", "c", "a", "b"):  # at c the oldest is b, at the last b it is c
        models.get(tmp_path / name)
    assert loads == ["a", "b", "c", "b"]


def test_a_model_written_anew_is_loaded_anew(tmp_path, loads):
    models, path = Models(), tmp_path / "model"
    path.write_text("old")
    assert models.get(path) == "old"
    path.write_text("new")
    os.utime(path, ns=(1, 1))
    assert models.get(path) == "new"
    assert loads == ["model", "model"]
