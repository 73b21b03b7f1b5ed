"""What the four rooms promise of their imports, in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import core

HEAVY = "{'keras', 'tensorflow', 'jax', 'torch', 'sklearn', 'scipy'}"
ROOT = Path(core.__file__).parents[1]


def fresh(code):
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return asked.stdout.strip()


def test_the_rooms_load_no_learning_library_until_they_are_asked_to_work():
    loaded = fresh(
        "import sys, core.models, core.metrics, core.training, core.evaluation;"
        "from core.specs import CnnConfig;"
        "core.models.plan(CnnConfig(), (28, 28, 1), 2, 32, 'adam');"
        f"print(*sorted({HEAVY} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    assert loaded == ""


def test_what_is_named_for_preloading_brings_keras_and_this_room_whole():
    loaded = fresh(
        "import importlib, sys; from core.training import PRELOAD;"
        "[importlib.import_module(name) for name in PRELOAD];"
        "before = set(sys.modules);"
        "import core.training.steering, core.training.keeping, core.training.reporting, core.training.objective;"
        "print('keras' in before, set(sys.modules) == before)"
    )
    assert loaded == "True True"
