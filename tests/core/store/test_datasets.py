"""Data sets and recipes as they are remembered."""

import pytest

from core.errors import NotFound
from core.specs import Augmentation, Colour, DatasetState, JobKind, Recipe, Resize, Task


@pytest.fixture
def dataset(store):
    store.add_dataset("ds_a", "A", Task.CLASSIFICATION)
    return "ds_a"


def test_a_new_data_set_is_importing_and_has_no_card(store, dataset):
    row = store.dataset(dataset)
    assert (row.name, row.task, row.state, row.card, row.created_at) == (
        "A",
        Task.CLASSIFICATION,
        DatasetState.IMPORTING,
        None,
        1000.0,
    )


def test_a_card_comes_back_as_it_went_in_hostile_names_included(store, dataset, card):
    store.set_card(dataset, card)
    assert store.dataset(dataset).card == card


def test_data_sets_are_listed_newest_first(store, dataset, clock):
    clock.now += 1
    store.add_dataset("ds_b", "B", Task.CLASSIFICATION)
    assert [row.id for row in store.datasets()] == ["ds_b", "ds_a"]


def test_a_state_moves_only_from_where_it_is_and_says_whether_it_did(store, dataset):
    assert store.move_dataset(dataset, {DatasetState.IMPORTING}, DatasetState.REVIEW)
    assert not store.move_dataset(dataset, {DatasetState.IMPORTING}, DatasetState.FAILED)
    assert store.dataset(dataset).state is DatasetState.REVIEW


def test_a_deleted_data_set_takes_its_recipes_and_its_import_along(store, dataset):
    recipe = store.save_recipe("grey", dataset, Recipe(), Augmentation())
    store.submit("imp_a", JobKind.IMPORT, dataset, {})
    store.request_stop("imp_a")
    store.delete_dataset(dataset)
    with pytest.raises(NotFound):
        store.dataset(dataset)
    with pytest.raises(NotFound):
        store.recipe(recipe)
    assert store.jobs() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda store, card: store.dataset("ds_none"),
        lambda store, card: store.rename_dataset("ds_none", "x"),
        lambda store, card: store.set_card("ds_none", card),
        lambda store, card: store.delete_dataset("ds_none"),
        lambda store, card: store.recipe("rec_none"),
        lambda store, card: store.delete_recipe("rec_none"),
        lambda store, card: store.save_recipe("x", "ds_none", Recipe(), Augmentation()),
    ],
)
def test_what_is_not_there_is_not_found(store, card, ask):
    with pytest.raises(NotFound) as refused:
        ask(store, card)
    assert refused.value.remedy


def test_recipes_come_back_as_they_went_in_newest_first(store, dataset, clock):
    recipe = Recipe(steps=(Colour(mode="rgb"), Resize(side_px=48)))
    first = store.save_recipe("48 px", dataset, recipe, Augmentation())
    clock.now += 1
    second = store.save_recipe("default", dataset, Recipe(), Augmentation())
    assert [row.id for row in store.recipes(dataset)] == [second, first]
    assert store.recipe(first).recipe == recipe
    assert store.recipe(first).augmentation == Augmentation()
    store.delete_recipe(first)
    assert [row.id for row in store.recipes(dataset)] == [second]
