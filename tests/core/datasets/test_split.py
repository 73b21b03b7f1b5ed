"""Every image lies in exactly one split, classes keep their shares, the same seed gives the same split."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import draw_split
from core.datasets.split import complete_split
from core.specs import SplitConfig

untimed = settings(deadline=None)

PARTS = ("train", "val", "test")


def counts(split, class_indices, index):
    return [int(np.sum((split == part) & (class_indices == index))) for part in PARTS]


def test_whole_shares_are_met_exactly():
    # 70/15/15 of 20 and of 40 images: 14 + 3 + 3 and 28 + 6 + 6
    class_indices = np.repeat([0, 1], [20, 40])
    split = draw_split(class_indices, SplitConfig())
    assert counts(split, class_indices, 0) == [14, 3, 3]
    assert counts(split, class_indices, 1) == [28, 6, 6]


def test_rounding_evens_out_over_the_classes():
    # 10 images: 7 + 1.5 + 1.5, so one class rounds validation up and the next one test: 2 + 1 and 1 + 2
    class_indices = np.repeat([0, 1], 10)
    split = draw_split(class_indices, SplitConfig())
    assert counts(split, class_indices, 0) == [7, 2, 1]
    assert counts(split, class_indices, 1) == [7, 1, 2]


@pytest.mark.parametrize(("images", "expected"), [(1, [1, 0, 0]), (3, [1, 1, 1]), (4, [2, 1, 1])])
def test_a_small_class_reaches_every_split_it_can(images, expected):
    # 4 images: 2.8 + 0.6 + 0.6 round down to 2 + 0 + 0, two are left over and go where 0.8 and 0.6 are owed:
    # 3 + 1 + 0; the empty split then takes one from the largest
    class_indices = np.zeros(images, int)
    assert counts(draw_split(class_indices, SplitConfig()), class_indices, 0) == expected


def test_two_images_are_learned_from_and_judged():
    class_indices = np.array([0, 0])
    train, val, test = counts(draw_split(class_indices, SplitConfig()), class_indices, 0)
    assert (train, val + test) == (1, 1)


@st.composite
def drawn(draw):
    class_indices = np.array(draw(st.lists(st.integers(0, 4), min_size=1, max_size=120)))
    train = draw(st.integers(1, 98))
    val = draw(st.integers(1, 99 - train))
    shares = {"train_percent": train, "val_percent": val, "test_percent": 100 - train - val}
    return class_indices, SplitConfig(**shares, seed=draw(st.integers(0, 1000)))


@untimed
@given(drawn())
def test_every_image_lies_in_one_split_and_the_same_seed_gives_the_same(case):
    class_indices, config = case
    split = draw_split(class_indices, config)
    assert len(split) == len(class_indices)
    assert set(split) <= set(PARTS)
    assert (split == draw_split(class_indices, config)).all()


@untimed
@given(drawn())
def test_each_class_keeps_its_shares_within_one_image(case):
    class_indices, config = case
    split = draw_split(class_indices, config)
    for index in np.unique(class_indices):
        found = counts(split, class_indices, index)
        images = sum(found)
        exact = [images * percent / 100 for percent in (config.train_percent, config.val_percent, config.test_percent)]
        if min(exact) >= 1:  # below that, the promise of one image in every split comes first
            assert all(abs(have - want) < 1 for have, want in zip(found, exact, strict=True))
        elif images >= 3:
            assert min(found) >= 1
            assert all(have <= max(1, want + 1) for have, want in zip(found, exact, strict=True))


@untimed
@given(drawn())
def test_all_classes_together_keep_their_shares_within_two_images(case):
    class_indices, config = case
    least_percent = min(config.train_percent, config.val_percent, config.test_percent)
    if min(np.bincount(class_indices)[np.unique(class_indices)]) * least_percent < 100:
        return  # a class too small for its shares: each split is given one image all the same
    split = draw_split(class_indices, config)
    for part, percent in zip(PARTS, (config.train_percent, config.val_percent, config.test_percent), strict=True):
        assert abs(np.sum(split == part) - len(split) * percent / 100) < 2


def test_another_seed_gives_another_split():
    class_indices = np.repeat([0, 1], 30)
    assert (draw_split(class_indices, SplitConfig(seed=1)) != draw_split(class_indices, SplitConfig(seed=2))).any()


def test_a_given_split_without_validation_gets_one_from_its_training_images():
    # 17 training images of each class; validation takes 15 of the 85 shares that remain: 17 x 15 / 85 = 3
    class_indices = np.repeat([0, 1, 0, 1], [17, 17, 4, 4])
    given_split = np.repeat(["train", "test"], [34, 8])
    whole = complete_split(given_split, class_indices, SplitConfig(source="given"))
    assert counts(whole, class_indices, 0) == [14, 3, 4]
    assert counts(whole, class_indices, 1) == [14, 3, 4]
    assert (whole[34:] == "test").all()


def test_a_whole_given_split_is_left_alone():
    given_split = np.array(["train", "val", "test", "train"])
    assert (complete_split(given_split, np.array([0, 1, 0, 1]), SplitConfig(source="given")) == given_split).all()
