"""Defaults that follow from the data: the recipe a new data set starts with."""

from __future__ import annotations

from core.specs.dataset import DatasetCard
from core.specs.recipe import Recipe
from core.specs.steps import Colour, Resize
from core.specs.window import Window


def default_recipe(card: DatasetCard) -> Recipe:
    """Grey for grey data, RGB otherwise; the data's median side, 224 px at most; measured values as the file shows."""
    steps = (Colour(mode="grey" if card.grey else "rgb"), Resize(side_px=card.default_side_px))
    return Recipe(steps=(Window(), *steps) if card.windowed else steps)
