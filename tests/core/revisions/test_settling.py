"""Copies are settled all at once: one of each is kept, or each group stands on one side of the split."""

import cv2
import numpy as np
import pytest

from core.datasets import Shelf
from core.datasets.leaks import suspects
from core.errors import BadSetting
from core.revisions.revising import revise
from core.specs import Edits, Place, SettleCopies, Split, SplitConfig
from tests.core.sources.sources import class_folders, picture


def scene(seed, turns=0):
    """A PNG with something to see in it, turned by quarters."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    pixels = cv2.resize(coarse, (48, 48), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".png", np.rot90(pixels, turns))[1].tobytes()


@pytest.fixture
def settle(settings):
    def go(shelf, **how):
        edits = Edits(edits=(SettleCopies(**how),))
        revise(shelf, edits, shelf.folder, settings, lambda _: None, lambda: False, None)
        return Shelf(shelf.folder)

    return go


def kinds(shelf):
    return [(group.kind, group.crossing) for group in suspects(shelf.items, shelf.card.classes)]


@pytest.fixture
def copied(make_zip, bring_in):
    """20 + 20 different images; one image of a in all three splits, one of b twice in training."""
    files = class_folders({"a": 10, "b": 10}, "train/")
    for part in ("val", "test"):
        files |= class_folders({"a": 5, "b": 5}, f"{part}/")
    files |= {f"{part}/a/again.png": picture(99) for part in ("train", "val", "test")}
    files |= {f"train/b/{number}0.png": picture(98) for number in (1, 2)}
    return bring_in(make_zip(files))


def test_one_of_each_is_kept_where_images_are_rarest(copied, settle):
    assert kinds(copied) == [("same_pixels", True), ("same_pixels", False)]
    settled = settle(copied)
    assert kinds(settled) == []
    # 45 files; two copies of the first image and one of the second go
    assert len(settled.items) == 42
    assert settled.card.changes[-1].what == "Left out 3 images that stood in the data more than once."
    digests = copied.items["pixel_digest"]
    three = digests.value_counts().index[0]
    assert settled.items["split"][settled.items["pixel_digest"] == three].tolist() in (["val"], ["test"])


def test_groups_are_put_on_one_side_and_stay_there(copied, settle):
    settled = settle(copied, how="together")
    assert kinds(settled) == [("same_pixels", False), ("same_pixels", False)]
    assert len(settled.items) == 45
    assert settled.card.changes[-1].what.startswith("Put each of 2 groups of copies on one side of the split (")
    others = ~copied.items["pixel_digest"].duplicated(keep=False)
    assert settled.items["split"][others].tolist() == copied.items["split"][others].tolist()
    for seed in range(3):
        settled.resplit(SplitConfig(seed=seed))
        assert {crossing for _, crossing in kinds(settled)} == {False}


def test_groups_that_were_put_together_stay_whole_in_every_fold(make_zip, bring_in, settle):
    """Six pictures stand twice; no later draw parts them, and each image but those of the test validates once."""
    files = class_folders({"a": 34, "b": 34})
    files |= {
        f"{name}/{side}{number}.png": picture([7, number]) for number, name in enumerate("aabbab") for side in "xy"
    }
    settled = settle(bring_in(make_zip(files)), how="together")
    for by in ("patient", "image"):
        folds = []
        for fold in range(1, 6):
            settled.resplit(SplitConfig(by=by, folds=5, fold=fold))
            assert kinds(settled) == [("same_pixels", False)] * 6
            folds.append(settled.items["split"].to_numpy())
        tested = folds[0] == "test"
        assert all(((split == "test") == tested).all() for split in folds)
        assert (sum((split == "val").astype(int) for split in folds) == ~tested).all()


def test_a_fold_that_was_settled_fits_the_folds_that_are_drawn_later(copied, settle):
    copied.resplit(SplitConfig(folds=5, fold=1))
    settled = settle(Shelf(copied.folder), how="together")
    assert settled.card.changes[-1].what == "Put each of 2 groups of copies on one side of the split, in every fold."
    folds = [settled.items["split"].to_numpy()]
    for fold in range(2, 6):
        settled.resplit(SplitConfig(folds=5, fold=fold))
        folds.append(settled.items["split"].to_numpy())
    tested = folds[0] == "test"
    assert (sum((split == "val").astype(int) for split in folds) == ~tested).all()


def test_a_group_that_was_placed_stays_whole_in_every_fold(copied, settings):
    """The three copies of a, chosen with an image that is none of them: only the copies are tied to one another."""
    digests = copied.items["pixel_digest"]
    copies = digests == digests.value_counts().index[0]
    chosen = (*map(int, copied.items["item_id"][copies]), 0)
    edits = Edits(edits=(Place(item_ids=chosen, split=Split.TRAIN),))
    revise(copied, edits, copied.folder, settings, lambda _: None, lambda: False, None)
    shelf = Shelf(copied.folder)
    assert shelf.items["tied"][copies].nunique() == 1
    assert (shelf.items["tied"][~copies] == -1).all()
    for fold in range(1, 6):
        shelf.resplit(SplitConfig(folds=5, fold=fold))
        assert shelf.items["split"][copies].nunique() == 1


def test_an_image_under_two_labels_keeps_both_on_one_side_until_somebody_decides(make_zip, bring_in, settle):
    again = {f"{part}/{name}.png": picture(99) for part in ("train/a", "train/b", "test/b") for name in ("x", "y")}
    files = class_folders({"a": 10, "b": 10}, "train/") | class_folders({"a": 5, "b": 5}, "test/") | again
    settled = settle(bring_in(make_zip(files)))
    assert kinds(settled) == [("conflict", False)]
    assert len(settled.items) == 32  # 30 and one of each class
    with pytest.raises(BadSetting, match="in several classes, on one side"):
        settle(settled)


@pytest.mark.parametrize("how", ["drop", "together"])
def test_near_duplicates_are_settled_when_asked(make_zip, bring_in, settle, how):
    files = {f"{name}/{number}.png": scene([ord(name), number]) for name in "ab" for number in range(12)}
    files |= {f"a/{number}turned.png": scene([ord("a"), number], 1) for number in range(12)}
    shelf = bring_in(make_zip(files))
    assert [kind for kind, _ in kinds(shelf)] == ["near"] * 12
    with pytest.raises(BadSetting, match="no copies to settle"):
        settle(shelf, how=how)
    settled = settle(shelf, how=how, near=True)
    assert not any(crossing for _, crossing in kinds(settled))
    assert len(settled.items) == (24 if how == "drop" else 36)


def test_near_duplicates_of_two_classes_come_to_one_side(make_zip, bring_in, settle):
    files = {f"{name}/{number}.png": scene([ord(name), number]) for name in "ab" for number in range(12)}
    files |= {f"b/{number}turned.png": scene([ord("a"), number], 1) for number in range(12)}
    settled = settle(bring_in(make_zip(files)), near=True)
    assert len(settled.items) == 36  # either label may be right
    assert kinds(settled) == [("near", False)] * 12
