import zipfile

import cv2
import numpy as np
import pytest

from core import actions
from core.datasets import import_source
from core.errors import BadSetting
from core.images import Tone, build, decode, shown
from core.specs import Augmentation, Colour, DatasetState, Recipe, Resize, Window, default_recipe
from tests.core.images.dicom_files import dicom

HU = {"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -1000, "WindowCenter": 0.5, "WindowWidth": 401}


@pytest.fixture
def slices(home, tmp_path):
    """The id of an accepted set of CT slices of 8 px with values from -1,000 to 1,000 HU, and the files."""
    random, files = np.random.default_rng(0), {}
    for number in range(24):
        pixels = random.integers(0, 2001, (8, 8)).astype(np.uint16)
        pixels[0, :2] = 0, 2000
        files[f"{'ab'[number % 2]}/{number:02}.dcm"] = dicom(pixels, **HU)
    path = tmp_path / "slices.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    dataset_id = actions.import_dataset(home, path, "Slices")
    folder = home.settings.dataset_dir(dataset_id)
    folder.parent.mkdir(parents=True)
    card = import_source(path, folder, home.settings, lambda progress: None, lambda: False)
    home.store.set_card(dataset_id, card)
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.REVIEW)
    actions.accept(home, dataset_id)
    return dataset_id, files["a/00.dcm"]


def test_measured_values_are_seen_through_the_window_and_shown_as_the_file_says(home, slices):
    dataset_id, file = slices
    card = actions.dataset(home, dataset_id).card
    image = decode(file, name="x", max_pixels=64)
    assert default_recipe(card).steps[0] == Window()
    lung = Recipe(steps=(Window(source="preset", preset="lung"), Colour(), Resize(side_px=8)))
    seen = actions.preview(home, dataset_id, 0, lung)
    assert seen.tone == Tone(1.0, -1000.0, -200.0, 200.0, "HU")
    assert (seen.lowest, seen.highest) == (-1000, 1000)
    assert np.array_equal(seen.before, shown(image.pixels, image.tone))
    assert np.array_equal(seen.after, build(lung)(image.pixels, image.tone))
    assert [title for title, _ in seen.stages] == ["Window", "Colour", "Resize"]
    (draw,) = actions.augmented(home, dataset_id, 0, lung, Augmentation(), n=1)
    assert np.array_equal(draw, seen.after)
    png = np.frombuffer(actions.thumbnail_png(home, dataset_id, 0, 0), np.uint8)
    assert np.abs(cv2.imdecode(png, cv2.IMREAD_UNCHANGED) - image.shown / 257).max() <= 0.5


def test_a_preview_shows_what_the_network_will_see(home, accepted):
    recipe = Recipe(steps=(Colour(mode="rgb"), Resize(side_px=24)))
    seen = actions.preview(home, accepted, 5, recipe)
    assert seen.before.shape == (12, 12)
    assert (seen.after.shape, seen.after.dtype) == ((24, 24, 3), np.uint8)
    # every pixel is counted once: 12 * 12 before, 24 * 24 in each of three channels after
    assert seen.before_histogram.sum() == 144
    assert seen.after_histogram.sum(axis=1).tolist() == [576, 576, 576]


def test_draws_of_augmentation_differ_and_come_back_with_their_seed(home, accepted):
    augmentation = Augmentation(rotation_degrees=45)
    ask = (home, accepted, 0, Recipe(), augmentation)
    first, again = actions.augmented(*ask, seed=1), actions.augmented(*ask, seed=1)
    assert len(first) == 8
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0], first[1])


def test_recipes_are_kept_under_a_name(home, accepted):
    recipe, augmentation = Recipe(steps=(Resize(side_px=32), Colour())), Augmentation(flip_horizontal=True)
    kept = actions.save_recipe(home, "  small  ", accepted, recipe, augmentation)
    row = actions.recipes(home, accepted)[0]
    assert (row.id, row.name, row.recipe, row.augmentation) == (kept, "small", recipe, augmentation)
    actions.delete_recipe(home, kept)
    assert actions.recipes(home, accepted) == []


def test_a_recipe_needs_a_name(home, accepted):
    with pytest.raises(BadSetting):
        actions.save_recipe(home, "   ", accepted, Recipe(), Augmentation())
