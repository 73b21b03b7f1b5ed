"""Intervals: Wilson's from the literature, F1's from Wilson's, and the bootstrap against theory."""

import numpy as np
import pytest

from core.metrics.intervals import bootstrap, f1, share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_values_of_the_literature(hits, of, low, high):
    found = share(hits, of, "")
    assert found.value == hits / of
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_all_right_still_has_a_width():
    # the mirror image of 0 of 20: 1 - 0.1611
    assert share(20, 20, "").low == pytest.approx(0.8389, abs=5e-5)
    assert share(20, 20, "").high == 1.0


def test_nothing_counted_is_not_measured():
    assert share(0, 0, "why").model_dump() == {"value": None, "low": None, "high": None, "reason": "why"}
    assert f1(0, 0, 0, "why").reason == "why"


def test_f1_takes_its_limits_from_the_share_of_hits():
    # TP 81, FP + FN 182: J = 81/263 with limits .2553 and .3662, so F1 = 2J/(1+J): .40674 and .53609
    found = f1(81, 100, 82, "")
    assert found.value == 162 / (162 + 182)
    assert (found.low, found.high) == (pytest.approx(0.40675, abs=1e-4), pytest.approx(0.53609, abs=1e-4))


def accuracy(hits, true, predicted):
    return np.array([hits.sum() / true.sum()])


def test_bootstrap_of_accuracy_is_as_wide_as_the_binomial():
    # 400 images, 300 right: a standard error of sqrt(.75 * .25 / 400) = .02165, times 1.96: .0424
    (low,), (high,) = bootstrap(np.array([[160, 60], [40, 140]]), accuracy)
    assert low == pytest.approx(0.75 - 0.0424, abs=0.006)
    assert high == pytest.approx(0.75 + 0.0424, abs=0.006)


def test_bootstrap_gives_the_same_interval_again():
    confusion = np.array([[5, 2], [1, 9]])
    assert np.array_equal(bootstrap(confusion, accuracy), bootstrap(confusion, accuracy))


def test_bootstrap_of_what_is_never_defined_is_not_a_number():
    assert np.isnan(bootstrap(np.array([[3, 1], [0, 4]]), lambda hits, *_: np.array([np.nan]))).all()
