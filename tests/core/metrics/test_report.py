"""Classification reports worked by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, precision_recall_fscore_support

from core.metrics import classification_report, confusion_matrix, loss_value, predicted_classes
from core.specs import Split


def certain(predicted, classes):
    """Rows that put 0.9 on the predicted class and share the rest."""
    rows = np.full((len(predicted), classes), 0.1 / (classes - 1))
    rows[np.arange(len(predicted)), predicted] = 0.9
    return rows


def report_of(confusion, *, positive_class=None, loss="cross_entropy"):
    """The report of images that give this confusion."""
    cells = [(true, said) for true, row in enumerate(confusion) for said, count in enumerate(row) for _ in range(count)]
    true = np.array([cell[0] for cell in cells], dtype=np.int64)
    said = np.array([cell[1] for cell in cells], dtype=np.int64)
    classes = len(confusion)
    return classification_report(
        true,
        certain(said, classes),
        classes=[f"class {index}" for index in range(classes)],
        positive_class=positive_class,
        split=Split.VALIDATION,
        loss=loss,
        synthetic=False,
    )


def test_two_classes_by_hand():
    found = report_of([[50, 10], [5, 35]], positive_class=1)
    assert found.confusion == ((50, 10), (5, 35))
    assert found.images == 100
    assert found.accuracy.value == 0.85
    assert found.decision_threshold == 0.5
    healthy, ill, macro, weighted = found.rows
    assert (healthy.support, ill.support, macro.support, weighted.support) == (60, 40, 100, 100)
    # precision: 50/55 and 35/45; recall: 50/60 and 35/40; F1: 100/(100+15) and 70/(70+15)
    assert healthy.precision.value == pytest.approx(50 / 55)
    assert ill.precision.value == pytest.approx(35 / 45)
    assert healthy.recall.value == pytest.approx(50 / 60)
    assert ill.recall.value == 0.875
    assert healthy.f1.value == pytest.approx(100 / 115)
    assert ill.f1.value == pytest.approx(70 / 85)
    assert macro.precision.value == pytest.approx((50 / 55 + 35 / 45) / 2)
    # weighted recall is the accuracy: (60 * 50/60 + 40 * 35/40) / 100
    assert weighted.recall.value == pytest.approx(0.85)
    assert [row.name for row in found.rows[2:]] == ["macro average", "weighted average"]


def test_three_classes_by_hand():
    found = report_of([[8, 1, 1], [0, 6, 4], [2, 0, 3]])
    assert found.accuracy.value == 17 / 25
    assert found.decision_threshold is None
    first, second, third, macro, weighted = found.rows
    # columns: 10, 7, 8; rows: 10, 10, 5
    assert [row.precision.value for row in (first, second, third)] == [0.8, pytest.approx(6 / 7), 0.375]
    assert [row.recall.value for row in (first, second, third)] == [0.8, 0.6, 0.6]
    # F1: 16/20, 12/17, 6/13
    assert [row.f1.value for row in (first, second, third)] == [0.8, pytest.approx(12 / 17), pytest.approx(6 / 13)]
    assert macro.recall.value == pytest.approx(2 / 3)
    assert weighted.f1.value == pytest.approx((10 * 0.8 + 10 * 12 / 17 + 5 * 6 / 13) / 25)


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_values_equal_those_of_scikit_learn(classes):
    rng = np.random.default_rng(classes)
    true = np.concatenate([np.arange(classes), rng.integers(0, classes, 200)])
    shares = rng.dirichlet(np.ones(classes), len(true))
    found = classification_report(
        true,
        shares,
        classes=[str(index) for index in range(classes)],
        positive_class=None,
        split=Split.TEST,
        loss="cross_entropy",
        synthetic=True,
    )
    said = shares.argmax(axis=1)
    expected = np.stack(precision_recall_fscore_support(true, said)[:3], axis=1)
    rows = [[row.precision.value, row.recall.value, row.f1.value] for row in found.rows]
    np.testing.assert_allclose(rows[:classes], expected)
    for row, average in zip(rows[classes:], ("macro", "weighted"), strict=True):
        np.testing.assert_allclose(row, precision_recall_fscore_support(true, said, average=average)[:3])
    assert found.loss == pytest.approx(log_loss(true, shares, labels=range(classes)))
    assert found.synthetic


def test_a_class_without_images_is_not_measured():
    found = report_of([[4, 0, 0], [1, 5, 0], [0, 0, 0]])
    absent = found.rows[2]
    assert absent.support == 0
    assert (absent.recall.value, absent.recall.reason) == (None, "there is no image of this class in this split")
    assert (absent.precision.value, absent.precision.reason) == (None, "no image was predicted as this class")
    assert absent.f1.value is None
    macro, weighted = found.rows[3:]
    # macro counts every class, so it is not known; weighted gives the absent class no weight: (4 * 4/4 + 6 * 5/6) / 10
    assert (macro.recall.value, macro.recall.reason) == (None, "it is not defined for every class")
    assert weighted.recall.value == pytest.approx(0.9)


def test_a_class_that_is_never_predicted_has_recall_0_and_no_precision():
    found = report_of([[6, 0], [4, 0]], positive_class=1)
    missed = found.rows[1]
    assert (missed.recall.value, missed.f1.value, missed.precision.value) == (0.0, 0.0, None)
    assert found.rows[0].precision.value == 0.6
    assert found.rows[2].precision.value is None
    assert found.rows[2].recall.value == 0.5
    assert found.rows[3].precision.value is None


def test_no_images_at_all():
    found = report_of([[0, 0], [0, 0]])
    assert (found.images, found.accuracy.value, found.loss) == (0, None, None)
    assert found.accuracy.reason == "there are no images in this split"
    assert [row.f1.value for row in found.rows] == [None] * 4


def test_without_a_mistake_the_averages_have_no_interval_and_say_why():
    found = report_of([[5, 0], [0, 5]])
    macro = found.rows[2]
    assert (macro.f1.value, macro.f1.low, macro.f1.high) == (1.0, None, None)
    assert "without any mistake" in macro.f1.reason
    assert found.rows[0].f1.low < 1 == found.rows[0].f1.high


def test_a_tie_of_two_classes_counts_as_the_finding():
    rows = np.array([[0.5, 0.5], [0.6, 0.4], [0.4, 0.6]])
    assert predicted_classes(rows).tolist() == [1, 0, 1]
    assert predicted_classes(rows, positive_class=1).tolist() == [1, 0, 1]
    assert predicted_classes(rows, positive_class=0).tolist() == [0, 0, 1]
    assert predicted_classes(np.array([[0.4, 0.4, 0.2], [0.1, 0.2, 0.7]])).tolist() == [0, 2]


def test_confusion_has_the_true_class_in_its_rows():
    matrix = confusion_matrix(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 2]), 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_losses_by_hand():
    two = np.array([[0.75, 0.25], [0.5, 0.5]])
    # true 0 then 1: -(ln .75 + ln .5) / 2; of the one unit: ((.25 - 0)**2 + (.5 - 1)**2) / 2 = .15625
    assert loss_value(np.array([0, 1]), two, "cross_entropy") == pytest.approx((0.2876821 + 0.6931472) / 2)
    assert loss_value(np.array([0, 1]), two, "mse") == pytest.approx(0.15625)
    # true 2 of three: ((.2)**2 + (.3)**2 + (.5 - 1)**2) / 3 = .38 / 3
    assert loss_value(np.array([2]), np.array([[0.2, 0.3, 0.5]]), "mse") == pytest.approx(0.38 / 3)
    # a certain wrong answer is clipped at 1e-7, not infinite: -ln 1e-7 = 16.118
    assert loss_value(np.array([0]), np.array([[0.0, 1.0]]), "cross_entropy") == pytest.approx(16.118, abs=1e-3)
    with pytest.raises(ValueError, match="hinge"):
        loss_value(np.array([0]), np.array([[0.0, 1.0]]), "hinge")


@pytest.mark.parametrize(
    ("true", "shares"),
    [
        ([0, 1], [[0.5, 0.5]]),  # one row is missing
        ([0], [[0.2, 0.3, 0.5]]),  # a column too many
        ([2], [[0.5, 0.5]]),  # no such class
        ([0], [[0.5, 0.6]]),  # no probabilities
        ([0], [[np.nan, 1.0]]),
    ],
)
def test_what_does_not_fit_is_refused(true, shares):
    with pytest.raises(ValueError):
        classification_report(
            true, shares, classes=("a", "b"), positive_class=1, split=Split.TEST, loss="mse", synthetic=False
        )
