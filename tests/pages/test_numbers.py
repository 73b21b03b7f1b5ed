"""Numbers read as people write them."""

import math

import pytest

from pages.parts import numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.9144, "0.914"), (1.0, "1.000"), (0.0, "0.000"), (None, "–"), (math.nan, "–"), (math.inf, "–")],
)
def test_figures(value, words):
    assert numbers.figure(value) == words


def test_intervals():
    assert numbers.interval(0.8712, 0.9466) == "0.871 to 0.947"
    assert numbers.interval(None, 0.9) == ""


@pytest.mark.parametrize(("share", "digits", "words"), [(0.905, 0, "90 %"), (0.905, 1, "90.5 %"), (None, 0, "–")])
def test_shares(share, digits, words):
    assert numbers.percent(share, digits) == words


def test_counts():
    assert numbers.count(12480, "image") == "12,480 images"
    assert numbers.count(1, "image") == "1 image"
    assert numbers.count(0, "image") == "0 images"
    assert numbers.count(3, "class", "classes") == "3 classes"
    assert numbers.count(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (7499, "2 h 4 min"),  # 2 h and 299 s, of which 4 whole minutes
        (273_600, "3 d 4 h"),
        (None, "–"),
        (-1, "–"),
        (math.inf, "–"),
    ],
)
def test_time_spans(seconds, words):
    assert numbers.duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (840, "840 B"),
        (1000, "1.0 kB"),
        (12_300, "12 kB"),
        (999_600, "1.0 MB"),
        (3_440_000, "3.4 MB"),
        (1_400_000_000, "1.4 GB"),
        (2_500_000_000_000_000, "2500 TB"),
        (None, "–"),
    ],
)
def test_sizes(size, words):
    assert numbers.size(size) == words


@pytest.mark.parametrize(
    ("rate", "words"), [(0.42, "0.42 images/s"), (5.67, "5.7 images/s"), (1240.4, "1,240 images/s"), (None, "–")]
)
def test_rates(rate, words):
    assert numbers.rate(rate, "images") == words


@pytest.mark.parametrize(("value", "words"), [(0.001, "0.001"), (0.00003, "3e-05"), (12.0, "12"), (None, "–")])
def test_settings(value, words):
    assert numbers.small(value) == words
