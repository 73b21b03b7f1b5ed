"""An NPZ with the keys of MedMNIST comes in with its splits; anything else about it is refused in words."""

import io
import pickle
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.datasets import import_source
from core.errors import BadArchive, BadDataset, LightboxError, NotHandledYet, TooLarge
from core.images import decode
from core.settings import Settings
from core.specs import Split


def images(count, *shape, seed=0, dtype=np.uint8):
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, (count, *(shape or (8, 8))), dtype=dtype)


def medmnist(**changed):
    """A small set of two classes, 6/2/4 images; with some arrays changed, or left out where the change is None."""
    arrays = {
        "train_images": images(6),
        "train_labels": np.array([[0], [1], [0], [1], [0], [1]], np.uint8),
        "val_images": images(2, seed=1),
        "val_labels": np.array([[0], [1]], np.uint8),
        "test_images": images(4, seed=2),
        "test_labels": np.array([[0], [1], [1], [1]], np.uint8),
    } | changed
    return {key: value for key, value in arrays.items() if value is not None}


def test_images_labels_and_splits_are_kept(make_npz, bring_in):
    shelf = bring_in(make_npz(**medmnist()))
    assert shelf.card.classes == ("class 0", "class 1")
    assert shelf.card.has_given_split
    assert shelf.card.counts == (
        {Split.TRAIN: 3, Split.VALIDATION: 1, Split.TEST: 1},
        {Split.TRAIN: 3, Split.VALIDATION: 1, Split.TEST: 3},
    )
    assert (shelf.card.grey, shelf.card.median_width_px) == (True, 8)
    assert shelf.items["name"].iloc[6] == "val_images/00000"


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((8, 6), np.uint8, (8, 6)),
        ((8, 6, 1), np.uint8, (8, 6)),
        ((8, 6, 3), np.uint8, (8, 6, 3)),
        ((8, 6), ">u2", (8, 6)),
    ],
)
def test_the_pixels_come_back_as_they_were(make_npz, bring_in, shape, dtype, expected):
    arrays = medmnist(train_images=images(6, *shape, dtype=np.dtype(dtype).newbyteorder("=")).astype(dtype))
    shelf = bring_in(make_npz(**arrays))
    for row in range(6):
        decoded = decode(shelf.original(row), name="x", max_pixels=10**6)
        assert decoded.pixels.shape == expected
        assert np.array_equal(decoded.pixels, arrays["train_images"][row].reshape(expected))


def test_an_array_stored_by_columns_is_read_the_right_way_round(make_npz, bring_in):
    arrays = medmnist()
    turned = {key: np.asfortranarray(value) for key, value in arrays.items()}
    there = bring_in(make_npz(**arrays)).items["pixel_digest"].tolist()
    assert bring_in(make_npz(**turned)).items["pixel_digest"].tolist() == there


def test_a_zip_is_told_by_content_and_not_by_suffix(make_npz, bring_in, tmp_path):
    renamed = make_npz(**medmnist()).rename(tmp_path / "upload.zip")
    assert bring_in(renamed).card.source == "NPZ with the keys of MedMNIST"


def test_training_alone_is_divided(make_npz, bring_in):
    alone = dict.fromkeys(("val_images", "val_labels", "test_images", "test_labels"))
    card = bring_in(make_npz(**medmnist(**alone))).card
    assert not card.has_given_split
    assert card.counts == ({Split.TRAIN: 1, Split.VALIDATION: 1, Split.TEST: 1},) * 2


def test_labels_of_one_axis_and_whole_floats_are_labels(make_npz, bring_in):
    card = bring_in(make_npz(**medmnist(train_labels=np.array([0.0, 1, 0, 1, 0, 1])))).card
    assert card.images == 12


@pytest.mark.parametrize("key", ["train_images", "train_labels", "val_labels", "test_images"])
def test_a_missing_key_is_named(make_npz, refuse, key):
    assert key in refuse(BadDataset, make_npz(**medmnist(**{key: None}))).what


def test_other_arrays_are_refused_with_the_keys_that_are_wanted(make_npz, refuse):
    error = refuse(BadDataset, make_npz(x=images(3), y=np.arange(3)))
    assert "train_images" in error.what
    assert "test_labels" in error.remedy


def test_several_labels_an_image_are_not_handled_yet(make_npz, refuse):
    error = refuse(NotHandledYet, make_npz(**medmnist(train_labels=np.zeros((6, 14), np.uint8))))
    assert "14 labels" in error.what


@pytest.mark.parametrize("shape", [(8, 8, 8), (8, 8, 8, 1), (8, 8, 8, 3)])
def test_volumes_are_not_handled_yet(make_npz, refuse, shape):
    assert "volumes" in refuse(NotHandledYet, make_npz(**medmnist(train_images=images(6, *shape)))).what


@pytest.mark.parametrize("shape", [(8,), (3, 8, 8), (0, 8)])
def test_other_shapes_are_refused(make_npz, refuse, shape):
    refuse(BadDataset, make_npz(**medmnist(train_images=np.zeros((6, *shape), np.uint8))))


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.uint32, bool, "U3"])
def test_other_types_of_pixels_are_refused(make_npz, refuse, dtype):
    refuse(BadDataset, make_npz(**medmnist(train_images=np.zeros((6, 8, 8), dtype))))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 1, 0, 1, 0, -1], "negative"),
        ([0, 1, 0, 1, 0, 255], "out of range"),
        ([0, 2, 0, 2, 0, 2], "out of range"),
        ([1, 2, 1, 2, 1, 2], "out of range"),
        ([0, 1, 0, 1, 0, 0.5], "no whole numbers"),
        ([0, 1, 0, 1, 0, np.nan], "no whole numbers"),
        (["a", "b", "a", "b", "a", "b"], "no numbers of classes"),
        ([0, 0, 0, 0, 0, 0], "at least two"),
        ([0, 1, 0], "not one label for each image"),
        (7, "not one label for each image"),
    ],
)
def test_labels_that_do_not_fit_are_refused(make_npz, refuse, labels, words):
    assert words in refuse(BadDataset, make_npz(**medmnist(train_labels=np.array(labels)))).what


def test_a_label_that_training_does_not_know_is_refused(make_npz, refuse):
    error = refuse(BadDataset, make_npz(**medmnist(test_labels=np.array([0, 1, 2, 1]))))
    assert error.what.startswith("test_labels is out of range: it holds 2")


class Trap:
    """Unpickling this would create a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_python_objects_are_never_opened(make_npz, refuse, tmp_path):
    sprung = tmp_path / "sprung"
    trap = np.array([Trap(sprung)] * 6, dtype=object)
    with pytest.raises(OSError, match="sprung"):  # the trap works: pickle opens the path, here in no folder at all
        pickle.loads(pickle.dumps(Trap(tmp_path / "nowhere" / "sprung")))
    for key in ("train_images", "train_labels"):
        assert "never opened" in refuse(BadDataset, make_npz(**medmnist(**{key: trap}))).what
    assert not sprung.exists()


def test_records_are_refused(make_npz, refuse):
    records = np.zeros(6, dtype=[("a", "u1"), ("b", "u1")])
    refuse(BadDataset, make_npz(**medmnist(train_images=records)))


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.98])
def test_a_truncated_file_is_refused(make_npz, refuse, keep):
    path = make_npz(**medmnist())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert "cut off" in refuse(BadArchive, path).what


def test_a_truncated_array_inside_a_whole_file_is_refused(tmp_path, refuse):
    path = tmp_path / "short.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for key, value in medmnist().items():
            buffer = io.BytesIO()
            np.save(buffer, value)
            archive.writestr(f"{key}.npy", buffer.getvalue()[:-10] if key == "test_images" else buffer.getvalue())
    assert "test_images" in refuse(BadArchive, path).what


def test_damage_in_the_values_is_refused(make_npz, refuse, tmp_path):
    path = tmp_path / "flipped.npz"
    np.savez(path, **medmnist())
    data = bytearray(path.read_bytes())
    data[data.index(b"test_images.npy") + 400] ^= 0xFF  # behind the array's header of 128 bytes
    path.write_bytes(data)
    refuse(BadArchive, path)


def test_limits_hold_for_arrays_too(make_npz, refuse):
    refuse(TooLarge, make_npz(**medmnist()), max_unpacked_bytes=1000)
    refuse(BadDataset, make_npz(**medmnist()), max_image_pixels=63)  # 8 x 8 = 64


def test_more_images_than_files_are_allowed_are_refused_before_a_label_is_read(make_npz, refuse):
    # 6 + 2 + 4 images; labels that were read would be refused for being text
    error = refuse(TooLarge, make_npz(**medmnist(train_labels=np.array(["a"] * 6))), max_files=11)
    assert "12 images; at most 11" in error.what


def test_an_array_that_would_have_to_be_loaded_whole_may_be_as_large_as_a_batch(make_npz, bring_in, refuse):
    # 6 images of 8 x 8 bytes: 384
    path = make_npz(**medmnist(train_images=np.asfortranarray(images(6))))
    error = refuse(TooLarge, path, max_batch_bytes=383)
    assert "train_images" in error.what
    assert "ascontiguousarray" in error.remedy
    assert bring_in(path, max_batch_bytes=384).card.images == 12
    assert bring_in(make_npz(**medmnist()), max_batch_bytes=1).card.images == 12  # by rows there is no such limit


def test_labels_without_a_column_are_refused(make_npz, refuse):
    refuse(BadDataset, make_npz(**medmnist(val_labels=np.zeros((2, 0), np.uint8))))


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_happens_to_an_npz_it_comes_in_or_is_refused_in_words(make_npz, tmp_path, data):
    path = tmp_path / "fuzzed.npz"
    np.savez(path, **medmnist())
    bytes_ = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes_)
    folder = tmp_path / "fuzzed"
    shutil.rmtree(folder, ignore_errors=True)  # of the example before
    try:
        import_source(path, folder, Settings(home=tmp_path), lambda progress: None, lambda: False)
    except LightboxError:
        assert not folder.exists()
    assert not folder.with_name("fuzzed.part").exists()
