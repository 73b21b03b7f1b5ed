"""The plain network on another backend, and over two devices: each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import core
from core.specs import TrainingConfig
from core.training import backends
from core.training.schedule import Schedule, schedule_of
from core.training.sharing import devices_for

ROOT = Path(core.__file__).parents[1]
TWO_CPUS = "--xla_force_host_platform_device_count=2"


@pytest.fixture(scope="module", params=["tensorflow", "jax"])
def told(request):
    """What `elsewhere` says on a backend."""
    environment = {**os.environ, "KERAS_BACKEND": request.param, "XLA_FLAGS": TWO_CPUS, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "tests.core.training.elsewhere"]
    asked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr[-3000:]
    found = json.loads(asked.stdout.splitlines()[-1])
    assert (found["backend"], found["devices"]) == (request.param, 2)
    return found


@pytest.mark.timeout(300)
def test_the_plain_network_learns_and_its_model_answers(told):
    assert told["device"]["backend"] == told["backend"]
    assert told["device"]["kind"] == "cpu"
    plain = told["1"]
    assert plain["accuracy"] > 0.9
    assert plain["losses"][1] < plain["losses"][0]
    # 164 training images in batches of 16: eleven steps an epoch
    assert [step for step, kind in plain["steps"] if kind == "epoch"] == [11, 22]
    assert plain["steps"][0] == [1, "batch"]
    assert plain["summary"]["epochs_done"] == 2


def test_several_steps_a_call_change_nothing(told):
    assert told["4"]["summary"]["steps_per_execution"] == 4
    assert told["4"]["weights"] == told["1"]["weights"]
    assert told["4"]["losses"] == told["1"]["losses"]
    assert told["4"]["val_losses"] == told["1"]["val_losses"]


def test_two_devices_share_each_batch(told):
    shared = told["shared"]
    assert shared["summary"]["devices"] == 2
    assert told["1"]["summary"]["devices"] == 1
    # Keras on TensorFlow cannot take several steps a call over several devices
    assert shared["summary"]["steps_per_execution"] == (4 if told["backend"] == "jax" else 1)
    assert shared["accuracy"] > 0.9
    # 164 is even, so the same batches in the same order: the figures differ by rounding only
    assert shared["seen"] == told["1"]["seen"] == 2 * 164
    assert shared["losses"] == pytest.approx(told["1"]["losses"], rel=1e-3)
    # 41 validation images: one is left out of the check at each epoch's end
    assert shared["val_losses"] != told["1"]["val_losses"]
    assert shared["val_losses"] == pytest.approx(told["1"]["val_losses"], rel=0.3)


def test_batches_can_be_divided_by_the_number_of_devices():
    # 101 images over 4 devices: 100 a epoch; 30 becomes 32; 32 + 32 + 32 + 4
    assert schedule_of(TrainingConfig(batch_size=30, epochs=2), 101, devices=4) == Schedule(100, 32, 8)
    assert schedule_of(TrainingConfig(optimizer="full_batch", epochs=2), 101, devices=4) == Schedule(100, 100, 2)
    assert schedule_of(TrainingConfig(batch_size=1000, epochs=1), 101, devices=4) == Schedule(100, 100, 1)
    assert schedule_of(TrainingConfig(batch_size=30, epochs=1), 101) == Schedule(101, 30, 4)


def test_every_device_has_enough_to_do_or_is_left_out(monkeypatch):
    monkeypatch.setattr(backends, "several_gpus", lambda: list("abcd"))
    assert devices_for(Schedule(1000, 64, 10)) == list("abcd")
    assert devices_for(Schedule(1000, 24, 10)) == list("abc")
    assert devices_for(Schedule(1000, 15, 10)) == []
    monkeypatch.setattr(backends, "several_gpus", list)
    assert devices_for(Schedule(1000, 64, 10)) == []
