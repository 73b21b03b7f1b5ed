"""No group is divided, every split is within the largest group of its share, and the classes are served if possible."""

import csv

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import draw_split
from core.datasets.split import complete_split
from core.specs import SplitConfig

untimed = settings(deadline=None)

PARTS = ("train", "val", "test")


def percents(config):
    return config.train_percent, config.val_percent, config.test_percent


def divided(split, groups):
    return [group for group in np.unique(groups) if len(set(split[groups == group])) > 1]


@st.composite
def grouped(draw):
    groups = np.array(draw(st.lists(st.integers(0, draw(st.integers(0, 40))), min_size=1, max_size=120)))
    class_indices = np.array(draw(st.lists(st.integers(0, 3), min_size=len(groups), max_size=len(groups))))
    train = draw(st.integers(1, 98))
    val = draw(st.integers(1, 99 - train))
    shares = {"train_percent": train, "val_percent": val, "test_percent": 100 - train - val}
    return class_indices, groups, SplitConfig(**shares, seed=draw(st.integers(0, 1000)))


@untimed
@given(grouped())
def test_every_image_lies_in_one_split_and_no_group_in_two(case):
    class_indices, groups, config = case
    split = draw_split(class_indices, config, groups)
    assert len(split) == len(groups)
    assert set(split) <= set(PARTS)
    assert not divided(split, groups)


@untimed
@given(grouped())
def test_each_split_is_within_one_group_of_its_share(case):
    class_indices, groups, config = case
    split = draw_split(class_indices, config, groups)
    largest = np.bincount(groups).max()
    for part, percent in zip(PARTS, percents(config), strict=True):
        assert abs(np.sum(split == part) - len(split) * percent / 100) <= largest + 1e-6


@untimed
@given(grouped())
def test_the_same_seed_gives_the_same_split_whatever_the_groups_are_called(case):
    class_indices, groups, config = case
    split = draw_split(class_indices, config, groups)
    assert (split == draw_split(class_indices, config, groups)).all()
    named = np.char.zfill(groups.astype(str), 3)  # in the same order as the numbers
    assert (split == draw_split(class_indices, config, named)).all()


def test_another_seed_gives_another_split():
    class_indices, groups = np.repeat([0, 1], 60), np.arange(120) // 4
    one, other = (draw_split(class_indices, SplitConfig(seed=seed), groups) for seed in (1, 2))
    assert (one != other).any()


def test_equal_groups_are_divided_exactly():
    # 20 groups of 3 images in each class; 70/15/15 of 20 groups: 14 + 3 + 3, of 60 images: 42 + 9 + 9
    class_indices, groups = np.repeat([0, 1], 60), np.arange(120) // 3
    split = draw_split(class_indices, SplitConfig(), groups)
    for index in (0, 1):
        assert [int(np.sum((split == part) & (class_indices == index))) for part in PARTS] == [42, 9, 9]


def test_a_class_of_three_groups_reaches_every_split():
    class_indices, groups = np.repeat([0, 1], [100, 6]), np.concatenate([np.arange(100) // 2, 50 + np.arange(6) // 2])
    split = draw_split(class_indices, SplitConfig(), groups)
    assert sorted(split[100:]) == ["test", "test", "train", "train", "val", "val"]


def test_one_group_is_for_training():
    assert set(draw_split(np.zeros(9, int), SplitConfig(), np.zeros(9, int))) == {"train"}


def test_nothing_is_divided_into_nothing():
    assert len(draw_split(np.zeros(0, int), SplitConfig(), np.zeros(0, int))) == 0


def test_a_given_split_without_validation_gets_whole_groups_of_its_training_images():
    # 34 training images in 17 groups of 2; validation takes 15 of the 85 shares that remain: 34 x 15 / 85 = 6
    class_indices, groups = np.arange(42) // 2 % 2, np.arange(42) // 2
    given_split = np.repeat(["train", "test"], [34, 8])
    whole = complete_split(given_split, class_indices, SplitConfig(source="given"), groups)
    assert not divided(whole, groups)
    assert [int(np.sum(whole == part)) for part in PARTS] == [28, 6, 8]
    assert (whole[34:] == "test").all()


def test_no_patient_of_real_x_rays_lies_in_two_splits(real_data):
    with real_data("chest_xray_hannover/data.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    patients = np.array([row["patient_id"] for row in rows])
    class_indices = np.array([row["projection"] == "ap" for row in rows]).astype(int)
    split = draw_split(class_indices, SplitConfig(), patients)
    assert not divided(split, patients)
    for part, percent in zip(PARTS, (70, 15, 15), strict=True):  # largest patient: 22 of 243 images
        for index in (0, 1):
            share = np.sum((split == part) & (class_indices == index)) / np.sum(class_indices == index)
            assert abs(share - percent / 100) < 0.05
    assert divided(draw_split(class_indices, SplitConfig()), patients)
