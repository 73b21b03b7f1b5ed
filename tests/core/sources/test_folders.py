"""Class and split as folders tell them."""

import pytest

from core.sources.labels.folders import places


def found(*names):
    return [(place.class_name, place.split) for place in places(names)]


def test_class_folders_at_the_top_or_below_one_root():
    assert found("a/1.png", "b/1.png") == [("a", ""), ("b", "")]
    assert found("root/a/1.png", "root/b/1.png") == [("a", ""), ("b", "")]
    assert found("x/y/z/a/1.png", "x/y/z/b/1.png") == [("a", ""), ("b", "")]


def test_the_class_is_the_folder_that_holds_the_image():
    assert found("site 1/a/1.png", "site 2/deep/b/1.png") == [("a", ""), ("b", "")]


@pytest.mark.parametrize(
    ("train", "val", "test"),
    [("train", "val", "test"), ("TRAINING", "Validation", "Testing"), ("Train", "valid", "TEST")],
)
def test_split_folders_are_honoured_above_or_below_the_class(train, val, test):
    names = [f"r/{train}/a/1.png", f"r/{val}/b/1.png", f"r/{test}/a/1.png"]
    assert found(*names) == [("a", "train"), ("b", "val"), ("a", "test")]
    assert found(f"a/{train}/1.png", f"b/{test}/1.png") == [("a", "train"), ("b", "test")]


def test_beside_a_folder_for_training_other_words_are_splits_too():
    names = ["r/train/a/1.png", "r/dev/b/1.png", "r/Held-out set/a/1.png"]
    assert found(*names) == [("a", "train"), ("b", "val"), ("a", "test")]
    assert found("a/train/1.png", "b/holdout/1.png") == [("a", "train"), ("b", "test")]


def test_elsewhere_these_words_are_classes():
    assert found("external/1.png", "internal/1.png") == [("external", ""), ("internal", "")]
    names = ["train/external/1.png", "test/internal/1.png"]
    assert found(*names) == [("external", "train"), ("internal", "test")]


def test_a_single_part_is_no_split():
    assert found("train/a/1.png", "train/b/1.png") == [("a", ""), ("b", "")]
    assert found("data/val/a/1.png", "data/test/b/1.png") == [("a", ""), ("b", "")]


def test_a_class_may_be_called_training():
    assert found("training/1.png", "control/1.png") == [("training", ""), ("control", "")]


def test_an_image_in_no_class_folder_has_no_class():
    assert found("1.png", "a/1.png", "b/1.png") == [("", ""), ("a", ""), ("b", "")]
    assert found("train/1.png", "train/a/1.png", "test/b/1.png") == [("", "train"), ("a", "train"), ("b", "test")]
    assert found("train/1.png", "test/2.png") == [("", ""), ("", "")]


def test_nothing_gives_nothing():
    assert places([]) == []
