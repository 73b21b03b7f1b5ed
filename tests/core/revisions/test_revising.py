"""A revision says what it changed, keeps what it did not, and can be taken back; what it cannot do it refuses."""

import pandas as pd
import pytest

from core.datasets import Shelf
from core.errors import BadDataset, BadSetting, DataGone, NotFound, Stopped, WrongState
from core.revisions.revising import can_undo, forget_past, revise, undo
from core.specs import (
    Edits,
    Exclude,
    Place,
    Relabel,
    RenameClass,
    Sample,
    Split,
    SplitConfig,
)
from tests.core.sources.sources import class_folders, rules


@pytest.fixture
def shelf(make_zip, bring_in):
    """Two classes of 20: 14 for training, 3 for validation, 3 for test in each."""
    return bring_in(make_zip(class_folders({"a": 20, "b": 20})))


@pytest.fixture
def change(settings):
    """Make a revision, in place unless a folder is named; the shelf of it."""

    def go(shelf, *edits, folder=None, other=None, stop=False):
        folder = folder or shelf.folder
        revise(shelf, Edits(edits=edits), folder, settings, lambda _: None, lambda: stop, other or nobody)
        return Shelf(folder)

    return go


def nobody(dataset_id):
    raise AssertionError("no other data set was asked for")


def everything(folder):
    """Every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_images_are_left_out_and_the_others_keep_their_split(shelf, change):
    before = shelf.items.set_index("pixel_digest")["split"]
    left = change(shelf, Exclude(item_ids=(0, 1, 25)))
    assert (left.card.images, len(left.items), left.card.revision) == (37, 37, 2)
    assert left.items["item_id"].tolist() == list(range(37))
    assert left.card.changes[-1].what == "Left out 3 images (2 of “a”, 1 of “b”)."
    assert (left.card.changes[-1].images, left.card.changes[-1].revision) == (3, 2)
    after = left.items.set_index("pixel_digest")["split"]
    assert after.equals(before[after.index])
    assert sum(left.card.count(split) for split in Split) == 37


def test_images_get_another_class_also_a_new_one(shelf, change):
    changed = change(
        shelf, Relabel(item_ids=tuple(range(5)), label="b"), Relabel(item_ids=(5, 6, 7), label=" new\n one ")
    )
    assert changed.card.classes == ("a", "b", "new one")
    assert changed.items["class_index"].value_counts().to_dict() == {0: 12, 1: 25, 2: 3}
    assert changed.card.changes[-1].what == (
        "Gave 5 images the class “b” (5 of “a” before). Gave 3 images the class “new one” (3 of “a” before)."
    )
    assert "few_images" in rules(changed.card)
    assert changed.card.content_digest != shelf.card.content_digest


def test_a_class_is_renamed_and_classes_are_put_together(make_zip, bring_in, change):
    shelf = bring_in(make_zip(class_folders({"a": 10, "b": 10, "c": 10})))
    renamed = change(shelf, RenameClass(class_index=0, label="z"))
    assert renamed.card.classes == ("z", "b", "c")
    assert renamed.items["class_index"].tolist() == shelf.items["class_index"].tolist()
    together = change(renamed, RenameClass(class_index=2, label="z"))
    assert together.card.classes == ("z", "b")
    assert together.items["class_index"].value_counts().to_dict() == {0: 20, 1: 10}
    assert [change.what for change in together.card.changes] == [
        "Renamed “a” to “z”.",
        "Put “c” together with “z” (10 images).",
    ]


def test_the_positive_class_is_followed_by_its_name(shelf, change):
    shelf.set_positive(0)
    assert change(shelf, RenameClass(class_index=0, label="ill")).card.positive_class == 0
    three = change(Shelf(shelf.folder), Relabel(item_ids=tuple(range(5)), label="c"))
    assert three.card.positive_class is None


def test_what_is_placed_stays_there_when_the_split_is_drawn_anew(shelf, change):
    in_test = tuple(int(i) for i in shelf.items["item_id"][shelf.items["split"] == "test"])
    placed = change(shelf, Place(item_ids=in_test, split=Split.TRAIN), Place(item_ids=(0, 20), split=Split.TEST))
    assert placed.items["split"].iloc[[0, 20]].tolist() == ["test", "test"]
    for seed in range(3):
        placed.resplit(SplitConfig(seed=seed))
        assert placed.items["split"].iloc[[0, 20]].tolist() == ["test", "test"]
        assert set(
            placed.items["split"][placed.items["item_id"].isin(in_test) & ~placed.items["item_id"].isin((0, 20))]
        ) == {"train"}


def test_a_patient_is_placed_as_a_whole(shelf, change):
    items = shelf.items.assign(patient=["p1"] * 3 + ["p2"] * 3 + [""] * 34)
    items.to_parquet(shelf.folder / "items.parquet", index=False)
    placed = change(Shelf(shelf.folder), Place(item_ids=(1,), split=Split.TEST))
    assert placed.items["split"].iloc[:3].tolist() == ["test"] * 3
    assert placed.card.changes[-1].what == (
        "Put 1 image into test, and 2 more that belong to the same patients or files."
    )
    assert placed.card.patients == 2


@pytest.mark.parametrize(
    ("edits", "error", "words"),
    [
        ((Exclude(item_ids=tuple(range(20))),), BadDataset, "'a' would have no image"),
        ((Relabel(item_ids=tuple(range(20)), label="c"),), BadDataset, "'a' would have no image"),
        ((RenameClass(class_index=0, label="b"),), BadDataset, "all images would be of the class 'b'"),
        ((Exclude(item_ids=()),), BadSetting, "No image was chosen"),
        ((Exclude(item_ids=(40,)),), NotFound, "no image number 40"),
        ((Exclude(item_ids=(-1,)),), NotFound, "no image number -1"),
        ((Relabel(item_ids=(0,), label=" \n "),), BadSetting, "needs a name"),
        ((Relabel(item_ids=(0,), label="a"),), BadSetting, "have the class 'a' already"),
        ((RenameClass(class_index=2, label="x"),), NotFound, "no class number 2"),
        ((RenameClass(class_index=0, label="a"),), BadSetting, "called 'a' already"),
        ((Exclude(item_ids=(1,)), Exclude(item_ids=(77,))), NotFound, "no image number 77"),
        (
            (Place(item_ids=tuple(range(40)), split=Split.TEST),),
            BadDataset,
            "would have no image in the training split",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(shelf, change, edits, error, words):
    before = everything(shelf.folder)
    with pytest.raises(error, match=words) as caught:
        change(shelf, *edits)
    assert caught.value.remedy.endswith(".")
    assert everything(shelf.folder) == before


def test_an_edit_that_follows_another_speaks_of_the_same_numbers(shelf, change):
    third = shelf.items["pixel_digest"].iloc[3]
    changed = change(shelf, Exclude(item_ids=(0, 1, 2)), Relabel(item_ids=(0, 3), label="b"))
    row = changed.items[changed.items["pixel_digest"] == third].iloc[0]
    assert (int(row["item_id"]), int(row["class_index"])) == (0, 1)


def test_changes_are_taken_back_one_by_one(shelf, change):
    cards, tables = [shelf.card], [shelf.items]
    for edit in (Exclude(item_ids=(0,)), Relabel(item_ids=(0,), label="b")):
        changed = change(Shelf(shelf.folder), edit)
        cards.append(changed.card)
        tables.append(changed.items)
    for revision in (1, 0):
        assert can_undo(Shelf(shelf.folder))
        assert undo(Shelf(shelf.folder)) == cards[revision]
        pd.testing.assert_frame_equal(Shelf(shelf.folder).items, tables[revision])
    assert not can_undo(Shelf(shelf.folder))
    with pytest.raises(WrongState, match="no change to take back"):
        undo(Shelf(shelf.folder))


def test_a_split_drawn_since_is_drawn_again_for_what_comes_back(shelf, change):
    changed = change(shelf, Exclude(item_ids=(0,)))
    changed.resplit(SplitConfig(seed=7))
    card = undo(Shelf(shelf.folder))
    assert (card.images, card.split.seed, card.revision) == (40, 7, 1)


def test_a_change_after_an_undo_can_be_taken_back_as_well(shelf, change):
    change(shelf, Exclude(item_ids=(0,)))
    undo(Shelf(shelf.folder))
    assert change(Shelf(shelf.folder), Exclude(item_ids=(1, 2))).card.revision == 2
    assert undo(Shelf(shelf.folder)).images == 40


def test_what_was_left_out_is_gone_once_the_past_is_forgotten(shelf, change):
    file = shelf.folder / "originals" / shelf.items["file"].iloc[0]
    left = change(shelf, Exclude(item_ids=(0,)))
    assert file.exists()
    forget_past(left)
    assert not file.exists()
    assert not can_undo(left)
    assert sorted(path.name for path in left.folder.iterdir()) == ["card.json", "items.parquet", "originals"]
    assert all(left.original(item_id) for item_id in range(39))


def test_a_revision_beside_shares_the_files_and_leaves_the_parents_alone(shelf, change, settings):
    before = everything(shelf.folder)
    child = change(shelf, Exclude(item_ids=(0,)), folder=settings.dataset_dir("ds_child"))
    assert everything(shelf.folder) == before
    assert (child.card.parent, child.card.revision, child.card.images) == ("ds_test", 2, 39)
    files = list((child.folder / "originals").glob("*/*"))
    assert len(files) == 39
    for path in files:
        assert path.samefile(shelf.folder / "originals" / path.parent.name / path.name)
    assert not can_undo(child)
    grandchild = change(child, Exclude(item_ids=(0,)))
    assert (grandchild.card.parent, grandchild.card.revision) == ("ds_test", 3)
    assert everything(shelf.folder) == before


def test_where_there_are_no_hard_links_files_are_copied(shelf, change, settings, monkeypatch):
    def refused(*paths, **more):
        raise OSError(1, "operation not permitted")

    monkeypatch.setattr("os.link", refused)
    child = change(shelf, Exclude(item_ids=(0,)), folder=settings.dataset_dir("ds_child"))
    assert child.original(0) == shelf.original(1)
    assert len(list((child.folder / "originals").glob("*/*"))) == 39


@pytest.mark.parametrize("beside", [False, True])
def test_a_stop_and_a_lost_file_change_nothing(shelf, change, settings, beside):
    folder = settings.dataset_dir("ds_child") if beside else shelf.folder
    before = everything(shelf.folder)
    with pytest.raises(Stopped):
        change(shelf, Exclude(item_ids=(0,)), folder=folder, stop=True)
    assert everything(shelf.folder) == before
    if beside:
        (shelf.folder / "originals" / shelf.items["file"].iloc[9]).unlink()
        with pytest.raises(DataGone):
            change(shelf, Exclude(item_ids=(0,)), folder=folder)
    assert [path.name for path in folder.parent.iterdir()] == ["ds_test"]


def test_a_sample_keeps_the_shares_of_the_splits(make_zip, bring_in, change):
    shelf = bring_in(make_zip(class_folders({"a": 40, "b": 20, "c": 8})))
    sampled = change(shelf, Sample(per_class=10, seed=3))
    # a: 28/6/6 of 40 to 10: 7 + 1.5 + 1.5; b: 14/3/3 of 20: 7 + 1.5 + 1.5; c has fewer than 10 and stays as it is
    assert sampled.items["class_index"].value_counts().sort_index().tolist() == [10, 10, 8]
    for index in (0, 1):
        counts = sampled.card.counts[index]
        assert counts[Split.TRAIN] == 7
        assert {counts[Split.VALIDATION], counts[Split.TEST]} == {1, 2}
    assert sampled.card.counts[2] == shelf.card.counts[2]
    assert sampled.card.changes[-1].what == "Kept at most 10 of each class by chance (seed 3): 28 images of 68."
    undo(sampled)
    again = change(Shelf(shelf.folder), Sample(per_class=10, seed=3))
    assert again.items["pixel_digest"].tolist() == sampled.items["pixel_digest"].tolist()


def test_a_sample_divides_no_patient(make_zip, bring_in, change):
    shelf = bring_in(make_zip(class_folders({"a": 40, "b": 40})))
    items = shelf.items.assign(patient=[f"p{number // 4}" for number in range(80)])
    items.to_parquet(shelf.folder / "items.parquet", index=False)
    drawn = Shelf(shelf.folder)
    drawn.resplit(SplitConfig())
    sampled = change(drawn, Sample(per_class=22))
    assert set(sampled.items["patient"].value_counts()) == {4}
    # whole patients of 4 into at most 22: five of them are 20, or fewer where a split's share is not whole
    assert all(12 <= count <= 22 for count in sampled.items["class_index"].value_counts())
    assert all(sampled.card.count(split) for split in Split)


def test_a_sample_too_small_for_any_patient_is_refused(make_zip, bring_in, change):
    shelf = bring_in(make_zip(class_folders({"a": 40, "b": 40})))
    items = shelf.items.assign(patient=[f"p{number // 4}" for number in range(80)])
    items.to_parquet(shelf.folder / "items.parquet", index=False)
    with pytest.raises(BadSetting, match=r"no image of 'a' remains: .* its smallest has 4") as refused:
        change(Shelf(shelf.folder), Sample(per_class=3))
    assert refused.value.remedy == "Allow at least 4 of each class."
