"""What stored pixels mean comes back from the table of items, and a model sees the same from shelf and file."""

import nibabel
import numpy as np
import pandas as pd
import pytest

from core.datasets import pack
from core.datasets.tones import TONE_COLUMNS, decoded, tone_columns, tone_of
from core.errors import NotFound
from core.images import Tone, build, opened
from core.specs import Clahe, Colour, Recipe, Resize, Window, default_recipe
from tests.core.images.dicom_files import ct, dicom
from tests.core.images.files import noise
from tests.core.images.test_tiff_pages import written
from tests.core.sources.sources import KEEP_NAMES, class_folders

REST = (Colour(), Clahe(tiles=2), Resize(side_px=16))
RECIPES = {
    "no window": Recipe(steps=REST),
    "file": Recipe(steps=(Window(), *REST)),
    "lung": Recipe(steps=(Window(source="preset", preset="lung"), *REST)),
    "values": Recipe(steps=(Window(source="values", centre=-500, width=700), *REST)),
    "percentiles": Recipe(steps=(Window(source="percentiles", low_percent=5, high_percent=90), *REST)),
}
HU = {"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -24.5}
VOLUME = np.stack([ct(6, 7) * k for k in (1, 2, 3)], axis=-1)
FILES = {
    "a/ct.dcm": dicom(ct(9, 8), WindowCenter=-200, WindowWidth=400, **HU),
    "a/dark.dcm": dicom(ct(9, 8), colours="MONOCHROME1", **HU),
    "a/frames.dcm": dicom(np.stack([ct(6, 7), ct(6, 7) // 3]), frames=2, **HU),
    "a/plain.dcm": dicom(noise(6, 8)),
    "b/brain.nii.gz": nibabel.Nifti1Image(VOLUME.astype(np.float32) / 7, np.eye(4)).to_bytes(),
    "b/float.tif": written(np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4), ct(3, 4)),
}


@pytest.fixture
def shelf(make_zip, bring_in):
    return bring_in(make_zip(class_folders({"a": 4, "b": 4}) | FILES), KEEP_NAMES)


def planes_of(name):
    with opened(FILES[name], name=name, max_pixels=10**6) as file:
        return [file.decode(plane) for plane in range(file.planes)]


def item_ids(shelf, name):
    return shelf.items.index[shelf.items["name"].str.startswith(name)]


def test_the_shelf_keeps_pixels_and_tone_so_training_sees_what_prediction_sees_of_the_file(shelf, settings):
    for title, recipe in RECIPES.items():
        packed, prepare = pack(shelf, recipe, settings, lambda progress: None, lambda: False), build(recipe)
        for name in FILES:
            ids, images = item_ids(shelf, name), planes_of(name)
            assert len(ids) == len(images)
            for item_id, image in zip(ids, images, strict=True):
                assert np.array_equal(packed.images[item_id], prepare(image.pixels, image.tone)), (title, name)
    for name in FILES:
        for item_id, image in zip(item_ids(shelf, name), planes_of(name), strict=True):
            kept = decoded(shelf, item_id, settings.max_image_pixels)
            assert np.array_equal(kept.pixels, image.pixels)
            assert kept.pixels.dtype == image.pixels.dtype
            assert kept.tone == image.tone
            assert np.array_equal(kept.shown, image.shown)
    assert shelf.card.windowed
    assert default_recipe(shelf.card).steps[0] == Window()


def test_pictures_have_none(make_zip, bring_in):
    shelf = bring_in(make_zip(class_folders({"a": 4, "b": 4})))
    assert not shelf.card.windowed
    assert not any(isinstance(step, Window) for step in default_recipe(shelf.card).steps)
    assert decoded(shelf, 0, 100).tone is None
    with pytest.raises(NotFound):
        decoded(shelf, 8, 100)


TONES = [Tone(0.5, -1024.0, -160.0, 240.0, "HU"), None, Tone(-1.0, 4095.0), Tone(1e-9, 0.1, 0.0, 1e-5, "OD")]


def test_tones_come_back_from_a_table(tmp_path):
    path = tmp_path / "items.parquet"
    pd.DataFrame({"item_id": range(len(TONES)), **tone_columns(TONES)}).to_parquet(path)
    items = pd.read_parquet(path)
    assert [tone_of(items, number) for number in range(len(TONES))] == TONES


@pytest.mark.parametrize("lacking", TONE_COLUMNS)
def test_a_table_of_an_earlier_version_has_no_tones(lacking):
    items = pd.DataFrame({"item_id": range(len(TONES)), **tone_columns(TONES)}).drop(columns=lacking)
    assert [tone_of(items, number) for number in range(len(TONES))] == [None] * len(TONES)
