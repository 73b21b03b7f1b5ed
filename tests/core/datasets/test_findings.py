"""Each finding says what it found, where, and how much it matters."""

import pandas as pd

from core.datasets.findings import derived
from core.specs import Severity


def items(*rows):
    """A table of (class_index, split, pixel_digest); names are "0", "1", ..."""
    table = pd.DataFrame(rows, columns=["class_index", "split", "pixel_digest"])
    return table.assign(name=[str(number) for number in range(len(table))])


def plenty(index, count=20, start=0):
    """Enough different images of a class for no finding: one each for validation and test, the rest for training."""
    splits = ["val", "test", *["train"] * (count - 2)]
    return [(index, split, f"{index}-{start + number}") for number, split in enumerate(splits)]


def found(*rows, classes=("a", "b")):
    return {finding.rule: finding for finding in derived(items(*rows), classes)}


def test_a_sound_data_set_has_no_findings():
    assert found(*plenty(0), *plenty(1)) == {}


def test_few_images_warn_and_too_few_are_an_error():
    warned = found(*plenty(0), *plenty(1, 19))["few_images"]
    assert (warned.severity, warned.where) == (Severity.WARNING, ("b: 19 images",))
    few = found(*plenty(0), *plenty(1, 2))["few_images"]
    assert (few.severity, few.where) == (Severity.ERROR, ("b: 2 images",))


def test_a_class_without_training_images_is_an_error_without_test_images_a_warning():
    rows = [row if row[1] != "train" else (1, "val", row[2]) for row in plenty(1)]
    assert found(*plenty(0), *rows)["empty_split"].severity is Severity.ERROR
    rows = [row if row[1] != "test" else (1, "val", row[2]) for row in plenty(1)]
    finding = found(*plenty(0), *rows)["empty_split"]
    assert (finding.severity, finding.where) == (Severity.WARNING, ("b",))


def test_copies_in_one_split_are_a_note():
    finding = found(*plenty(0), *plenty(1), (0, "train", "same"), (0, "train", "same"), (0, "train", "same"))
    copies = finding["exact_duplicate"]
    assert copies.severity is Severity.NOTE
    assert copies.where == ("40 (train) = 41 (train) = 42 (train)",)
    assert "1 image stands in the data more than once, pixel for pixel (3 files)" in copies.what


def test_copies_across_splits_are_a_warning_and_come_first():
    rows = [(0, "train", "inside"), (0, "train", "inside"), (0, "train", "across"), (0, "test", "across")]
    copies = found(*plenty(0), *plenty(1), *rows)["exact_duplicate"]
    assert copies.severity is Severity.WARNING
    assert copies.where == ("42 (train) = 43 (test)", "40 (train) = 41 (train)")
    assert "1 of them stands in more than one split" in copies.what


def test_copies_in_two_classes_are_an_error():
    finding = found(*plenty(0), *plenty(1), (0, "train", "same"), (1, "train", "same"))["conflicting_labels"]
    assert (finding.severity, finding.where) == (Severity.ERROR, ("40 (train) = 41 (train)",))


def test_many_copies_are_cut_short():
    finding = found(*plenty(0), *plenty(1), *[(0, "train", "same")] * 10)["exact_duplicate"]
    assert finding.where == ("40 (train) = 41 (train) = 42 (train) = 7 more",)


def test_of_many_groups_a_hundred_are_named():
    rows = [(0, "train", f"copy {number // 2}") for number in range(300)]
    finding = found(*plenty(0, 100), *plenty(1, 100), *rows)["exact_duplicate"]
    assert len(finding.where) == 100
    assert "150 images stand" in finding.what


def alike(*rows):
    """The finding about a sound data set and, from name 40 on, these (class_index, split, pixel_digest, near_group)."""
    table = items(*plenty(0), *plenty(1), *[row[:3] for row in rows])
    table = table.assign(near_group=[-1] * 40 + [row[3] for row in rows])
    return {finding.rule: finding for finding in derived(table, ("a", "b"))}.get("near_duplicate")


def test_near_copies_in_one_split_and_class_are_a_note():
    finding = alike((0, "train", "one", 0), (0, "train", "two", 0), (0, "train", "three", -1))
    assert (finding.severity, finding.where) == (Severity.NOTE, ("40 (train) ≈ 41 (train)",))
    assert finding.what.startswith("2 images look like another one")
    assert finding.what.endswith("in 1 group. No group crosses the split or the classes.")


def test_near_copies_across_classes_and_splits_are_a_warning_and_come_first():
    inside = [(0, "train", "1", 0), (0, "train", "2", 0)]
    across = [(0, "train", "3", 1), (0, "val", "4", 1)]
    torn = [(0, "train", "5", 2), (1, "train", "6", 2)]
    finding = alike(*inside, *across, *torn)
    assert finding.severity is Severity.WARNING
    assert finding.where == (
        "44 (train, a) ≈ 45 (train, b)",
        "42 (train) ≈ 43 (val)",
        "40 (train) ≈ 41 (train)",
    )
    assert "1 stands in more than one split, 1 stands in more than one class" in finding.what


def test_groups_of_equal_pixels_are_told_once():
    assert alike((0, "train", "same", 0), (0, "train", "same", 0)) is None
    assert len(alike((0, "train", "same", 0), (0, "train", "same", 0), (0, "train", "other", 0)).where) == 1


def test_of_many_near_groups_a_hundred_are_named():
    finding = alike(*[(0, "train", str(number), number // 2) for number in range(300)])
    assert len(finding.where) == 100
    assert "300 images look like another one" in finding.what
    assert "in 150 groups" in finding.what
    assert "The first 100 of 150 are named." in finding.what


def test_a_table_of_an_earlier_version_has_no_near_duplicates():
    assert "near_duplicate" not in found(*plenty(0), *plenty(1))


def test_three_times_as_many_images_are_an_imbalance():
    assert "imbalance" not in found(*plenty(0, 59), *plenty(1, 20))  # 59 / 20 = 2.95
    finding = found(*plenty(0, 60), *plenty(1, 20))["imbalance"]
    assert finding.severity is Severity.NOTE
    assert finding.where == ("a: 60 images", "b: 20 images")
    assert "3.0 times" in finding.what
