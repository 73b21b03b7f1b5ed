"""Three ways to bring data in: a zip of class folders, an NPZ file, or the practice data."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from core import actions
from pages.http.uploads import Upload
from pages.parts import session
from pages.parts.upload import upload_file

ZIP_TREE = """cells.zip
├─ healthy/
│   ├─ 001.png
│   └─ 002.png
└─ infected/
    ├─ 003.png
    └─ 004.png"""
NPZ_TREE = """cells.npz
├─ train_images
├─ train_labels
├─ val_images
├─ val_labels
├─ test_images
└─ test_labels"""


def show(*, first: bool) -> None:
    """The three ways side by side.

    Args:
        first: whether there is no data set yet, so that a newcomer is told where to begin.
    """
    if first:
        st.markdown(
            "Lightbox learns to tell **classes** apart: the groups that your images are sorted into, such as *healthy*"
            " and *infected*. Bring in images that are already sorted, or begin with the practice data."
        )
    zip_place, npz_place, practice_place = st.columns(3, gap="medium")
    with zip_place.container(border=True, height="stretch", key="data_way_zip"):
        _zip()
    with npz_place.container(border=True, height="stretch", key="data_way_npz"):
        _npz()
    with practice_place.container(border=True, height="stretch", key="data_way_practice"):
        _practice()


def _zip() -> None:
    st.markdown("#### A zip of class folders")
    st.markdown(
        "One folder for each class, named as the class; the images (PNG, JPEG, TIFF, BMP, DICOM, NIfTI) lie inside."
    )
    st.code(ZIP_TREE, language=None)
    _take(upload_file("Choose a zip file", "zip", _import, (".zip",)))
    st.caption("Folders called train, val and test above the class folders are kept as the split that comes with it.")


def _npz() -> None:
    st.markdown("#### An NPZ file")
    st.markdown("Arrays saved with NumPy, grey or colour, under the names that the MedMNIST collection uses.")
    st.code(NPZ_TREE, language=None)
    _take(upload_file("Choose an NPZ file", "npz", _import, (".npz",)))
    st.caption("Its training, validation and test parts are kept as the split that comes with it.")


def _practice() -> None:
    st.markdown("#### Practice data")
    st.markdown(
        "600 small images of cells as under a microscope, of three kinds: round cells, spindle cells, and cells with a"
        " lobed nucleus. Lightbox draws them itself, with noise, uneven light and some overlap. They are"
        " **synthetic**: good for learning how this works, and nothing else."
    )
    if st.button("Draw the practice data", type="primary", key="data_practice", icon=":material/draw:"):
        dataset_id, _ = actions.import_practice_data(session.home())
        _take(dataset_id)
    st.caption("Nothing is downloaded; it takes a few seconds. You then look the images through like any others.")


def _import(upload: Upload) -> str:
    """Queue the import of a file that has just arrived, under its own name; the data set's id."""
    name = PurePath(upload.filename.replace("\\", "/")).stem
    return actions.import_dataset(session.home(), upload.path, name, delete_source=True)


def _take(dataset_id: str | None) -> None:
    if dataset_id is None:
        return
    actions.ensure_worker(session.home())
    session.take_dataset(dataset_id)
    st.rerun()
