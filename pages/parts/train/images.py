"""How the images of a new run are prepared: the draft of Prepare, a saved recipe, a run's own, or the default."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import Augmentation, DatasetCard, Recipe, default_recipe
from pages.parts import configuration, page, session
from pages.parts.prepare.draft import draft_of

Prepared = tuple[str, Recipe, Augmentation]


def choose(data: actions.DatasetRow, card: DatasetCard) -> tuple[Recipe, Augmentation]:
    """Draw the choice and what it means in words; the recipe and the augmentation that were chosen."""
    drafts, choices = session.visitor().drafts, prepared_choices(data, card)
    draft = f"train_recipe:{data.id}"
    wanted = drafts.get(draft)
    st.session_state["train_recipe"] = wanted if wanted in choices else _likeliest(choices)
    st.markdown("### Images")
    chosen = st.selectbox(
        "Prepared with",
        list(choices),
        format_func=lambda key: choices[key][0],
        key="train_recipe",
        on_change=lambda: drafts.update({draft: st.session_state["train_recipe"]}),
        help="The recipe of steps that every image goes through. Make and save recipes on the Prepare page.",
    )
    _, recipe, augmentation = choices[chosen]
    changes = configuration.augmentation_words(augmentation)
    st.caption(
        page.safe(configuration.recipe_words(recipe)) + f"  \nRandom changes of training images: {page.safe(changes)}"
    )
    return recipe, augmentation


def prepared_choices(data: actions.DatasetRow, card: DatasetCard) -> dict[str, Prepared]:
    """The ways to prepare the images that can be chosen, by key; what Prepare holds stands apart only if it is new."""
    drafts = session.visitor().drafts
    choices: dict[str, Prepared] = {}
    like = drafts.get("train_like")
    if like is not None and like[0] == data.id:
        choices["like"] = like[1]
    for row in actions.recipes(session.home(), data.id):
        choices[row.id] = (row.name, row.recipe, row.augmentation)
    choices["default"] = ("Default for these images", default_recipe(card), Augmentation())
    now = _on_prepare(data, card)
    if all(now != choice[1:] for choice in choices.values()):
        choices = {"draft": ("As set on Prepare, not saved", *now), **choices}
    return choices


def follow_prepare(data: actions.DatasetRow, card: DatasetCard) -> bool:
    """Choose what Prepare holds, if it was changed there since Train last looked; whether it was."""
    drafts, now = session.visitor().drafts, _on_prepare(data, card)
    seen = drafts.get(f"train_prepared:{data.id}", (default_recipe(card), Augmentation()))
    drafts[f"train_prepared:{data.id}"] = now
    if now == seen:
        return False
    choices = prepared_choices(data, card)
    drafts[f"train_recipe:{data.id}"] = next(key for key, choice in choices.items() if choice[1:] == now)
    return True


def prepare_like(run: actions.RunRow) -> None:
    """Choose the recipe of a run that ended, as it travelled with it."""
    dataset_id, config = run.config.dataset_id, run.config
    session.visitor().drafts |= {
        "train_like": (dataset_id, (f"As in {run.name}", config.recipe, config.augmentation)),
        f"train_recipe:{dataset_id}": "like",
    }


def _on_prepare(data: actions.DatasetRow, card: DatasetCard) -> tuple[Recipe, Augmentation]:
    draft = draft_of(data.id, card)
    return draft.recipe, draft.augmentation


def _likeliest(choices: dict[str, Prepared]) -> str:
    """What Prepare holds, else the recipe saved last, else the default."""
    return next(key for key in choices if key != "like")
