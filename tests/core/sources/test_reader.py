"""Natural order of names, and counts in words."""

from core.sources.reader import files_in_words, images_in_words, natural_key


def test_numbers_in_names_count_as_numbers():
    names = ["class 10", "class 9", "Class 2", "class", "1", "02"]
    assert sorted(names, key=natural_key) == ["1", "02", "class", "Class 2", "class 9", "class 10"]


def test_a_name_of_ten_thousand_digits_is_sorted_too():
    # Python refuses to read integers of more than 4,300 digits; a name from outside may have them
    assert sorted(["9" * 10_000, "8"], key=natural_key) == ["8", "9" * 10_000]


def test_counts_in_words():
    assert [images_in_words(count) for count in (0, 1, 2233)] == ["0 images", "1 image", "2,233 images"]
    assert files_in_words(1) == "1 file"
