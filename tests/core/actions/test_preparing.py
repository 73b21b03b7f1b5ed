import numpy as np
import pytest

from core import actions
from core.errors import BadSetting
from core.specs import Augmentation, Colour, Recipe, Resize


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
