"""The folder of a data set appears whole or not at all, with progress on the way; real sets come in as they are."""

import errno
import sys
import tracemalloc
import zipfile
from functools import partial

import cv2
import numpy as np
import pytest

from core.datasets import Shelf, import_practice, import_source
from core.errors import BadDataset, DataGone, DiskFull, Stopped
from core.images import Readers
from core.specs import Labelling, Origin, OriginKind, Severity, Split, SplitConfig
from tests.core.sources.sources import class_folders, rules

PARTS = (Split.TRAIN, Split.VALIDATION, Split.TEST)


def silent(progress):
    """Nobody listens."""


def go_on():
    return False


def counts(card, split):
    return [by_split[split] for by_split in card.counts]


def test_progress_counts_images_from_none_to_all(make_zip, folder, settings):
    seen = []
    import_source(make_zip(class_folders({"a": 6, "b": 4})), folder, settings, seen.append, go_on)
    assert (seen[0].stage, seen[0].done, seen[0].total, seen[0].unit) == ("Reading images", 0, 10, "images")
    assert (seen[-1].done, seen[-1].share) == (10, 1.0)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)


def test_a_stop_leaves_nothing(make_zip, folder, settings):
    answers = iter([False, False, True])
    with pytest.raises(Stopped):
        import_source(make_zip(class_folders({"a": 6, "b": 4})), folder, settings, silent, lambda: next(answers))
    assert list(folder.parent.iterdir()) == []


def test_a_disk_that_becomes_full_leaves_nothing_and_says_so(make_zip, folder, settings, monkeypatch):
    path = make_zip(class_folders({"a": 6, "b": 4}))

    def full(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.sources.originals._write_new", full)
    with pytest.raises(DiskFull):
        import_source(path, folder, settings, silent, go_on)
    assert list(folder.parent.iterdir()) == []


def test_a_disk_with_too_little_room_is_noticed_before(make_zip, folder, settings, monkeypatch):
    class Usage:
        free = 1000

    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage)
    files = class_folders({"a": 6, "b": 4})
    with pytest.raises(DiskFull, match=r"0\.0 MiB are free"):
        import_source(make_zip(files), folder, settings, silent, go_on)
    assert list(folder.parent.iterdir()) == []


def test_what_another_import_is_building_is_left_alone(make_zip, folder, settings):
    other = folder.with_name(folder.name + ".other.part")
    other.mkdir(parents=True)
    import_source(make_zip(class_folders({"a": 6, "b": 4})), folder, settings, silent, go_on)
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "items.parquet", "originals"]
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, other.name]


def test_a_second_import_of_the_same_id_takes_the_place_of_the_first(make_zip, folder, settings):
    import_source(make_zip(class_folders({"a": 6, "b": 4})), folder, settings, silent, go_on)
    import_source(make_zip(class_folders({"c": 3, "d": 4})), folder, settings, silent, go_on)
    assert Shelf(folder).card.classes == ("c", "d")
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_an_import_that_fails_leaves_what_was_there(make_zip, folder, settings):
    card = import_source(make_zip(class_folders({"a": 6, "b": 4})), folder, settings, silent, go_on)
    with pytest.raises(BadDataset):
        import_source(make_zip({"c/1.png": b"no", "d/1.png": b"no"}), folder, settings, silent, go_on)
    assert Shelf(folder).card == card


def test_a_source_that_is_gone_is_told(folder, settings, tmp_path):
    with pytest.raises(DataGone):
        import_source(tmp_path / "gone.zip", folder, settings, silent, go_on)


def test_memory_does_not_grow_with_the_source(make_zip, folder, settings, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 1}, raising=False)
    pixels = np.random.default_rng(0).integers(0, 256, (40, 400, 400, 3), dtype=np.uint8)
    files = {f"{'ab'[i % 2]}/{i}.bmp": cv2.imencode(".bmp", image)[1].tobytes() for i, image in enumerate(pixels)}
    path = make_zip(files, zipfile.ZIP_STORED)
    del pixels, files
    import_source(make_zip(class_folders({"a": 40, "b": 40})), folder, settings, silent, go_on)  # loads all libraries
    tracemalloc.start()
    import_source(path, folder, settings, silent, go_on)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # 40 files of 480 KB are 19 MB; two threads hold at most two files and their pixels at a time, and a few of them
    # as numbers in which strokes of letters are looked for
    assert path.stat().st_size > 19_000_000
    assert peak < 13_000_000


def test_the_source_is_left_as_it_is(make_zip, bring_in):
    path = make_zip(class_folders({"a": 6, "b": 4}))
    before = path.read_bytes()
    bring_in(path)
    assert path.read_bytes() == before


def test_practice_data_come_in_like_any_other_and_say_what_they_are(folder, settings):
    card = import_practice(folder, settings, silent, go_on)
    assert (card.images, card.synthetic, card.source) == (600, True, "practice data (synthetic)")
    # 200 of each kind: 140 + 30 + 30
    assert [counts(card, split) for split in Split] == [[140] * 3, [30] * 3, [30] * 3]
    assert card.findings == ()


def test_breastmnist_comes_in_with_its_own_split(real_data, bring_in):
    card = bring_in(real_data("medmnist/breastmnist.npz")).card
    assert card.has_given_split
    assert [card.count(split) for split in PARTS] == [546, 78, 156]
    assert (card.grey, card.median_width_px, card.bit_depth, card.unreadable) == (True, 28, 8, 0)


def test_pneumoniamnist_comes_in_with_its_own_split_and_its_leak_is_found(real_data, bring_in):
    card = bring_in(real_data("medmnist/pneumoniamnist.npz")).card
    assert [card.count(split) for split in PARTS] == [4708, 524, 624]
    finding = rules(card)["exact_duplicate"]
    assert finding.severity is Severity.WARNING
    assert "8 of them stand in more than one split" in finding.what  # the set's own README counts them


def test_blood_cells_come_in_by_folder(real_data, bring_in, tmp_path):
    source = real_data("blood_cells_bccd")
    path = tmp_path / "cells.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.rglob("*.*"):
            archive.write(file, file.relative_to(source.parent))
    card = bring_in(path).card
    assert card.classes == ("Platelets", "RBC", "WBC")
    assert [sum(by_split.values()) for by_split in card.counts] == [361, 1500, 372]
    assert card.images == 2233
    assert rules(card)["imbalance"].severity is Severity.NOTE


def test_every_group_of_copies_in_the_lung_histology_is_found(real_data, bring_in):
    card = bring_in(real_data("lung_histology_lc25000")).card
    assert (card.images, card.unreadable) == (1800, 0)
    finding = rules(card)["exact_duplicate"]
    # 15 groups, as the set's own README says; each name is plain beside its class folder, and so stays
    assert finding.what.startswith("15 images stand in the data more than once, pixel for pixel (30 files).")
    assert len(finding.where) == 15
    assert all(line.startswith(("lung_aca/lungaca", "lung_n/lungn", "lung_scc/lungscc")) for line in finding.where)


BY_TABLE = Labelling(
    label=Origin(kind=OriginKind.COLUMN, name="projection"),
    patient=Origin(kind=OriginKind.COLUMN, name="patient_id"),
    split=Origin(),
    table="data.csv",
    image_column="image_id",
)


def test_no_patient_of_x_rays_is_in_two_splits_unless_they_are_divided_by_image(real_data, bring_in):
    shelf = bring_in(real_data("chest_xray_hannover"), BY_TABLE)
    card = shelf.card
    # the table: 243 rows of 71 patients, 194 ap and 49 pa
    assert (card.images, card.classes, card.patients) == (243, ("ap", "pa"), 71)
    assert [sum(by_split.values()) for by_split in card.counts] == [194, 49]
    assert card.patient_name == "patient_id"
    assert sum(card.patients_per_split.values()) == 71
    assert shelf.items.groupby("patient")["split"].nunique().max() == 1
    assert "patient_in_two_splits" not in rules(card)
    again = shelf.resplit(SplitConfig(by="image"))
    finding = rules(again)["patient_in_two_splits"]
    assert finding.severity is Severity.WARNING
    assert finding.what.startswith(f"{len(finding.where)} of 71 patients have images in more than one split")
    assert sum(again.patients_per_split.values()) > 71
    for fold in (1, 2, 3):
        card = shelf.resplit(SplitConfig(folds=3, fold=fold))
        assert "patient_in_two_splits" not in rules(card)
        assert all(count > 0 for by_split in card.counts for count in by_split.values())


MEMORY_OF_A_READER = 2**30


def most_memory():
    """The most that this process, and any that it started, ever held: bytes."""
    resource = pytest.importorskip("resource", reason="how much memory was held is told on Linux and macOS alone")
    unit = 1 if sys.platform == "darwin" else 1024
    return [resource.getrusage(who).ru_maxrss * unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def test_hostile_images_are_read_or_listed_each(real_data, bring_in, tmp_path, monkeypatch):
    files = [path for path in sorted(real_data("hostile_images").rglob("*")) if path.is_file()]
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, file in enumerate(files):
            archive.write(file, f"{'ab'[number % 2]}/{number:03d}{file.suffix}")
    monkeypatch.setattr("core.datasets.reading.Readers", partial(Readers, memory_bytes=MEMORY_OF_A_READER))
    before = most_memory()
    card = bring_in(path).card
    grown = [after - memory for after, memory in zip(most_memory(), before, strict=True)]
    assert max(grown) <= 2 * MEMORY_OF_A_READER
    found = rules(card)
    listed = len(found["not_an_image"].where) + card.unreadable
    assert len(files) >= 600
    assert card.images + listed == len(files)  # none of them comes in as more than one image
    assert min(card.images, card.unreadable) > 250
    assert found["unreadable_file"].what.startswith(f"{card.unreadable} of ")


def test_a_turned_copy_is_found_and_looked_for_again_with_another_split(bring_in, make_zip):
    files = class_folders({"a": 6, "b": 6})
    pixels = cv2.imdecode(np.frombuffer(files["a/0.png"], np.uint8), cv2.IMREAD_COLOR)
    files["b/turned.png"] = cv2.imencode(".png", np.ascontiguousarray(np.rot90(pixels)))[1].tobytes()
    shelf = bring_in(make_zip(files))
    [where] = rules(shelf.card)["near_duplicate"].where
    assert where.startswith("a/0.png (")
    assert " ≈ b/turned.png (" in where
    again = rules(shelf.resplit(SplitConfig(seed=1)))["near_duplicate"]
    assert len(again.where) == 1
