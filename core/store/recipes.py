"""Saved recipes: how the images of a data set are prepared and augmented, by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from core.specs import Augmentation, Recipe
from core.store.ids import new_id
from core.store.part import Part, gone, plain
from core.store.rows import RecipeRow
from core.store.tables import recipes


class Recipes(Part):
    """Recipes are written once and never changed; they go when their data set goes."""

    def save_recipe(self, name: str, dataset_id: str, recipe: Recipe, augmentation: Augmentation) -> str:
        """Remember a recipe; its id. `NotFound` when the data set is gone."""
        recipe_id = new_id("rec")
        row = {"id": recipe_id, "name": name, "dataset_id": dataset_id, "created_at": self._now()}
        row |= {"recipe": recipe.model_dump_json(), "augmentation": augmentation.model_dump_json()}
        try:
            with self._db.write() as connection:
                connection.execute(insert(recipes).values(row))
        except IntegrityError as error:
            raise gone("data set") from error
        return recipe_id

    def recipe(self, recipe_id: str) -> RecipeRow:
        """One recipe; `NotFound`."""
        with self._db.read() as connection:
            row = connection.execute(select(recipes).where(recipes.c.id == recipe_id)).one_or_none()
        if row is None:
            raise gone("recipe")
        return _read(row)

    def recipes(self, dataset_id: str) -> list[RecipeRow]:
        """The recipes of a data set, newest first."""
        of_this = select(recipes).where(recipes.c.dataset_id == dataset_id)
        with self._db.read() as connection:
            rows = connection.execute(of_this.order_by(recipes.c.created_at.desc(), recipes.c.id)).all()
        return [_read(row) for row in rows]

    def delete_recipe(self, recipe_id: str) -> None:
        """Forget a recipe; runs that used it carry their own copy. `NotFound`."""
        self._change_one(delete(recipes).where(recipes.c.id == recipe_id), "recipe")


def _read(row: Any) -> RecipeRow:
    values = plain(row)
    values["recipe"] = Recipe.model_validate_json(values["recipe"])
    values["augmentation"] = Augmentation.model_validate_json(values["augmentation"])
    return RecipeRow(**values)
