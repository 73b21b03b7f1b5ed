"""Try a recipe on an image, see what augmentation does to it, save a recipe under a name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.actions.home import Home
from core.actions.shelves import pixels_of
from core.errors import BadSetting
from core.images import augment, build, histogram
from core.specs import Augmentation, Recipe
from core.store import RecipeRow


@dataclass(frozen=True)
class Preview:
    """An image before and after a recipe.

    Attributes:
        before: as it came, `(H, W)` or `(H, W, 3)` uint8 or uint16.
        after: as the network will see it, `(side, side, C)` uint8.
        before_histogram, after_histogram: counts per value, `(256,)` or `(3, 256)` int64.
        stages: title and image after each step.
    """

    before: np.ndarray
    after: np.ndarray
    before_histogram: np.ndarray
    after_histogram: np.ndarray
    stages: tuple[tuple[str, np.ndarray], ...]


def preview(home: Home, dataset_id: str, item_id: int, recipe: Recipe) -> Preview:
    """What a recipe makes of one image of a data set."""
    before = pixels_of(home, dataset_id, item_id).pixels
    prepare = build(recipe)
    after = prepare(before)
    return Preview(before, after, histogram(before), histogram(after), tuple(prepare.stages(before)))


def augmented(
    home: Home,
    dataset_id: str,
    item_id: int,
    recipe: Recipe,
    augmentation: Augmentation,
    seed: int = 0,
    n: int = 8,
) -> list[np.ndarray]:
    """`n` random draws of one prepared image as training would see them, each `(side, side, C)` uint8."""
    prepared = build(recipe)(pixels_of(home, dataset_id, item_id).pixels)
    random = np.random.default_rng(seed)
    return [augment(prepared, augmentation, random) for _ in range(n)]


def save_recipe(home: Home, name: str, dataset_id: str, recipe: Recipe, augmentation: Augmentation) -> str:
    """Keep a recipe with its augmentation under a name; its id.

    Raises:
        BadSetting: the name is empty.
    """
    name = " ".join(name.split())[:80]
    if not name:
        raise BadSetting("The recipe has no name.", "Type a name under which you will find it again.")
    return home.store.save_recipe(name, dataset_id, recipe, augmentation)


def recipes(home: Home, dataset_id: str) -> list[RecipeRow]:
    """The saved recipes of a data set, newest first."""
    return home.store.recipes(dataset_id)


def delete_recipe(home: Home, recipe_id: str) -> None:
    """Forget a saved recipe; runs that used it keep their own copy."""
    home.store.delete_recipe(recipe_id)
