"""Two data sets become one: classes by name, equal images once, nobody's images on two sides."""

import cv2
import numpy as np
import pytest

from core.datasets import Shelf, import_source
from core.datasets.together import write_both
from core.errors import BadSetting
from core.images import decode
from core.revisions.revising import revise
from core.sources.deidentify import hashed_patient
from core.specs import (
    Edits,
    Exclude,
    Labelling,
    Merge,
    Origin,
    OriginKind,
    PatientsFromNames,
    Split,
    SplitConfig,
)
from tests.core.revisions.test_settling import scene
from tests.core.sources.sources import KEEP_NAMES, class_folders, picture, rules


@pytest.fixture
def brought(make_zip, settings):
    """Import a zip as the data set of a name."""

    def go(name, files, labelling=KEEP_NAMES):
        folder = settings.dataset_dir(name)
        import_source(make_zip(files), folder, settings, lambda _: None, lambda: False, labelling)
        return Shelf(folder)

    return go


@pytest.fixture
def change(settings):
    def go(shelf, *edits):
        def other(dataset_id):
            return Shelf(settings.dataset_dir(dataset_id))

        revise(shelf, Edits(edits=edits), shelf.folder, settings, lambda _: None, lambda: False, other)
        return Shelf(shelf.folder)

    return go


def test_classes_of_one_name_become_one_and_others_are_added(brought, change):
    one = brought("one", class_folders({"a": 10, "b": 10}))
    two = brought("two", class_folders({"b": 10, "c": 10}, "more/"))
    merged = change(one, Merge(dataset_id="two"))
    assert merged.card.classes == ("a", "b", "c")
    assert merged.items["class_index"].value_counts().sort_index().tolist() == [10, 20, 10]
    assert merged.items["item_id"].tolist() == list(range(40))
    assert merged.items["source_file"].nunique() == 40
    assert merged.items["split"].tolist() == [*one.items["split"], *two.items["split"]]
    for item_id in (0, 25, 39):
        decode(merged.original(item_id), name="x", max_pixels=10**6)
    assert merged.original(20) == two.original(0)
    assert merged.card.changes[-1].what == "Added 20 images of another data set."
    assert merged.card.bytes_on_disk == one.card.bytes_on_disk + two.card.bytes_on_disk


def test_equal_images_come_once_and_another_label_is_a_conflict(brought, change):
    shared = {"a/same.png": picture(99), "a/other.png": picture(98)}
    one = brought("one", class_folders({"a": 10, "b": 10}) | shared)
    saved_again = cv2.imencode(".bmp", cv2.imdecode(np.frombuffer(picture(99), np.uint8), cv2.IMREAD_COLOR))[
        1
    ].tobytes()
    brought("two", class_folders({"a": 5, "b": 5}, "x/") | {"x/a/again.bmp": saved_again, "x/b/other.png": picture(98)})
    merged = change(one, Merge(dataset_id="two"))
    assert len(merged.items) == 22 + 11  # 12 arrive, one of them is here already
    assert merged.card.changes[-1].what == ("Added 11 images of another data set; 1 image was here already.")
    assert set(rules(merged.card)) >= {"conflicting_labels"}


def test_a_data_set_merged_with_itself_adds_nothing(brought, change):
    one = brought("one", class_folders({"a": 5, "b": 5}))
    with pytest.raises(BadSetting, match="in this one already"):
        change(one, Merge(dataset_id="one"))


def test_near_duplicates_between_the_two_are_found(brought, change):
    one = brought("one", {f"{name}/{n}.png": scene([ord(name), n]) for name in "ab" for n in range(6)})
    brought("two", {f"{name}/{n}.png": scene([ord(name), n], 1) for name in "ab" for n in range(3, 9)})
    assert "near_duplicate" not in rules(one.card)
    merged = change(one, Merge(dataset_id="two"))
    assert merged.items["near_group"].value_counts().drop(-1).tolist() == [2] * 6  # 3, 4, 5 of each class


def test_a_patient_of_both_stays_on_one_side(brought, change):
    """The patient p1 is in training in one set, whatever side the other has put it on."""
    one = brought("one", class_folders({"a": 12, "b": 12}))
    two = brought("two", class_folders({"a": 12, "b": 12}, "x/"))
    in_train = int((one.items["split"] == "train").to_numpy().argmax())
    in_test = int((two.items["split"] == "test").to_numpy().argmax())
    for shelf, item_id in ((one, in_train), (two, in_test)):
        items = shelf.items.copy()
        items.loc[item_id, "patient"] = "p1"
        items.to_parquet(shelf.folder / "items.parquet", index=False)
    merged = change(Shelf(one.folder), Merge(dataset_id="two"))
    assert merged.items["split"][merged.items["patient"] == "p1"].tolist() == ["train", "train"]
    assert merged.card.patients == 1


def with_patients(shelf, patients, *, hashed):
    """The shelf with images of these patients, an image each from the first on."""
    items = shelf.items.copy()
    items.loc[: len(patients) - 1, "patient"] = patients
    write_both(shelf.folder, items, shelf.card.model_copy(update={"patients_hashed": hashed}))
    return Shelf(shelf.folder)


@pytest.mark.parametrize("kept", ["one", "two"])
def test_a_patient_kept_in_one_set_and_hashed_in_the_other_is_one_patient(brought, change, settings, kept):
    """Smith and Jones are in one set by name and in the other as hashes: three patients in all, each on one side."""
    names = ["Smith", "Jones"]
    hashes = [hashed_patient(patient, settings.salt_file) for patient in (*names, "Mayer")]
    sets = {"one": class_folders({"a": 12, "b": 12}), "two": class_folders({"a": 12, "b": 12}, "x/")}
    shelves = {name: brought(name, files) for name, files in sets.items()}
    for name, shelf in shelves.items():
        with_patients(shelf, names if name == kept else hashes, hashed=name != kept)
    merged = change(Shelf(shelves["one"].folder), Merge(dataset_id="two"))
    assert merged.card.patients == 3
    assert merged.card.patients_hashed
    assert set(merged.items["patient"]) == {"", *hashes}
    assert merged.items[merged.items["patient"] != ""].groupby("patient")["split"].nunique().max() == 1


@pytest.mark.parametrize("by_card", [True, False])
def test_ids_that_both_keep_stay_as_they_are(brought, change, by_card):
    """Also where the cards of an earlier version do not say that these are ids."""
    one, _ = (
        with_patients(brought(name, class_folders({"a": 12, "b": 12}, prefix)), ["Smith", "Jones"], hashed=not by_card)
        for name, prefix in (("one", ""), ("two", "x/"))
    )
    merged = change(one, Merge(dataset_id="two"))
    assert set(merged.items["patient"]) == {"", "Smith", "Jones"}
    assert not merged.card.patients_hashed


@pytest.mark.parametrize("kept", [True, False])
def test_an_import_notes_whether_patients_are_hashed_and_a_change_keeps_that(brought, change, kept):
    files = {f"smith{n // 3}_{name}{n}.png": picture([ord(name), n]) for name in "ab" for n in range(12)}
    by_name = Origin(kind=OriginKind.PATTERN)
    labelling = Labelling(label=by_name, patient=by_name, pattern="{patient}_{label}#", keep_patient_ids=kept)
    changed = change(brought("one", files, labelling), Exclude(item_ids=(0,)))
    assert changed.card.patients_hashed is not kept
    assert changed.items["patient"].str.startswith("smith").all() == kept


def test_a_given_split_holds_for_both_or_for_none(brought, change):
    given = {name: data for part in ("train", "val", "test") for name, data in folders_of(part).items()}
    one, two = brought("one", given), brought("two", class_folders({"a": 10, "b": 10}, "x/"))
    merged = change(one, Merge(dataset_id="two"))
    assert merged.card.has_given_split
    merged.resplit(SplitConfig(source="given"))
    assert merged.items["split"].tolist() == [*one.items["split"], *two.items["split"]]
    assert not change(two, Merge(dataset_id="one")).card.has_given_split


def folders_of(part):
    return class_folders({"a": 4, "b": 4}, f"{part}/")


def test_patients_are_read_off_the_names_and_kept_as_hashes(brought, change):
    files = {f"{name}/smith{n // 3}_{n}.png": picture([ord(name), n]) for name in "ab" for n in range(12)}
    files |= {"a/strange.png": picture(7)}
    named = change(brought("one", files), PatientsFromNames(pattern="{patient}_*"))
    assert named.card.changes[-1].what == (
        "Read 4 patients off the names of the images; 1 image with a name that does not fit."
    )
    assert named.card.patients == 4
    assert not named.items["patient"].str.contains("smith").any()
    assert rules(named.card)["patient_in_two_splits"]
    assert "patient_in_two_splits" not in {f.rule for f in named.resplit(SplitConfig()).findings}
    forgotten = change(Shelf(named.folder), PatientsFromNames(pattern=""))
    assert (forgotten.card.patients, forgotten.card.patient_name) == (None, "")


def test_numbers_of_patients_leave_the_names_with_the_hashes_that_they_become(brought, change):
    files = {f"{name}/{n // 3 + 17}_{n}.png": picture([ord(name), n]) for name in "ab" for n in range(12)}
    one = brought("one", files, Labelling())
    assert one.items["name"].iloc[0] == "a/17_0.png"  # a number as any other, until somebody says that it is a patient
    named = change(one, PatientsFromNames(pattern="{patient}_*"))
    assert named.card.patients == 4
    assert named.items["name"].iloc[0] == "a/image 00001.png"
    assert not named.items["name"].str.contains(r"\b(?:17|18|19|20)_", regex=True).any()
    kept = change(brought("two", files), PatientsFromNames(pattern="{patient}_*"))
    assert kept.items["name"].iloc[0] == "a/17_0.png"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("{label}_*", "no place for the patient"), ("{patient}-x-*", "no patient off any name"), ("{who}", "holds")],
)
def test_a_pattern_that_reads_nothing_is_refused(brought, change, pattern, words):
    one = brought("one", class_folders({"a": 5, "b": 5}))
    with pytest.raises(BadSetting, match=words):
        change(one, PatientsFromNames(pattern=pattern))


def test_a_merged_set_is_divided_like_any_other(brought, change):
    one = brought("one", class_folders({"a": 10, "b": 10}))
    brought("two", class_folders({"a": 10, "b": 10}, "x/"))
    card = change(one, Merge(dataset_id="two")).resplit(SplitConfig(seed=5))
    assert card.count(Split.TRAIN) == 28  # 70 % of 40
