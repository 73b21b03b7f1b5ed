"""Read class and split off the folders that an image lies in: `root/train/melanoma/17.png`.

A single folder around everything is stripped. The split is the first folder called train, val, test or the like;
the class is the folder that holds the image, below the split folder if there is one. A folder with such a name is a
class after all where the images lie in it directly and others lie in folders with ordinary names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from core.specs import Split

SPLIT_WORDS = {
    **dict.fromkeys(("train", "training"), Split.TRAIN.value),
    **dict.fromkeys(("val", "valid", "validation"), Split.VALIDATION.value),
    **dict.fromkeys(("test", "testing"), Split.TEST.value),
}


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
    return _by_folder(names, lambda folders: list(map(_nested, folders, _places(folders))))


_Folder: TypeAlias = tuple[str, ...]


def _by_folder(names: Sequence[str], read: Callable[[list[_Folder]], list[Place]]) -> list[Place]:
    """Ask once for each folder, however many images lie in it."""
    parents = [name.rpartition("/")[0] for name in names]
    folders = list(dict.fromkeys(parents))
    known = dict(zip(folders, read(_without_root([PurePosixPath(folder).parts for folder in folders])), strict=True))
    return [known[parent] for parent in parents]


def _places(folders: list[_Folder]) -> list[Place]:
    found = [_place(parts) for parts in folders]
    if any(place.class_name for place in found) and not any(place.class_name and place.split for place in found):
        found = [
            place if place.class_name or not parts else Place(parts[-1], "")
            for place, parts in zip(found, folders, strict=True)
        ]
    given = {place.split for place in found if place.class_name}
    if Split.TRAIN.value in given and len(given - {""}) > 1:
        return found
    return [Place(place.class_name, "") for place in found]


def _nested(parts: _Folder, place: Place) -> Place:
    inside = [part for part in parts if part.casefold() not in SPLIT_WORDS]
    return Place(inside[0], place.split, inside[-1]) if len(inside) > 1 else place


def _without_root(folders: list[_Folder]) -> list[_Folder]:
    """Strip a folder that is around everything, as long as folders remain below it for some image."""
    while (
        folders and all(folders) and len({parts[0] for parts in folders}) == 1 and any(parts[1:] for parts in folders)
    ):
        folders = [parts[1:] for parts in folders]
    return folders


def _place(parts: _Folder) -> Place:
    split = next((SPLIT_WORDS[part.casefold()] for part in parts if part.casefold() in SPLIT_WORDS), "")
    class_name = next((part for part in reversed(parts) if part.casefold() not in SPLIT_WORDS), "")
    return Place(class_name, split)
