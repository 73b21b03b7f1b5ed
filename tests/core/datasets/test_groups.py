"""Units hold what belongs together, and nothing more; a split by them divides no patient and no file."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.describing import split_items
from core.datasets.groups import tie, units
from core.specs import SplitConfig

untimed = settings(deadline=None, max_examples=60)

PARTS = ("train", "val", "test")


def table(files, patients, **more):
    columns = {"source_file": np.asarray(files, np.int64), "patient": np.asarray(patients, object)}
    defaults = {"class_index": np.zeros(len(files), np.int64), "given_split": "", "placed": "", "tied": -1}
    return pd.DataFrame({**columns, **defaults, **more})


def test_images_of_one_patient_are_one_unit_and_unknown_patients_are_not_one():
    items = table([0, 1, 2, 3, 4], ["b", "", "a", "", "b"])
    assert units(items, "patient").tolist() == [0, 1, 2, 3, 0]
    assert units(items, "image").tolist() == [0, 1, 2, 3, 4]


def test_planes_of_a_file_are_one_unit_whatever_is_kept_together():
    items = table([7, 7, 3, 3], ["", "", "", ""])
    assert units(items, "image").tolist() == units(items, "patient").tolist() == [0, 0, 1, 1]


def test_a_file_of_two_patients_joins_them():
    # a - file 0 - b - file 1 - c: one unit; file 5 of nobody: another
    items = table([0, 0, 1, 1, 5], ["a", "b", "b", "c", ""])
    assert units(items, "patient").tolist() == [0, 0, 0, 0, 1]


def test_what_an_edit_has_tied_is_one_unit_whatever_is_kept_together():
    # 0 and 2 are tied, 2 and 3 are of one file: one unit; patient a joins 1 to them only where patients count
    items = table([0, 1, 2, 2, 4], ["a", "a", "", "", ""], tied=[7, -1, 7, -1, -1])
    assert units(items, "image").tolist() == [0, 1, 0, 0, 2]
    assert units(items, "patient").tolist() == [0, 0, 0, 0, 1]


def test_a_tie_joins_what_was_tied_before_and_leaves_others_alone():
    # 0-1 were tied; now 1-2 are put together, and 3-4, though of one group, are not among the chosen
    items = table(range(6), [""] * 6, tied=[5, 5, -1, -1, -1, -1])
    tied = tie(items, np.array(["x", "y", "y", "z", "z", "w"]), np.array([False, True, True, False, False, True]))
    assert tied.tolist() == [0, 0, 0, -1, -1, -1]


def test_no_images_have_no_units():
    assert len(units(table([], []), "patient")) == 0


@st.composite
def tables(draw):
    size = draw(st.integers(1, 80))
    numbers = st.integers(0, draw(st.integers(0, 30)))
    files = draw(st.lists(numbers, min_size=size, max_size=size))
    patients = draw(st.lists(st.sampled_from(["", "", *"abcdefgh"]), min_size=size, max_size=size))
    classes = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    given_split = draw(st.lists(st.sampled_from(PARTS), min_size=size, max_size=size)) if draw(st.booleans()) else ""
    edited = draw(st.booleans())
    placed = draw(st.lists(st.sampled_from(["", "", "", *PARTS]), min_size=size, max_size=size)) if edited else ""
    tied = draw(st.lists(st.sampled_from([-1, -1, -1, 0, 1, 2]), min_size=size, max_size=size)) if edited else -1
    return table(files, patients, class_index=classes, given_split=given_split, placed=placed, tied=tied)


@st.composite
def configs(draw, items):
    train = draw(st.integers(1, 98))
    val = draw(st.integers(1, 99 - train))
    folds = draw(st.sampled_from([1, 1, 2, 3, 5, 10]))
    return SplitConfig(
        source="given" if (items["given_split"] != "").any() and draw(st.booleans()) else "drawn",
        by=draw(st.sampled_from(["patient", "image"])),
        folds=folds,
        fold=draw(st.integers(1, folds)),
        train_percent=train,
        val_percent=val,
        test_percent=100 - train - val,
        seed=draw(st.integers(0, 1000)),
    )


@st.composite
def cases(draw):
    items = draw(tables())
    return items, draw(configs(items))


def connected(rows):
    """The units again, worked the slow way: the smallest row that each is connected to."""
    labels = list(range(len(rows)))
    for _ in rows:
        for one, (file, patient) in enumerate(rows):
            for other, (its_file, its_patient) in enumerate(rows):
                if file == its_file or patient == its_patient != "":
                    labels[one] = labels[other] = min(labels[one], labels[other])
    return labels


@untimed
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", "a", "b", "c"])), min_size=1, max_size=9))
def test_units_are_what_is_connected(rows):
    items = table(*zip(*rows, strict=True))
    slow = pd.factorize(np.array(connected(rows)))[0]
    assert units(items, "patient").tolist() == slow.tolist()


@untimed
@given(cases())
def test_every_image_lies_in_one_split_and_the_same_seed_gives_the_same(case):
    items, config = case
    split = split_items(items, config)["split"]
    assert len(split) == len(items)
    assert set(split) <= set(PARTS)
    assert split.tolist() == split_items(items, config)["split"].tolist()


@untimed
@given(cases())
def test_no_unit_is_divided_unless_the_source_divides_it(case):
    items, config = case
    if config.source == "given":
        return
    split = split_items(items, config)["split"]
    assert split.groupby(units(items, config.by)).nunique().max() == 1


@untimed
@given(cases())
def test_each_split_is_within_one_unit_of_its_share(case):
    items, config = case
    if config.source == "given" or config.folds > 1 or (items["placed"] != "").any():
        return
    split = split_items(items, config)["split"]
    largest = np.bincount(units(items, config.by)).max()
    for part, percent in zip(PARTS, (config.train_percent, config.val_percent, config.test_percent), strict=True):
        apart = abs((split == part).sum() - len(items) * percent / 100)
        # without groups a class too small for its shares has an image in every split all the same
        assert apart <= largest + (items["class_index"].nunique() * 2 if largest == 1 else 0) + 1e-6


@untimed
@given(cases())
def test_folds_share_their_test_images_and_each_other_image_validates_once(case):
    items, config = case
    if config.folds == 1:
        return
    folds = [
        split_items(items, config.model_copy(update={"fold": fold}))["split"].to_numpy()
        for fold in range(1, config.folds + 1)
    ]
    tested = folds[0] == "test"
    assert all(((split == "test") == tested).all() for split in folds)
    validated = sum((split == "val").astype(int) for split in folds)
    assert (validated[~tested] == 1).all()
    single = split_items(items, config.model_copy(update={"folds": 1, "fold": 1}))["split"].to_numpy()
    assert ((single == "test") == tested).all()
    if config.source == "drawn":
        unit = units(items, config.by)
        assert all(pd.Series(split).groupby(unit).nunique().max() == 1 for split in folds)


def test_what_was_put_into_validation_validates_in_one_fold_and_what_was_put_into_the_test_in_none():
    items = table(range(30), [""] * 30, placed=["val"] * 5 + ["train"] * 5 + ["test"] * 5 + [""] * 15)
    folds = [split_items(items, SplitConfig(folds=5, fold=fold))["split"] for fold in range(1, 6)]
    validated = sum((split == "val").astype(int) for split in folds)
    assert validated[:15].tolist() == [1] * 10 + [0] * 5
    assert all((split[10:15] == "test").all() for split in folds)


def test_folds_are_of_one_size_and_stratified():
    # 40 + 60 images, 15 % test: 6 + 9; the other 34 + 51 in five folds: 85 / 5 = 17, of the first class 6 or 7
    items = table(range(100), [""] * 100, class_index=np.repeat([0, 1], [40, 60]))
    for fold in range(1, 6):
        split = split_items(items, SplitConfig(folds=5, fold=fold))["split"]
        validating = items[split == "val"]
        assert (split == "test").sum() == 15
        assert len(validating) == 17
        assert (validating["class_index"] == 0).sum() in (6, 7)


def test_an_image_put_into_a_split_takes_its_patient_with_it():
    items = table(range(6), ["a", "a", "a", "b", "", ""])
    items.loc[1, "placed"] = "test"
    items.loc[5, "placed"] = "val"
    for seed in range(5):
        split = split_items(items, SplitConfig(seed=seed))["split"].tolist()
        assert split[:3] == ["test"] * 3
        assert split[5] == "val"
        alone = split_items(items, SplitConfig(by="image", seed=seed))["split"].tolist()
        assert alone[1] == "test"


def test_an_image_put_into_a_split_stays_there_in_a_given_one():
    items = table(range(4), [""] * 4, given_split=["train", "train", "val", "test"])
    items.loc[0, "placed"] = "test"
    split = split_items(items, SplitConfig(source="given"))["split"].tolist()
    assert split == ["test", "train", "val", "test"]
