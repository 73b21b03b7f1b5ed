"""Read class and split off the folders that an image lies in: `root/train/melanoma/17.png`.

A single folder around everything is stripped. The split is the first folder called train, val, test or the like, and
beside a folder for training what people write for a test or a validation otherwise, such as "holdout" or "dev";
the class is the folder that holds the image, below the split folder if there is one. A folder with such a name is a
class after all where the images lie in it directly and others lie in folders with ordinary names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from core.sources.labels.split_words import SPLIT_WORDS, split_of
from core.specs import Split


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image belongs; an empty string: its folders do not say."""

    class_name: str
    split: str
    patient: str = ""


def places(names: Sequence[str]) -> list[Place]:
    """Class and split of each image.

    Args:
        names: paths inside the archive, with forward slashes.

    Returns:
        One place for each name, in order. The splits are all empty unless there is training and one part more.
    """
    return _by_folder(names, _places)


def nested_places(names: Sequence[str]) -> list[Place]:
    """Class, split and patient where each class folder holds a folder for every patient: `melanoma/patient 7/1.png`.

    Args:
        names: paths inside the source, with forward slashes.

    Returns:
        One place for each name, in order. The class is the outermost folder that is no split, the patient the
        innermost, "" where that is the class itself.
    """
    return _by_folder(names, _nested_places)


_Folder: TypeAlias = tuple[str, ...]


def _by_folder(names: Sequence[str], read: Callable[[list[_Folder]], list[Place]]) -> list[Place]:
    """Ask once for each folder, however many images lie in it."""
    parents = [name.rpartition("/")[0] for name in names]
    folders = list(dict.fromkeys(parents))
    known = dict(zip(folders, read(_without_root([PurePosixPath(folder).parts for folder in folders])), strict=True))
    return [known[parent] for parent in parents]


def _places(folders: list[_Folder]) -> list[Place]:
    beside_training = _levels_of_training(folders)
    found = [_place(parts, beside_training) for parts in folders]
    if any(place.class_name for place in found) and not any(place.class_name and place.split for place in found):
        found = [
            place if place.class_name or not parts else Place(parts[-1], "")
            for place, parts in zip(found, folders, strict=True)
        ]
    given = {place.split for place in found if place.class_name}
    if Split.TRAIN.value in given and len(given - {""}) > 1:
        return found
    return [Place(place.class_name, "") for place in found]


def _nested_places(folders: list[_Folder]) -> list[Place]:
    beside_training = _levels_of_training(folders)
    nested = []
    for parts, place in zip(folders, _places(folders), strict=True):
        inside = [part for part, split in zip(parts, _splits(parts, beside_training), strict=True) if not split]
        nested.append(Place(inside[0], place.split, inside[-1]) if len(inside) > 1 else place)
    return nested


def _without_root(folders: list[_Folder]) -> list[_Folder]:
    """Strip a folder that is around everything, as long as folders remain below it for some image."""
    while (
        folders and all(folders) and len({parts[0] for parts in folders}) == 1 and any(parts[1:] for parts in folders)
    ):
        folders = [parts[1:] for parts in folders]
    return folders


def _place(parts: _Folder, beside_training: set[int]) -> Place:
    splits = _splits(parts, beside_training)
    class_name = next((part for part, split in zip(reversed(parts), reversed(splits), strict=True) if not split), "")
    return Place(class_name, next(filter(None, splits), ""))


def _splits(parts: _Folder, beside_training: set[int]) -> list[str]:
    """The split that each folder of a path stands for, "" for one that stands for none."""
    return [
        split_of(part) if level in beside_training else SPLIT_WORDS.get(part.casefold(), "")
        for level, part in enumerate(parts)
    ]


def _levels_of_training(folders: list[_Folder]) -> set[int]:
    """How deep folders for training lie."""
    train = Split.TRAIN.value
    return {at for parts in folders for at, part in enumerate(parts) if SPLIT_WORDS.get(part.casefold()) == train}
