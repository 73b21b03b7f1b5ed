"""A model on disk: written beside its place and renamed into it; read without running anything from the file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DataGone
from core.files import written_beside

if TYPE_CHECKING:
    import keras

MODEL_FILE = "model.keras"
"""What the trained model is called in the folder of its run."""


def save(model: keras.Model, path: Path) -> None:
    """Write a model as one `.keras` file; a reader sees the old file or the new one, never half of one.

    Args:
        model: a built model; a compiled one takes its optimizer's state along.
        path: ends in `.keras`; its folder is made if need be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_beside(path) as part:
        model.save(part)


def load(path: Path) -> keras.Model:
    """Read a model for predictions, not compiled; code that a file may carry is refused.

    Raises:
        DataGone: the file is missing or damaged.
    """
    if not path.exists():
        raise DataGone("The trained model of this run is no longer there.", "Train again with the same settings.")
    if not zipfile.is_zipfile(path):
        raise DataGone("The file of the trained model is damaged.", "Train again with the same settings.")
    import keras

    return keras.saving.load_model(path, compile=False, safe_mode=True)
