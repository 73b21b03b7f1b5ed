"""The plain network trained on the backend and the logical CPU devices that the environment names; prints what came.

Run as a program by `test_backends.py`: a process has one backend, and its devices are fixed before it starts.
"""

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np

from core.models import load
from core.specs import CnnConfig
from core.training import backends, device_facts, tempo, train
from tests.core.training.test_train import Tape, config, toy


def logical_devices():
    """Two CPU devices in the place of two GPUs."""
    if keras.backend.backend() == "jax":  # XLA_FLAGS has made them
        return keras.distribution.list_devices()
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    return [device.name for device in tf.config.list_logical_devices("CPU")]


def told(model, several, **training):
    """A run, what it said, and what the model that was kept makes of the images."""
    backends.several_gpus = lambda: several
    data, tape = toy(3, images=205, val=41, side=16), Tape()
    with tempfile.TemporaryDirectory() as folder:
        summary = train(config(model, epochs=2, precision="float32", **training), data, Path(folder), tape)
        kept = load(Path(folder) / "model.keras")
    answers = np.asarray(kept.predict_on_batch(data.images[data.val]))
    return {
        "accuracy": float((answers.argmax(axis=1) == data.class_indices[data.val]).mean()),
        "weights": hashlib.sha256(b"".join(w.tobytes() for w in kept.get_weights())).hexdigest(),
        "steps": [[point.step, point.kind.value] for point in tape.told],
        "losses": [point.values["loss"] for point in tape.epochs],
        "val_losses": [point.values["val_loss"] for point in tape.epochs],
        "seen": tape.progresses[-1].done,
        "summary": summary.model_dump(mode="json"),
    }


def main():
    """Plain, several steps a call, and over two devices."""
    devices = logical_devices()
    plain = CnnConfig()
    tempo.FEWEST_STEPS = 0
    found = {"backend": keras.backend.backend(), "device": device_facts().model_dump(), "devices": len(devices)}
    for steps in (1, 4):
        tempo.steps_per_call = lambda *measured, steps=steps: steps
        found[str(steps)] = told(plain, [])
    found["shared"] = told(plain, devices)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
