import numpy as np
import pytest

from core.datasets import Pack
from core.evaluation import evaluate, probabilities
from core.models import build
from core.specs import CnnConfig, DatasetCard, Split

SMALL = CnnConfig(filters=(2,), dense_units=())
IMAGES = np.random.default_rng(0).integers(0, 256, (70, 8, 8, 1), dtype=np.uint8)  # more than one batch of 64


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_the_models_answers_in_class_order(classes):
    model = build(SMALL, (8, 8, 1), classes, seed=0)
    answers = np.asarray(model(IMAGES))
    found = probabilities(model, IMAGES)
    assert (found.shape, found.dtype) == ((70, classes), np.float64)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found[:, 1], answers[:, 0] if classes == 2 else answers[:, 1], rtol=1e-5)


def test_an_empty_split_has_no_answers():
    assert probabilities(build(SMALL, (8, 8, 1), 3, seed=0), IMAGES[:0]).shape == (0, 3)


def test_only_the_images_of_the_split_are_measured():
    splits = np.array(["train"] * 60 + ["test"] * 10)
    labels = np.arange(70) % 3
    card = DatasetCard(
        source="made",
        classes=("a", "b", "c"),
        counts=({}, {}, {}),
        images=70,
        grey=True,
        median_width_px=8,
        median_height_px=8,
        min_side_px=8,
        max_side_px=8,
    )
    pack = Pack(IMAGES, labels, splits, np.arange(70) + 100)
    found = evaluate(
        build(SMALL, (8, 8, 1), 3, seed=0), pack, Split.TEST, card, "cross_entropy", [f"{n}.png" for n in range(70)]
    )
    assert found.report.images == 10
    assert found.report.split is Split.TEST
    assert found.table["item_id"].tolist() == list(range(160, 170))
    assert found.table["name"].tolist()[0] == "60.png"
    # rows 60..69 hold the classes 0,1,2,0,1,2,0,1,2,0: supports 4, 3, 3
    assert [row.support for row in found.report.rows[:3]] == [4, 3, 3]
