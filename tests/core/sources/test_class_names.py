"""The classes of a public set have the names that its publisher gives them; those of a stranger's NPZ have numbers."""

import numpy as np
import pytest

from core.sources.class_names import forget_names, keep_names, kept_names, published_names
from core.sources.npz_reader import NpzReader
from core.sources.public import public_sets
from core.sources.zip_checks import open_archive


@pytest.fixture
def fetched(settings):
    path = settings.uploads_dir / "ds_a.npz"
    path.parent.mkdir(parents=True)
    return path


def test_every_public_set_has_names_of_its_classes_in_every_size():
    for known in public_sets():
        names = published_names(known.key)
        assert len(set(names)) == len(names) >= 2
        assert max(map(len, names)) <= 120  # no class name is longer


def test_names_are_kept_beside_the_file_until_they_are_forgotten(fetched, settings):
    assert kept_names(fetched, settings) == ()
    keep_names(fetched, "pneumoniamnist_64")
    assert kept_names(fetched, settings) == ("normal", "pneumonia")
    forget_names(fetched)
    assert list(fetched.parent.iterdir()) == []


def test_a_file_from_elsewhere_names_nothing(settings, tmp_path):
    keep_names(tmp_path / "a.npz", "breastmnist")
    assert kept_names(tmp_path / "a.npz", settings) == ()


@pytest.mark.parametrize(
    ("names", "classes"),
    [((), ("class 0", "class 1")), (("a", "b"), ("a", "b")), (("a", "b", "c"), ("class 0", "class 1"))],
)
def test_names_are_taken_where_there_are_as_many_as_classes(settings, tmp_path, names, classes):
    arrays = {"train_images": np.zeros((4, 2, 2), np.uint8), "train_labels": np.array([0, 1, 0, 1])}
    np.savez(tmp_path / "a.npz", **arrays)
    reader = NpzReader(open_archive(tmp_path / "a.npz", settings), settings, names)
    assert (reader.classes, [entry.label for entry in reader.entries]) == (classes, [*classes, *classes])
    reader.close()
