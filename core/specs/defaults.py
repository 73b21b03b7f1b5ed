"""Defaults that follow from the data: the recipe a new data set starts with."""

from __future__ import annotations

from core.specs.dataset import DatasetCard
from core.specs.recipe import Recipe
from core.specs.steps import Colour, Resize


def default_recipe(card: DatasetCard) -> Recipe:
    """Grey for grey data, RGB otherwise; the data's median side, 224 px at most."""
    mode = "grey" if card.grey else "rgb"
    return Recipe(steps=(Colour(mode=mode), Resize(side_px=card.default_side_px)))
