"""What lies on the shelf of a data set can be read, divided anew, and is missed in words when it is gone."""

import pytest

from core.datasets import Shelf
from core.errors import BadSetting, DataGone, NotFound
from core.specs import Split, SplitConfig
from tests.core.sources.sources import class_folders, picture, rules


@pytest.fixture
def shelf(make_zip, bring_in):
    return bring_in(make_zip(class_folders({"a": 20, "b": 20})))


@pytest.fixture
def shelf_with_split(make_zip, bring_in):
    parts = [class_folders({"a": 10, "b": 10}, f"{part}/") for part in ("train", "val", "test")]
    return bring_in(make_zip(parts[0] | parts[1] | parts[2]))


def test_another_split_is_drawn_and_written(shelf):
    # 50/25/25 of 20: 10 + 5 + 5
    config = SplitConfig(train_percent=50, val_percent=25, test_percent=25, seed=3)
    card = shelf.resplit(config)
    assert card.counts == ({Split.TRAIN: 10, Split.VALIDATION: 5, Split.TEST: 5},) * 2
    assert shelf.card == card
    again = Shelf(shelf.folder)
    assert again.card == card
    assert again.items["split"].tolist() == shelf.items["split"].tolist()
    assert (again.items["split"] == "train").sum() == 20


def test_the_content_digest_does_not_know_the_split(shelf):
    before = shelf.card.content_digest
    assert shelf.resplit(SplitConfig(seed=9)).content_digest == before


def test_the_given_split_comes_back(shelf_with_split):
    given = shelf_with_split.items["split"].tolist()
    shelf_with_split.resplit(SplitConfig(seed=5))
    assert shelf_with_split.items["split"].tolist() != given
    card = shelf_with_split.resplit(SplitConfig(source="given"))
    assert shelf_with_split.items["split"].tolist() == given
    assert card.has_given_split


def test_a_given_split_that_is_not_there_is_refused(shelf):
    with pytest.raises(BadSetting):
        shelf.resplit(SplitConfig(source="given"))


def test_findings_about_the_split_follow_it_and_others_stay(make_zip, bring_in):
    copy = picture(99)
    files = class_folders({"a": 20, "b": 20}, "train/") | class_folders({"a": 20, "b": 20}, "test/")
    files |= {"train/a/copy.png": copy, "test/a/copy.png": copy, "train/a/bad.png": b"no"}
    shelf = bring_in(make_zip(files))
    assert "1 of them stands in more than one split" in rules(shelf.card)["exact_duplicate"].what
    for seed in range(50):  # until both copies fall into training
        card = shelf.resplit(SplitConfig(seed=seed))
        if set(shelf.items.loc[shelf.items["name"].str.endswith("copy.png"), "split"]) == {"train"}:
            break
    assert "No copies cross the split" in rules(card)["exact_duplicate"].what
    assert "unreadable_file" in rules(card)


def test_the_positive_class_is_remembered(shelf):
    assert shelf.card.positive_class is None
    assert shelf.set_positive(1).positive_class == 1
    assert Shelf(shelf.folder).card.positive_class == 1
    for index in (-1, 2):
        with pytest.raises(BadSetting):
            shelf.set_positive(index)


def test_three_classes_have_no_positive_one(make_zip, bring_in):
    with pytest.raises(BadSetting):
        bring_in(make_zip(class_folders({"a": 3, "b": 3, "c": 3}))).set_positive(0)


def test_what_is_gone_is_missed_in_words(shelf):
    (shelf.folder / "originals" / shelf.items["file"][3]).unlink()
    with pytest.raises(DataGone, match=r"a/3\.png"):
        shelf.original(3)
    for missing in (-1, 40):
        with pytest.raises(NotFound):
            shelf.original(missing)
    (shelf.folder / "items.parquet").write_bytes(b"damaged")
    with pytest.raises(DataGone):
        _ = Shelf(shelf.folder).items
    (shelf.folder / "card.json").unlink()
    with pytest.raises(DataGone):
        Shelf(shelf.folder)


def test_writing_leaves_nothing_beside(shelf):
    shelf.resplit(SplitConfig(seed=9))
    shelf.set_positive(0)
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["card.json", "items.parquet", "originals"]
