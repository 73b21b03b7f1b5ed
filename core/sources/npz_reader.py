"""Read an NPZ with the keys of MedMNIST (`train_images`, `train_labels`, `val_images`, ...), one image at a time.

An NPZ is a zip of arrays. The images are never loaded as an array: each is read off the stream as it is needed.
Nothing is ever unpickled.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.errors import BadDataset, NotHandledYet, TooLarge
from core.images import encode_png
from core.settings import Settings
from core.sources.disk import in_words
from core.sources.npz_arrays import StoredArray, open_array
from core.sources.originals import Originals, Stored
from core.sources.reader import MAX_CLASSES, Deposit, Entry
from core.sources.zip_checks import check_members
from core.specs import Finding, Split

_KEYS = "train_images, train_labels, val_images, val_labels, test_images and test_labels"
_AS_MEDMNIST = f"Save it with the keys of MedMNIST: {_KEYS}."
_COUNT_FROM_0 = "Number the classes 0, 1, 2, ... without gaps, the same in every split."


class NpzReader:
    """A checked NPZ; where nobody names its classes, they are called "class 0", "class 1" and so on.

    Args:
        archive: open; closed by `close`.
        settings: the limits.
        names: what the classes are called, in the order of their numbers; others than there are classes count as none.

    Raises:
        BadArchive: see `check_members`; or an array is cut off.
        TooLarge: see `check_members`; or more images than files are allowed, or an array that cannot be read row by
            row is larger than a batch may be.
        BadDataset: keys are missing, shapes, types, lengths or labels do not fit.
        NotHandledYet: volumes, or several labels an image.
    """

    source = "NPZ with the keys of MedMNIST"
    synthetic = False
    entries: Sequence[Entry]
    findings: tuple[Finding, ...] = ()
    label_tag = patient_tag = patient_name = source_digest = ""

    def __init__(self, archive: zipfile.ZipFile, settings: Settings, names: Sequence[str] = ()) -> None:
        self._archive = archive
        members = {member.name.removesuffix(".npy"): member for member in check_members(archive, settings).files}
        splits = _splits_in(set(members))
        self._images = {split: open_array(archive, members[f"{split.value}_images"]) for split in splits}
        for images in self._images.values():
            _check_images(images, settings)
        _check_count(self._images.values(), settings)
        self._labels: dict[Split, NDArray[np.int64]] = {}
        for split, images in self._images.items():
            self._labels[split] = _labels(open_array(archive, members[f"{split.value}_labels"]), images)
        numbered = tuple(f"class {index}" for index in range(_count_classes(self._labels)))
        self.classes = tuple(names) if len(names) == len(numbered) else numbered
        given = len([split for split in Split if len(self._labels.get(split, ()))]) > 1
        self.entries = [
            Entry(f"{split.value}_images/{row:05d}", self.classes[label], split.value if given else "")
            for split, labels in self._labels.items()
            for row, label in enumerate(labels)
        ]
        self.bytes_needed = sum(images.size for images in self._images.values())

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """Each image is kept as PNG; encoding happens in the thread that calls the deposit."""
        for images in self._images.values():
            for pixels in images.rows():
                yield partial(_put_png, originals, pixels)


def is_npz(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is an NPZ: nothing but arrays in it, and no folders."""
    names = archive.namelist()
    return bool(names) and all(name.endswith(".npy") and "/" not in name for name in names)


def _put_png(originals: Originals, pixels: NDArray[np.generic]) -> Stored:
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    return originals.put([encode_png(np.ascontiguousarray(pixels))])


def _splits_in(keys: set[str]) -> list[Split]:
    """The splits whose two arrays are there; training must be, and no array may lack its partner."""
    pairs = {split: {f"{split.value}_images", f"{split.value}_labels"} for split in Split}
    splits = [split for split in Split if pairs[split] & keys]
    lacking = sorted(set().union(*(pairs[split] for split in {Split.TRAIN, *splits})) - keys)
    if lacking:
        raise BadDataset(f"The NPZ has no array called {' and none called '.join(lacking)}.", _AS_MEDMNIST)
    return splits


def _check_images(images: StoredArray, settings: Settings) -> None:
    shape = images.shape
    if len(shape) == 5 or (len(shape) == 4 and shape[3] not in (1, 3) and shape[1] not in (1, 3)):
        raise NotHandledYet(
            f"{images.name} has the shape {shape}: volumes (3D images), which are not handled yet.",
            "Save slices as 2D images (N, height, width) and import those.",
        )
    if len(shape) not in (3, 4) or (len(shape) == 4 and shape[3] not in (1, 3)) or 0 in shape[1:]:
        raise BadDataset(
            f"{images.name} has the shape {shape}, which is not that of images.",
            "Save it as (N, height, width) for grey or (N, height, width, 3) for colour.",
        )
    if images.dtype.kind != "u" or images.dtype.itemsize > 2:
        raise BadDataset(
            f"{images.name} holds values of the type {images.dtype}; expected were whole numbers of 8 or 16 bits.",
            "Save the images as uint8 (0 to 255) or uint16 (0 to 65,535).",
        )
    if shape[1] * shape[2] > settings.max_image_pixels:
        raise BadDataset(
            f"{images.name} has images of {shape[1]:,} × {shape[2]:,} pixels, more than are allowed.",
            "Make them smaller, or raise the limit LIGHTBOX_MAX_IMAGE_PIXELS.",
        )
    if images.by_columns and images.size > settings.max_batch_bytes:
        raise TooLarge(
            f"{images.name} is stored column by column (Fortran order) and would have to be loaded whole:"
            f" {in_words(images.size)}, where {in_words(settings.max_batch_bytes)} are allowed.",
            "Save it row by row, with numpy.ascontiguousarray, and import that.",
        )


def _check_count(arrays: Iterable[StoredArray], settings: Settings) -> None:
    """Before the labels are loaded and every image gets its entry: both cost memory for each image."""
    count = sum(images.shape[0] for images in arrays)
    if count > settings.max_files:
        raise TooLarge(
            f"The NPZ holds {count:,} images; at most {settings.max_files:,} are allowed.",
            "Divide it, or raise the limit LIGHTBOX_MAX_FILES.",
        )


def _labels(labels: StoredArray, images: StoredArray) -> NDArray[np.int64]:
    if len(labels.shape) == 2 and labels.shape[1] > 1:
        raise NotHandledYet(
            f"{labels.name} has {labels.shape[1]} labels for each image; several labels an image are not handled yet.",
            "Choose one of the labels, save it as (N,) and import that.",
        )
    if len(labels.shape) not in (1, 2) or labels.shape[:1] != images.shape[:1] or 0 in labels.shape[1:]:
        raise BadDataset(
            f"{labels.name} has the shape {labels.shape} and {images.name} the shape {images.shape}: not one label"
            " for each image.",
            "Save as many labels as images, in the same order.",
        )
    return _whole_numbers(labels)


def _whole_numbers(labels: StoredArray) -> NDArray[np.int64]:
    if labels.dtype.kind not in "iubf":
        raise BadDataset(f"{labels.name} holds {labels.dtype} values, no numbers of classes.", _COUNT_FROM_0)
    values = labels.load().reshape(-1)
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    if not np.array_equal(whole, values):
        raise BadDataset(f"{labels.name} holds values that are no whole numbers.", _COUNT_FROM_0)
    if len(whole) and whole.min() < 0:
        raise BadDataset(f"{labels.name} holds a negative label, {whole.min()}.", _COUNT_FROM_0)
    return whole


def _count_classes(labels: dict[Split, NDArray[np.int64]]) -> int:
    """The number of classes: the training labels are 0..C-1, all of them, and no other split has another."""
    learned = np.unique(labels[Split.TRAIN])
    if len(learned) < 2:
        raise BadDataset(
            f"train_labels names {len(learned)} class{'' if len(learned) == 1 else 'es'}; at least two are needed.",
            "Add the images of another class.",
        )
    gap = np.flatnonzero(learned != np.arange(len(learned)))
    if len(gap) or len(learned) > MAX_CLASSES:
        raise BadDataset(
            f"train_labels is out of range: it has {len(learned):,} different labels and the largest is"
            f" {learned[-1]:,}; expected were 0 to {min(len(learned), MAX_CLASSES) - 1:,}.",
            _COUNT_FROM_0,
        )
    for split, values in labels.items():
        if len(values) and values.max() >= len(learned):
            raise BadDataset(
                f"{split.value}_labels is out of range: it holds {values.max():,}, and the training labels end at"
                f" {len(learned) - 1:,}.",
                _COUNT_FROM_0,
            )
    return len(learned)
