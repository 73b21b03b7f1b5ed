"""Read class and split off the folders that an image lies in: `root/train/melanoma/17.png`.

A single folder around everything is stripped. The split is the first folder called train, val, test or the like;
the class is the folder that holds the image, below the split folder if there is one. A folder with such a name is a
class after all where the images lie in it directly and others lie in folders with ordinary names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.specs import Split

_SPLITS = {
    **dict.fromkeys(("train", "training"), Split.TRAIN.value),
    **dict.fromkeys(("val", "valid", "validation"), Split.VALIDATION.value),
    **dict.fromkeys(("test", "testing"), Split.TEST.value),
}


@dataclass(frozen=True)
class Place:
    """Where an image belongs; an empty string: its folders do not say."""

    class_name: str
    split: str


def places(names: Sequence[str]) -> list[Place]:
    """Class and split of each image.

    Args:
        names: paths inside the archive, with forward slashes.

    Returns:
        One place for each name, in order. The splits are all empty unless there is training and one part more.
    """
    folders = _without_root([PurePosixPath(name).parts[:-1] for name in names])
    found = [_place(parts) for parts in folders]
    if any(place.class_name for place in found) and not any(place.class_name and place.split for place in found):
        found = [
            place if place.class_name or not parts else Place(parts[-1], "") for place, parts in _pairs(found, folders)
        ]
    given = {place.split for place in found if place.class_name}
    if Split.TRAIN.value in given and len(given - {""}) > 1:
        return found
    return [Place(place.class_name, "") for place in found]


def _pairs(found: list[Place], folders: list[tuple[str, ...]]) -> list[tuple[Place, tuple[str, ...]]]:
    return list(zip(found, folders, strict=True))


def _without_root(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Strip a folder that is around everything, as long as folders remain below it for some image."""
    while (
        folders and all(folders) and len({parts[0] for parts in folders}) == 1 and any(parts[1:] for parts in folders)
    ):
        folders = [parts[1:] for parts in folders]
    return folders


def _place(parts: tuple[str, ...]) -> Place:
    split = next((_SPLITS[part.casefold()] for part in parts if part.casefold() in _SPLITS), "")
    class_name = next((part for part in reversed(parts) if part.casefold() not in _SPLITS), "")
    return Place(class_name, split)
