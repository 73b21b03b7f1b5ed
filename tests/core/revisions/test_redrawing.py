"""Another split or fold is a change like any other: told in the card, made beside an accepted set."""

import pytest

from core.datasets import Shelf
from core.errors import BadSetting
from core.revisions.revising import revise
from core.specs import DrawSplit, Edits, Place, Split, SplitConfig
from tests.core.sources.sources import class_folders


@pytest.fixture
def shelf(make_zip, bring_in):
    """Two classes of 20."""
    return bring_in(make_zip(class_folders({"a": 20, "b": 20})))


@pytest.fixture
def change(settings):
    """Make a revision, in place unless a folder is named; the shelf of it."""

    def go(shelf, *edits, folder=None):
        folder = folder or shelf.folder
        revise(shelf, Edits(edits=edits), folder, settings, lambda _: None, lambda: False, Shelf)
        return Shelf(folder)

    return go


def folded(fold):
    """The first of these also says what the test has to keep: 20 % of 20 are 4 images of each class."""
    return DrawSplit(split=SplitConfig(train_percent=64, val_percent=16, test_percent=20, folds=5, fold=fold))


def images_in(shelf, split):
    return set(shelf.items.loc[shelf.items["split"] == split.value, "name"])


def test_every_fold_is_a_revision_with_the_same_test_images(shelf, change, tmp_path):
    first = change(shelf, folded(1), folder=tmp_path / "one")
    second = change(first, folded(2), folder=tmp_path / "two")
    assert images_in(first, Split.TEST) == images_in(second, Split.TEST)
    assert not images_in(first, Split.VALIDATION) & images_in(second, Split.VALIDATION)
    assert second.card.split == folded(2).split
    assert second.card.count(Split.TEST) == 8
    assert second.card.changes[-1].what == "Drew another split: 64, 16 and 20 %, seed 0, fold 2 of 5."
    assert second.card.parent == "one"
    assert Shelf(shelf.folder).card.split == SplitConfig()  # the one before stays


def test_what_was_placed_by_hand_stays_there(shelf, change):
    item = int(shelf.items.loc[shelf.items["split"] == "train", "item_id"].iloc[0])
    placed = change(shelf, Place(item_ids=(item,), split=Split.TEST))
    other = change(placed, DrawSplit(split=SplitConfig(seed=7)))
    assert other.items["split"][item] == "test"
    assert images_in(other, Split.TEST) != images_in(placed, Split.TEST)


def test_what_is_placed_among_folds_says_so(shelf, change):
    first = change(shelf, folded(1))
    tested = int(first.items.loc[first.items["split"] == "test", "item_id"].iloc[0])
    placed = change(first, Place(item_ids=(tested,), split=Split.VALIDATION))
    assert placed.card.changes[-1].what == "Put 1 image into training and validation, fold by fold."
    assert placed.items["split"][tested] in ("train", "val")


def test_the_split_that_is_there_and_one_that_never_came_are_refused(shelf, change):
    with pytest.raises(BadSetting, match="divided so already"):
        change(shelf, DrawSplit(split=SplitConfig()))
    with pytest.raises(BadSetting, match="without a split of its own"):
        change(shelf, DrawSplit(split=SplitConfig(source="given")))
