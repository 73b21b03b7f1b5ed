"""The coach on made curves: each rule speaks on its kind of curve, and is silent on the others."""

import math

import pytest

from core.metrics import advise, run_facts
from core.specs import Point, PointKind

HEALTHY = {
    "loss": [0.69, 0.52, 0.40, 0.33, 0.29, 0.27],
    "val_loss": [0.66, 0.50, 0.42, 0.38, 0.365, 0.366],
    "accuracy": [0.55, 0.75, 0.83, 0.87, 0.89, 0.90],
    "val_accuracy": [0.60, 0.76, 0.82, 0.85, 0.86, 0.86],
}


def points_of(curves):
    rows = zip(*curves.values(), strict=True)
    return [
        Point(seq=n, kind=PointKind.EPOCH, step=n * 10, epoch=n, values=dict(zip(curves, row, strict=True)), at=n)
        for n, row in enumerate(rows, 1)
    ]


def said(curves, *, val_counts=(100, 100), planned_epochs=20, over=False, eased=False, more=()):
    facts = run_facts(
        [*points_of(curves), *more], val_counts=val_counts, planned_epochs=planned_epochs, over=over, eased=eased
    )
    return advise(facts)


def rules(curves, **about):
    return [advice.rule for advice in said(curves, **about)]


def test_a_healthy_run_is_left_alone():
    assert rules(HEALTHY) == []
    assert rules(HEALTHY, over=True, planned_epochs=6) == []


@pytest.mark.parametrize("epochs", range(3))
def test_nothing_is_said_of_the_first_epochs(epochs):
    assert rules({name: values[:epochs] for name, values in HEALTHY.items()}, over=True, planned_epochs=epochs) == []


def test_a_run_without_points_is_left_alone():
    assert rules({"loss": []}) == []


def test_overfitting_names_the_epoch_and_both_losses():
    curves = {
        "loss": [0.60, 0.40, 0.30, 0.20, 0.12, 0.08],
        "val_loss": [0.62, 0.50, 0.45, 0.50, 0.58, 0.66],
    }
    (advice,) = said(curves)
    assert advice.rule == "overfitting"
    assert "since epoch 3" in advice.what
    assert "0.450 then and is 0.660 now" in advice.what
    assert "from 0.300 to 0.080" in advice.what


def test_a_validation_loss_that_jumps_about_is_no_overfitting():
    # lowest in epoch 2; the three last have the median .52, 8 % above it: less than the tenth that counts
    curves = {
        "loss": [0.60, 0.50, 0.45, 0.41, 0.38, 0.36],
        "val_loss": [0.62, 0.48, 0.55, 0.49, 0.53, 0.52],
    }
    assert rules(curves) == []


def test_no_overfitting_where_training_gets_worse_too():
    curves = {"loss": [0.5, 0.4, 0.45, 0.47, 0.50, 0.52], "val_loss": [0.5, 0.4, 0.47, 0.50, 0.55, 0.58]}
    assert rules(curves) == []


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_loss_that_stays_at_ln_classes_is_stuck(classes):
    chance = math.log(classes)
    curves = {"loss": [chance * 1.05, chance * 1.01, chance, chance * 0.995]}
    (advice,) = said(curves, val_counts=(50,) * classes)
    assert advice.rule == "stuck"
    assert f"{chance:.3f} (the natural logarithm of {classes})" in advice.what


def test_stuck_at_the_shares_of_unequal_classes():
    # shares .9 and .1: -(.9 ln .9 + .1 ln .1) = .0948 + .2303 = .3251
    assert rules({"loss": [0.40, 0.326, 0.325, 0.325]}, val_counts=(90, 10)) == ["stuck"]


def test_a_loss_on_its_way_through_ln_classes_is_not_stuck():
    assert rules({"loss": [0.75, 0.69, 0.62, 0.55]}) == []


def test_one_class_for_every_image():
    curves = {"loss": [0.6, 0.55, 0.52], "accuracy": [0.7, 0.72, 0.74], "val_accuracy": [0.75, 0.75, 0.75]}
    (advice,) = said(curves, val_counts=(150, 50))
    assert advice.rule == "one_class"
    assert "0.750" in advice.what


def test_the_share_of_a_class_met_once_says_nothing():
    curves = {"loss": [0.6, 0.55, 0.52], "accuracy": [0.7, 0.72, 0.74], "val_accuracy": [0.70, 0.75, 0.78]}
    assert rules(curves, val_counts=(150, 50)) == []


def test_a_growing_training_loss_diverges():
    (advice,) = said({"loss": [0.6, 0.5, 0.7, 0.9], "val_loss": [0.6, 0.5, 0.7, 0.9]})
    assert advice.rule == "diverging"
    assert "0.500 after epoch 2, 0.900 now" in advice.what


def test_a_loss_that_is_no_number_diverges():
    broken = Point(seq=9, kind=PointKind.BATCH, step=35, epoch=3.5, values={"loss": None}, at=9)
    assert rules(HEALTHY, more=[broken]) == ["diverging"]


def test_a_small_bump_is_no_divergence():
    assert rules({"loss": [0.6, 0.50, 0.55, 0.60]}) == []


def test_still_improving_at_the_end():
    curves = {"loss": [0.6, 0.5, 0.4, 0.3], "val_loss": [0.62, 0.53, 0.45, 0.38]}
    (advice,) = said(curves, over=True, planned_epochs=4)
    assert advice.rule == "still_improving"
    assert "from 0.620 to 0.380" in advice.what


@pytest.mark.parametrize("about", [{"over": False, "planned_epochs": 4}, {"over": True, "planned_epochs": 9}])
def test_a_run_that_goes_on_or_was_stopped_is_not_told_to_train_longer(about):
    curves = {"loss": [0.6, 0.5, 0.4, 0.3], "val_loss": [0.62, 0.53, 0.45, 0.38]}
    assert rules(curves, **about) == []


@pytest.mark.parametrize(("eased", "word"), [(True, "Augmentation"), (False, "leak")])
def test_validation_better_than_training(eased, word):
    # 200 images at .95: a standard error of .015, so two are .031; validation leads by .15
    curves = {"loss": [0.5, 0.45, 0.42], "accuracy": [0.78, 0.80, 0.80], "val_accuracy": [0.93, 0.95, 0.96]}
    (advice,) = said(curves, eased=eased)
    assert advice.rule == "better_than_training"
    assert word in advice.remedy


def test_few_validation_images_may_be_better_by_chance():
    # 20 images at .9: a standard error of .067, two are .134; validation leads by .10
    curves = {"loss": [0.5, 0.45, 0.42], "accuracy": [0.78, 0.80, 0.80], "val_accuracy": [0.88, 0.90, 0.90]}
    assert rules(curves, val_counts=(10, 10)) == []
