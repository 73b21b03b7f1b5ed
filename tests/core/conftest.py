"""Zips and NPZ files with anything in them, and an import or its refusal in one call."""

import zipfile

import numpy as np
import pytest

from core.datasets import Shelf, import_source
from core.specs import Labelling

AS_FOLDERS = Labelling()


@pytest.fixture
def make_zip(tmp_path):
    """Write a zip of `{name: bytes}` (or of (ZipInfo or name, bytes) pairs) and return its path."""

    def make(files, compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / f"source-{len(list(tmp_path.iterdir()))}.zip"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, data in files.items() if isinstance(files, dict) else files:
                archive.writestr(name, data)
        return path

    return make


@pytest.fixture
def make_npz(tmp_path):
    """Write an NPZ of arrays under the given keys and return its path."""

    def make(**arrays):
        path = tmp_path / f"source-{len(list(tmp_path.iterdir()))}.npz"
        np.savez_compressed(path, **arrays)
        return path

    return make


@pytest.fixture
def folder(settings):
    """Where the data set of a test will lie."""
    return settings.dataset_dir("ds_test")


@pytest.fixture
def bring_in(folder, settings):
    """Import a source; the shelf of what came in."""

    def go(path, labelling=AS_FOLDERS, **limits):
        limited = settings.model_copy(update=limits)
        import_source(path, folder, limited, lambda progress: None, lambda: False, labelling)
        return Shelf(folder)

    return go


@pytest.fixture
def refuse(bring_in, folder):
    """Import a source that must be refused with this kind of error; the error. Nothing may be left on disk."""

    def go(error, path, labelling=AS_FOLDERS, **limits):
        with pytest.raises(error) as caught:
            bring_in(path, labelling, **limits)
        assert type(caught.value) is error
        assert not folder.exists()
        assert not [left.name for left in folder.parent.glob("*")]
        assert caught.value.what.endswith(".")
        assert caught.value.remedy.endswith(".")
        return caught.value

    return go
