"""Rows find their images with or without folders and endings; where that is unclear nothing is guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.labels.matching import AMBIGUOUS, NO_IMAGE, Images

NAMES = ["root/images/a.png", "root/images/B 2.jpeg", "root/images/0017.dcm"]


def match(names, *values):
    return Images(names).match(values).image_of


@pytest.mark.parametrize(
    "value",
    [
        "root/images/a.png",
        "images/a.png",
        "a.png",
        "a",
        "A.PNG",
        "./a.png",
        "images\\a.png",
        "/home/x/images/a",
        "a.dcm",
    ],
)
def test_however_a_row_writes_the_name_it_finds_the_image(value):
    assert match(NAMES, value) == [0]


def test_what_no_image_is_called_finds_none():
    assert match(NAMES, "c", "", "images", "aa", ".png") == [NO_IMAGE] * 5


def test_spaces_and_letters_of_any_case_are_part_of_names():
    assert match(NAMES, "b 2", "B 2.JPEG", "b2") == [1, 1, NO_IMAGE]


def test_a_dot_may_be_part_of_a_name_without_an_ending():
    assert match(["john.doe.png", "1.2.840.5.dcm"], "john.doe", "1.2.840.5", "1.2.840") == [0, 1, NO_IMAGE]


def test_folders_decide_between_images_of_one_name():
    names = ["train/p1/1.png", "train/p2/1.png", "test/p1/1.png"]
    assert match(names, "p2/1.png", "/data/x/p2/1", "test/p1/1.png", "train/p1/1.png") == [1, 1, 2, 0]


def test_what_the_folders_do_not_decide_is_ambiguous():
    names = ["train/p1/1.png", "train/p2/1.png", "test/p1/1.png"]
    assert match(names, "1.png", "p1/1.png", "p3/1.png") == [AMBIGUOUS] * 3


def test_many_images_of_few_names_are_told_apart_by_their_folders():
    # each row compared with each image of its name these would take minutes
    names = [f"data/p{patient:05d}/img/{number}.png" for patient in range(2000) for number in range(10)]
    rows = [name.removeprefix("data/") for name in names]
    assert match(names, *rows) == list(range(len(names)))
    assert set(match(names, *(["3.png", "img/3.png", "p00001/3.png"] * 1000))) == {AMBIGUOUS}


def test_the_ending_decides_last():
    assert match(["a.png", "a.jpg"], "a.jpg", "a", "a.tif") == [1, AMBIGUOUS, AMBIGUOUS]


def test_of_several_rows_those_that_name_an_image_most_closely_count():
    # the archive holds one patient of two; the row of the other must not give its label to this one
    assert match(["p1/001.png"], "p2/001.png", "p1/001.png") == [NO_IMAGE, 0]
    assert match(["p1/001.png"], "p1/001.png", "p1/001.png") == [0, 0]


def test_numbers_find_images_without_the_zeros_that_a_spreadsheet_takes_away():
    assert match(["0017.png", "0003.png"], "17", "3", "017", "4") == [0, 1, 0, NO_IMAGE]


def test_two_images_of_one_number_are_not_guessed_at():
    assert match(["017.png", "0017.png"], "17", "017") == [NO_IMAGE, 0]


untimed = settings(derandomize=True, deadline=None)
PART = st.text(st.sampled_from("abcxyz019._- \u00fc\u7d30"), min_size=1, max_size=6).filter(
    lambda text: text.strip(". ") == text
)


@untimed
@given(st.lists(st.tuples(PART, PART), min_size=1, max_size=12, unique_by=lambda pair: tuple(map(str.casefold, pair))))
def test_a_full_name_always_finds_its_own_image(pairs):
    names = [f"root/{folder}/{stem}.png" for folder, stem in pairs]
    assert match(names, *names) == list(range(len(names)))


@untimed
@given(st.lists(PART, min_size=1, max_size=12, unique_by=str.casefold))
def test_the_bare_name_of_an_image_that_has_no_like_finds_it(stems):
    names = [f"x/{stem}.png" for stem in stems]
    assert match(names, *stems) == list(range(len(stems)))


@untimed
@given(st.lists(PART, max_size=8), st.lists(PART, max_size=8))
def test_whatever_a_table_says_each_row_finds_an_image_of_its_name_or_none(stems, values):
    names = [f"{stem}.png" for stem in stems]
    for value, image in zip(values, match(names, *values), strict=True):
        assert image in (NO_IMAGE, AMBIGUOUS) or 0 <= image < len(names)
        if value in stems:
            assert image != NO_IMAGE
