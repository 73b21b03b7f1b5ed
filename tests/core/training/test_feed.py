"""The feed: every image once an epoch, in an order and with changes that follow from the seed; and its stream."""

import keras
import numpy as np
import pytest

from core.specs import Augmentation, TrainingConfig
from core.training import TrainingData
from core.training.backends import stream
from core.training.feed import TrainFeed, ValidationFeed, epoch_order
from core.training.schedule import schedule_of

# image n is filled with the value n, so that a batch shows which rows it holds
IMAGES = np.repeat(np.arange(50, dtype=np.uint8), 64).reshape(50, 8, 8, 1)
DATA = TrainingData(IMAGES, np.arange(50) % 3, np.arange(10, 50), np.arange(10), 3)


def rows(feed):
    return [int(image[0, 0, 0]) for index in range(len(feed)) for image in feed[index][0]]


def feed_of(augmentation=None, batch_size=16, **training):
    config = TrainingConfig(batch_size=batch_size, **training)
    return TrainFeed(DATA, config, augmentation or Augmentation(), schedule_of(config, len(DATA.train)))


def test_every_training_image_comes_once_an_epoch_and_none_of_the_others():
    feed = feed_of()
    assert len(feed) == 3  # 40 images: 16 + 16 + 8
    assert [len(feed[index][0]) for index in range(3)] == [16, 16, 8]
    assert sorted(rows(feed)) == list(range(10, 50))


def test_the_order_follows_from_seed_and_epoch_alone():
    feed = feed_of(seed=3)
    first = rows(feed)
    feed.begin(1)
    second = rows(feed)
    feed.begin(0)
    assert rows(feed) == first != second
    assert rows(feed_of(seed=4)) != first
    assert [row - 10 for row in second] == epoch_order(3, 1, 40).tolist()
    # Keras' own hooks fire once too often, so they must not move anything
    feed.on_epoch_end()
    feed.on_epoch_begin()
    assert rows(feed) == first


def test_an_epoch_may_begin_in_its_middle_and_end_before_its_end():
    changes = Augmentation(brightness_percent=20)
    whole, rest = feed_of(changes, batch_size=7), feed_of(changes, batch_size=7)  # 40 images: six batches
    for feed in (whole, rest):
        feed.begin(3)
    rest.begin(3, skip_batches=2)
    assert (len(whole), len(rest)) == (6, 4)
    for index in range(4):
        for array, expected in zip(rest[index], whole[index + 2], strict=True):
            assert np.array_equal(array, expected)
    rest.begin(3, skip_batches=2, batches=3)
    assert len(rest) == 3
    rest.begin(3, skip_batches=5, batches=3)
    assert (len(rest), len(rest[0][0])) == (1, 5)


def test_labels_stay_with_their_images():
    feed = feed_of()
    images, labels = feed[1]
    assert (images[:, 0, 0, 0] % 3 == labels).all()


def test_augmentation_is_drawn_anew_each_epoch_and_repeated_with_the_seed():
    changes = Augmentation(brightness_percent=20)
    feed, again = feed_of(changes, seed=1), feed_of(changes, seed=1)
    assert np.array_equal(feed[0][0], again[0][0])
    assert not np.array_equal(feed[0][0], feed_of(seed=1)[0][0])
    feed.begin(1)
    plain = feed_of(seed=1)
    plain.begin(1)
    in_first = again[0][0].astype(int) - feed_of(seed=1)[0][0]
    in_second = feed[0][0].astype(int) - plain[0][0]
    assert not np.array_equal(in_first, in_second)
    assert np.array_equal(np.unique(IMAGES), np.arange(50))  # the pack itself is untouched


def test_weights_come_along_where_classes_are_balanced():
    images, labels, weights = feed_of(class_weights=True)[0]
    # of rows 10 to 49 the classes 0, 1, 2 have 13, 14 and 13
    assert weights.dtype == np.float32
    expected = np.array([40 / (3 * 13), 40 / (3 * 14), 40 / (3 * 13)])
    np.testing.assert_allclose(weights, expected[labels], rtol=1e-6)
    assert len(images) == 16


@pytest.mark.parametrize(
    ("classes", "loss", "expected", "dtype"),
    [
        (2, "cross_entropy", [[1], [0]], np.float32),
        (2, "mse", [[1], [0]], np.float32),
        (3, "cross_entropy", [1, 0], np.int32),
        (3, "mse", [[0, 1, 0], [1, 0, 0]], np.float32),
    ],
)
def test_targets_fit_the_loss(classes, loss, expected, dtype):
    two = TrainingData(IMAGES, np.array([1, 0] + [0] * 48), np.arange(2), np.arange(2), classes)
    _, found = ValidationFeed(two, TrainingConfig(loss=loss), 1)[0]
    assert found.dtype == dtype
    assert found.tolist() == expected


def test_validation_keeps_its_order_in_batches_twice_as_large():
    feed = ValidationFeed(DATA, TrainingConfig(), batch_size=3)
    assert [len(feed[index][0]) for index in range(len(feed))] == [6, 4]
    assert rows(feed) == list(range(10))


def test_a_full_batch_does_not_make_validation_batches_as_large():
    many = TrainingData(np.zeros((600, 1, 1, 1), np.uint8), np.zeros(600, np.int64), np.arange(0), np.arange(600), 2)
    feed = ValidationFeed(many, TrainingConfig(optimizer="full_batch"), batch_size=600)
    assert [len(feed[index][0]) for index in range(len(feed))] == [256, 256, 88]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="other backends take the feed as it is")
def test_the_stream_holds_the_same_batches_counted_and_without_autotuning():
    feed = feed_of(Augmentation(flip_horizontal=True, brightness_percent=10), class_weights=True)
    streamed = stream(feed)
    assert streamed.cardinality() == len(feed) == 3
    assert streamed.options().autotune.enabled is False
    for index, batch in enumerate(streamed):
        for array, expected in zip(batch, feed[index], strict=True):
            assert array.dtype == expected.dtype
            assert np.array_equal(array, expected)
    # a new round asks the feed anew, so it follows the epoch that has begun
    feed.begin(5)
    assert np.array_equal(next(iter(streamed))[0], feed[0][0])
