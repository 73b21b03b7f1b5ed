"""Try a recipe on an image, see what augmentation does to it, save a recipe under a name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.actions.home import Home
from core.actions.shelves import pixels_of
from core.errors import BadSetting
from core.images import Decoded, Tone, augment, build, histogram
from core.specs import Augmentation, Recipe
from core.store import RecipeRow


@dataclass(frozen=True)
class Preview:
    """An image before and after a recipe.

    Attributes:
        before: as it came and is shown without a recipe, `(H, W)` or `(H, W, 3)` uint8 or uint16.
        after: as the network will see it, `(side, side, C)` uint8.
        before_histogram, after_histogram: counts per value, `(256,)` or `(3, 256)` int64.
        stages: title and image after each step.
        tone: what the stored values mean; None where they are shades of grey, or colours.
        lowest, highest: of its values, measured or stored.
    """

    before: np.ndarray
    after: np.ndarray
    before_histogram: np.ndarray
    after_histogram: np.ndarray
    stages: tuple[tuple[str, np.ndarray], ...]
    tone: Tone | None
    lowest: float
    highest: float


def preview(home: Home, dataset_id: str, item_id: int, recipe: Recipe) -> Preview:
    """What a recipe makes of one image of a data set."""
    image, prepare = pixels_of(home, dataset_id, item_id), build(recipe)
    before, after = image.shown, prepare(image.pixels, image.tone)
    stages = tuple(prepare.stages(image.pixels, image.tone))
    return Preview(before, after, histogram(before), histogram(after), stages, image.tone, *_ends(image))


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
    image = pixels_of(home, dataset_id, item_id)
    prepared = build(recipe)(image.pixels, image.tone)
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


def _ends(image: Decoded) -> tuple[float, float]:
    """The lowest and the highest value of an image."""
    tone = image.tone or Tone(1.0, 0.0)
    low, high = sorted(float(end) * tone.slope + tone.intercept for end in (image.pixels.min(), image.pixels.max()))
    return low, high
