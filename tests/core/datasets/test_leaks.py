"""Images that belong together are grouped, the worst group first."""

import pandas as pd

from core.datasets import Shelf
from core.datasets.leaks import suspects
from core.revisions.revising import revise
from core.specs import Edits, SettleCopies


def table(*rows):
    """A table of (class_index, split, pixel_digest, near_group, patient); ids count from 0."""
    columns = ["class_index", "split", "pixel_digest", "near_group", "patient"]
    items = pd.DataFrame(rows, columns=columns)
    return items.assign(item_id=range(len(items)))


def groups(*rows):
    return [(group.kind, group.item_ids, group.crossing) for group in suspects(table(*rows), ("a", "b"))]


def test_different_images_are_no_suspects():
    assert groups((0, "train", "x", -1, ""), (1, "test", "y", -1, "")) == []


def test_the_worst_come_first():
    rows = [
        (0, "train", "x", -1, ""),  # 0, 1: the same, inside
        (0, "train", "x", -1, ""),
        (0, "train", "n1", 0, ""),  # 2, 3: near, across
        (0, "test", "n2", 0, ""),
        (0, "train", "c", -1, ""),  # 4, 5: two labels, inside
        (1, "train", "c", -1, ""),
        (0, "train", "y", -1, ""),  # 6, 7: the same, across
        (0, "val", "y", -1, ""),
        (0, "train", "d", -1, ""),  # 8, 9: two labels, across
        (1, "test", "d", -1, ""),
        (0, "train", "p1", -1, "p"),  # 10, 11: one patient, across
        (0, "val", "p2", -1, "p"),
        (0, "train", "m1", 1, ""),  # 12, 13: near, of two classes, inside
        (1, "train", "m2", 1, ""),
    ]
    assert groups(*rows) == [
        ("conflict", (8, 9), True),
        ("patient", (10, 11), True),
        ("same_pixels", (6, 7), True),
        ("near", (2, 3), True),
        ("conflict", (4, 5), False),
        ("near", (12, 13), False),
        ("same_pixels", (0, 1), False),
    ]


def test_each_image_comes_with_its_class_and_split():
    (group,) = suspects(table((1, "train", "x", -1, ""), (0, "val", "x", -1, ""), (1, "test", "x", -1, "")), ("a", "b"))
    assert group.labels == ("b", "a", "b")
    assert group.class_indices == (1, 0, 1)
    assert group.splits == ("train", "val", "test")


def test_a_patient_in_one_split_and_images_of_nobody_are_no_suspects():
    rows = [(0, "train", "1", -1, "p"), (1, "train", "2", -1, "p"), (0, "train", "3", -1, ""), (0, "test", "4", -1, "")]
    assert groups(*rows) == []


def test_equal_images_are_not_told_again_as_near_ones():
    assert groups((0, "train", "x", 0, ""), (0, "test", "x", 0, "")) == [("same_pixels", (0, 1), True)]
    three = [(0, "train", "x", 0, ""), (0, "test", "x", 0, ""), (0, "test", "turned", 0, "")]
    assert groups(*three) == [("same_pixels", (0, 1), True), ("near", (0, 1, 2), True)]


def test_a_table_of_an_earlier_version_has_its_equal_images():
    items = table((0, "train", "x", -1, ""), (0, "test", "x", -1, "")).drop(columns=["near_group", "patient"])
    assert [group.kind for group in suspects(items, ("a", "b"))] == ["same_pixels"]


def test_the_real_leak_of_pneumoniamnist_is_found_and_settled(real_data, bring_in, settings):
    shelf = bring_in(real_data("medmnist/pneumoniamnist.npz"))
    crossing = [group for group in of_equal_pixels(shelf) if {"train", "val"} <= {*group.splits}]
    assert len(crossing) == 8
    for how in ("together", "drop"):
        edits = Edits(edits=(SettleCopies(how=how),))
        revise(Shelf(shelf.folder), edits, shelf.folder, settings, lambda _: None, lambda: False, None)
        found = of_equal_pixels(Shelf(shelf.folder))
        assert not any(group.crossing for group in found)
        assert bool(found) == (how == "together")
    assert len(Shelf(shelf.folder).items) == shelf.items["pixel_digest"].nunique()


def of_equal_pixels(shelf):
    groups = suspects(shelf.items, shelf.card.classes)
    return [group for group in groups if group.kind in ("conflict", "same_pixels")]
