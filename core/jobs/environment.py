"""The environment of the processes that work: which home they serve, and how their libraries behave."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import core
from core.settings import Settings
from core.training import DEVICE_ENVIRONMENT

HOUSE = Path(core.__file__).resolve().parents[1]

# OpenBLAS starts its threads when NumPy is imported: with one, the fork server stays as good as single-threaded on
# any machine, and what is forked from it cannot inherit a lock that a thread holds. Pixels are OpenCV's work anyway.
QUIET = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "OPENBLAS_NUM_THREADS": "1",
    **DEVICE_ENVIRONMENT,
}


def environment_of(settings: Settings, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment in which another Python finds this code and these settings.

    Args:
        settings: all but the access key travel: a worker serves no visitor.
        base: what else it inherits.
    """
    kept = {name: value for name, value in base.items() if not name.startswith("LIGHTBOX_")}
    given = settings.model_dump(exclude_defaults=True, exclude={"access_key"}) | {"home": settings.home}
    ours = {f"LIGHTBOX_{name.upper()}": str(value) for name, value in given.items()}
    return QUIET | kept | ours | _path(kept)


def prepare_own() -> None:
    """Give this process, and with it the fork server that it starts, the environment of one that works."""
    for name, value in (QUIET | _path(os.environ)).items():
        if name == "PYTHONPATH":
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)


def _path(base: Mapping[str, str]) -> dict[str, str]:
    others = [part for part in base.get("PYTHONPATH", "").split(os.pathsep) if part and part != str(HOUSE)]
    return {"PYTHONPATH": os.pathsep.join([str(HOUSE), *others])}
