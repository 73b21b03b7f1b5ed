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
    assert match(names, "p2/1.png", "test/p1/1.png", "train/p1/1.png") == [1, 2, 0]
    assert match(names, "/data/x/p2/1", "/data/x/test/p1/1", "/data/x/train/p1/1") == [1, 2, 0]


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


def test_where_a_row_names_the_folder_of_its_image_one_that_names_another_finds_nothing():
    names = [f"site1/p{number}.png" for number in (1, 2, 3)]
    found = Images(names).match(["site2/p1", "site1/p2", "site1/p3", "site2/p2"])
    assert found.image_of == [NO_IMAGE, 1, 2, NO_IMAGE]
    assert (found.refused, found.elsewhere) == ([0, 3], [])


def test_where_folders_are_the_same_further_in_those_further_out_decide():
    names = ["y/site1/img/1.png", "y/site1/img/2.png"]
    assert match(names, "/x/site2/img/1", "/x/site1/img/2") == [NO_IMAGE, 1]
    assert match(["site1/1.png", "site2/2.png"], "site2/1", "site2/2") == [NO_IMAGE, 1]


def test_a_name_under_two_folders_of_a_table_says_that_folders_tell_images_apart():
    assert match(["all/1.png", "all/2.png"], "a/1", "b/1", "a/2") == [NO_IMAGE] * 3


def test_where_folders_say_nothing_rows_find_their_images_by_name_and_are_told():
    found = Images(["benign/1.png", "malignant/2.png"]).match(["train/1", "test/2", "benign"])
    assert (found.image_of, found.elsewhere, found.refused) == ([0, 1, NO_IMAGE], [0, 1], [])


@pytest.mark.parametrize("value", ["/home/x/images/a", "./a.png", "../a", "images/a.png", "a", "/a", "//a"])
def test_a_table_that_was_written_elsewhere_is_not_at_odds(value):
    assert Images(NAMES).match([value]).elsewhere == []


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


FOLDER = st.sampled_from(["a", "a-", "b", "a/b", "b/a", "c/a/b", "a/a"])
PATH = st.tuples(FOLDER, st.sampled_from("123"), st.sampled_from(["", ".png"])).map(
    lambda it: f"{it[0]}/{it[1]}{it[2]}"
)
IMAGES = st.lists(st.tuples(FOLDER, st.sampled_from("123")), min_size=1, max_size=6, unique=True)


def parents(path):
    return path.split("/")[:-1]


def told_by_one_another(mine, theirs):
    """Whether one path ends as the other: as far as both say folders, they say the same."""
    shared = min(len(mine), len(theirs))
    return mine[len(mine) - shared :] == theirs[len(theirs) - shared :]


@untimed
@given(IMAGES, st.lists(PATH, max_size=6))
def test_no_row_gives_to_an_image_of_another_folder_where_any_row_names_the_folder_of_its_image(pairs, values):
    names = [f"{folder}/{stem}.png" for folder, stem in pairs]
    found = match(names, *values)
    rows = [(parents(value), parents(names[image])) for value, image in zip(values, found, strict=True) if image >= 0]
    if any(told_by_one_another(mine, theirs) for mine, theirs in rows):
        assert all(mine[-1] == theirs[-1] for mine, theirs in rows)


@untimed
@given(IMAGES, st.lists(PATH, max_size=6))
def test_in_a_table_with_one_name_under_several_folders_every_row_agrees_with_its_image(pairs, values):
    names = [f"{folder}/{stem}.png" for folder, stem in pairs]
    folders = {}
    for value in values:
        folders.setdefault(value.rpartition("/")[2].partition(".")[0], set()).add(value.rpartition("/")[0])
    if any(len(found) > 1 for found in folders.values()):
        for value, image in zip(values, match(names, *values), strict=True):
            assert image < 0 or parents(value)[-1] == parents(names[image])[-1]


@untimed
@given(IMAGES, st.sampled_from(["x", "x/y", "/home/x", "./x", "C:/x"]))
def test_with_a_folder_around_everything_a_row_finds_its_own_image_or_says_that_it_may_be_several(pairs, around):
    names = [f"{folder}/{stem}.png" for folder, stem in pairs]
    for at, image in enumerate(match(names, *(f"{around}/{name}" for name in names))):
        assert image in (at, AMBIGUOUS)  # of b/1 and a/b/1, "x/b/1" may be either
    assert match([f"x/{name}" for name in names], *(f"x/{name}" for name in names)) == list(range(len(names)))


@untimed
@given(IMAGES, st.lists(PATH, max_size=6), st.randoms())
def test_the_order_of_rows_changes_nothing(pairs, values, random):
    names = [f"{folder}/{stem}.png" for folder, stem in pairs]
    found = dict(zip(values, match(names, *values), strict=True))
    shuffled = random.sample(values, len(values))
    assert dict(zip(shuffled, match(names, *shuffled), strict=True)) == found
