"""A pattern reads off a name what was put into it, and no name makes it think for long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadSetting
from core.sources.labels.pattern import Captured, Pattern


@pytest.mark.parametrize(
    ("pattern", "name", "captured"),
    [
        ("{patient}_*_{label}", "p17_left_2_ap.png", Captured("ap", "p17")),
        ("{patient}_*", "p17_left_2_ap.png", Captured("", "p17")),
        ("*_{label}", "p17_left_2_ap.png", Captured("ap")),
        ("{label}_#", "lung_n_0012.jpeg", Captured("lung_n")),
        ("{label}#", "lungaca12.jpeg", Captured("lungaca")),
        ("person{patient}_{label}_*", "person100_bacteria_475.jpeg", Captured("bacteria", "100")),
        ("{label}-{patient}-#", "BACTERIA-1008087-0001.jpeg", Captured("BACTERIA", "1008087")),
        ("{split}.{patient}.*", "train.p1.dcm", Captured("", "p1", "train")),
        ("P{patient}_*", "p17_x", Captured("", "17")),
        ("{label}/{patient}/*", "root/ill/p1/a.png", Captured("ill", "p1")),
        ("{label}/*", "ill/p1/a.png", Captured("p1")),
        ("{patient}_{label}.png", "p1_ap.png", Captured("ap", "p1")),
        ("{patient}_{label}.*", "p1_ap.png", Captured("ap", "p1")),
        ("{patient}_{label}", "some/where/p1_ap.nii.gz", Captured("ap", "p1")),
        ("*({label})", "x (1) y(ill).png", Captured("ill")),
        ("[{label}]", "[a].png", Captured("a")),
        ("{label}__{patient}", "a_b__c", Captured("a_b", "c")),
    ],
)
def test_what_a_pattern_reads(pattern, name, captured):
    assert Pattern(pattern).read(name) == captured


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{patient}_{label}", "p1.png"),
        ("{patient}_{label}", "p1_left_ap.png"),  # a field holds no sign that stands beside it
        ("{patient}_{label}", "_ap.png"),
        ("{label}#", "lung.png"),
        ("{label}/{patient}/*", "p1/a.png"),
        ("x{label}", "y1.png"),
        ("{label}", "\n"),
    ],
)
def test_a_name_that_does_not_fit_gives_nothing(pattern, name):
    assert Pattern(pattern).read(name) in (None, Captured())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "reads nothing"),
        ("*_*", "reads nothing"),
        ("{label}_{label}", "twice"),
        ("{label}{patient}", "Nothing stands between {label} and {patient}"),
        ("{label}**", "Nothing stands between {label} and *"),
        ("*{label}", "Nothing stands between * and {label}"),
        ("a**{label}", "Nothing stands between"),
        ("{class}", "'{class}'"),
        ("{}_{label}", "'{}'"),
        ("{label", "'{'"),
        ("label}", "'}'"),
        ("x" * 301, "301 letters"),
    ],
)
def test_what_is_no_pattern_is_refused_in_words(pattern, words):
    with pytest.raises(BadSetting) as caught:
        Pattern(pattern)
    assert words in caught.value.what


untimed = settings(derandomize=True, deadline=None)
WORD = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=8)
SIGN = st.sampled_from(["_", "-", "__", ".", "+", "(", "] ", "$^"])


@untimed
@given(WORD, WORD, WORD, SIGN, SIGN)
def test_what_was_put_into_a_name_is_read_off_it(label, patient, split, one, two):
    read = Pattern(f"{{label}}{one}{{patient}}{two}{{split}}").read(f"{label}{one}{patient}{two}{split}.png")
    assert read == Captured(label, patient, split)


@untimed
@given(WORD, WORD, st.text(st.sampled_from("abc_-"), max_size=10), SIGN)
def test_whatever_a_star_stands_for_the_fields_around_it_are_read(label, patient, between, sign):
    name = f"{patient}{sign}{between}{sign}{label}"
    assert Pattern(f"{{patient}}{sign}*{sign}{{label}}").read(f"{name}.png") == Captured(label, patient)


@untimed
@given(WORD, st.integers(0, 10**9), WORD)
def test_a_number_ends_a_word(label, number, rest):
    assert Pattern("{label}#_*").read(f"{label}{number}_{rest}") == Captured(label)


@untimed
@given(
    st.text(st.sampled_from("{}label*#/_a. \\\u00fc["), max_size=16),
    st.text(st.sampled_from("label_ -./\\{}*\u00fc\u7d30\n\u202e1"), max_size=30),
)
def test_any_text_is_a_pattern_or_is_refused_and_any_name_is_read_or_not(pattern, name):
    try:
        made = Pattern(pattern)
    except BadSetting:
        return
    read = made.read(name)
    assert read is None or all(value in name.replace("\\", "/") for value in read)


def test_no_name_makes_a_pattern_think_for_long():
    made = Pattern("*a*a*a*a*a*a*a*a*a*a*a_{label}_*b_{patient}_c")
    for name in ("a" * 2000, "a_" * 1000, "_ab" * 700):
        assert made.read(name) is None  # an expression that gives back what it took would never come to an end
