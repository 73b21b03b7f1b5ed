"""Ask a fresh child what work would run on; for the doctor, who has no worker to ask."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from core.errors import WorkFailed
from core.jobs.environment import environment_of
from core.settings import Settings
from core.specs import DeviceFacts

WAIT_S = 180


def inspect_device(settings: Settings) -> DeviceFacts:
    """What Keras in a child reports to run on.

    Raises:
        WorkFailed: Keras could not be started, with the last line that it printed.
    """
    return DeviceFacts.model_validate(_ask(settings, "device"))


def try_step(settings: Settings) -> float:
    """Seconds that one real training step of the default network took (32 images of 64 px).

    Raises:
        WorkFailed: the step failed, with the last line that was printed.
    """
    return float(_ask(settings, "step"))


def _ask(settings: Settings, what: str) -> Any:
    command = [sys.executable, "-m", "core.jobs.probe_child", what]
    try:
        done = subprocess.run(  # noqa: S603 - our own module in our own Python
            command, env=environment_of(settings), capture_output=True, text=True, timeout=WAIT_S, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise WorkFailed(
            f"Keras gave no answer within {WAIT_S} seconds.", "Look whether the machine is busy or its driver hangs."
        ) from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
        raise WorkFailed(
            f"Keras cannot be used here: {said}.", "Run the set-up again (`make run` does), then ask once more."
        ) from error
    return json.loads(done.stdout.strip().splitlines()[-1])
