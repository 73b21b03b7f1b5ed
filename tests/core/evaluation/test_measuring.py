"""A model asked about a split; and that single batches are read however large the split is."""

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


class Watched(np.ndarray):
    """An array that notes the most images that were read at once."""

    most = 0

    def __getitem__(self, rows):
        found = np.asarray(super().__getitem__(rows))
        Watched.most = max(Watched.most, len(found))
        return found


def test_one_batch_at_a_time_is_read_and_any_order_is_kept():
    model = build(SMALL, (8, 8, 1), 3, seed=0)
    images, rows = np.tile(IMAGES, (3, 1, 1, 1)), np.arange(210)[::-1]
    found = probabilities(model, images.view(Watched), rows)
    assert Watched.most == 64
    np.testing.assert_allclose(found, probabilities(model, images)[::-1], rtol=1e-5)


def test_an_image_alone_is_answered_as_among_others():
    model = build(SMALL, (8, 8, 1), 2, seed=0)
    np.testing.assert_allclose(probabilities(model, IMAGES[:1]), probabilities(model, IMAGES)[:1], rtol=1e-6)
