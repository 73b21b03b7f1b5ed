"""Find the image that each row of a table names: with or without its folders and its ending, however it is written.

A row finds the image of the same name. Where several images have it, the folders that the row names decide, from the
innermost outwards; where these do not decide, none is taken. A row that names another folder than its image lies in
finds it only where folders mean nothing in the table: where no row names the folder of its image, and no name stands
under several folders. Folders around all rows do not count, as a table may have been written elsewhere. Numbers find
their image without the leading zeros that spreadsheets take away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from core.sources.names import base, readable, without_ending

NO_IMAGE, AMBIGUOUS = -1, -2


@dataclass(frozen=True)
class Matches:
    """`image_of` has for each row the number of its image, or `NO_IMAGE`, or `AMBIGUOUS`.

    `elsewhere` are rows that name another folder than the image lies in that they found; `refused` are those that
    found none for it.
    """

    image_of: list[int]
    elsewhere: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def images(self) -> set[int]:
        """The images that some row names."""
        return {image for image in self.image_of if image >= 0}


class _Near(NamedTuple):
    """An image that a row may mean: how many folders they have in common, and whether others differ."""

    image: int
    common: int = 0
    at_odds: bool = False
    same_ending: bool = False


_MOST_ALIKE = 50  # images of one name in folders of one name, among which an ending may decide
_MOST_FOLDERS = 12
_NONE = _Near(NO_IMAGE)
_HERE = re.compile(r"^(?:\.{0,2}/)*(?:\.{1,2}$)?")  # "./", "../", "/"


class Images:
    """Names of images, to be looked up in.

    Args:
        names: inside their source, with forward slashes.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._first: dict[str, int] = {}  # by name without folders and ending
        self._more: dict[str, list[int]] = {}
        for at in range(len(names)):
            stem = self._stem(at)
            if self._first.setdefault(stem, at) != at:
                self._more.setdefault(stem, [self._first[stem]]).append(at)
        self._by_end: dict[tuple[str, str], list[int]] | None = None  # of images that are not alone with their name
        self._numbers: dict[int, str] | None = None

    def match(self, values: Sequence[str]) -> Matches:
        """Find the image of each value of a column."""
        image_of: list[int] = []
        with_folders: list[tuple[int, str, _Near]] = []
        for row, value in enumerate(values):
            stem = value.casefold()
            if stem in self._first and stem not in self._more:  # as most tables write it; the rest takes longer
                image_of.append(self._first[stem])
                continue
            near, folders = self._find(value)
            image_of.append(near.image)
            if folders:
                with_folders.append((row, folders, near))
        return _without_odd(image_of, with_folders, values)

    def _find(self, value: str) -> tuple[_Near, str]:
        """The image that a value names, and the folders that it names."""
        name = (value if value.isascii() and "\\" not in value else readable(value)).casefold()
        folders, _, last = name.rpartition("/")
        folders = _HERE.sub("", folders)
        stem = last
        if not last or (stem not in self._first and (stem := without_ending(last)) not in self._first):
            stem = self._numbered(stem)  # before: a dot may be part of a name that has no ending
        return self._nearest(stem, folders, last) if stem in self._first and last else _NONE, folders

    def _nearest(self, stem: str, folders: str, last: str) -> _Near:
        if stem not in self._more:
            return self._near(self._first[stem], folders, last)
        closest = self._sharing(stem, folders)
        if len(closest) == 1:
            return self._near(closest[0], folders, last)
        if len(closest) > _MOST_ALIKE:
            return _Near(AMBIGUOUS)
        same = [near for near in (self._near(at, folders, last) for at in closest) if near.same_ending]
        return same[0] if len(same) == 1 else _Near(AMBIGUOUS)

    def _sharing(self, stem: str, folders: str) -> list[int]:
        """Of the images of one name, those that share most folders with a path, from the innermost outwards."""
        if self._by_end is None:
            self._by_end = {}
            for called, alike in self._more.items():
                for at in alike:
                    for end in _ends(self._names[at].casefold().rpartition("/")[0]):
                        self._by_end.setdefault((end, called), []).append(at)
        ends = [end for end in _ends(folders) if (end, stem) in self._by_end]
        return self._by_end[ends[-1], stem] if ends else self._more[stem]

    def _stem(self, at: int) -> str:
        return without_ending(base(self._names[at])).casefold()

    def _near(self, at: int, folders: str, last: str) -> _Near:
        """How near a path comes to the name of an image, from the innermost folder outwards."""
        parents, _, name = self._names[at].casefold().rpartition("/")
        common, at_odds = 0, False
        if folders and parents:
            for mine, theirs in zip(reversed(folders.split("/")), reversed(parents.split("/")), strict=False):
                if mine != theirs:
                    at_odds = True
                    break
                common += 1
        return _Near(at, common, at_odds, name == last)

    def _numbered(self, stem: str) -> str:
        """The name of the only image with this number; "" where the value is no number, or several have it."""
        if not (stem.isascii() and stem.isdigit() and len(stem) <= 30):
            return ""
        if self._numbers is None:
            self._numbers = {}
            for name in self._first:
                if name.isascii() and name.isdigit() and len(name) <= 30:
                    self._numbers[int(name)] = "" if int(name) in self._numbers else name
        return self._numbers.get(int(stem), "")


def _without_odd(image_of: list[int], rows: Sequence[tuple[int, str, _Near]], values: Sequence[str]) -> Matches:
    """Take the image from rows that name another folder, where folders tell images apart.

    Args:
        image_of: of all rows; changed.
        rows: those that name folders, in small letters, and what they found.
        values: the column.
    """
    around = len(_common([folders for _, folders, _ in rows]))
    agreeing = False
    odd: list[tuple[int, int]] = []
    for row, folders, near in rows:
        if near.image < 0:
            continue
        named = len(_parts(folders))
        if near.common and (not near.at_odds or near.common >= named - around > 0):
            agreeing = True
        elif near.at_odds and (not near.common or near.common < named - around):
            odd.append((row, near.image))
    if odd and (agreeing or _under_several_folders(rows, values)):
        for row, _ in odd:
            image_of[row] = NO_IMAGE
        return Matches(image_of, refused=[row for row, _ in odd])
    return Matches(image_of, elsewhere=[row for row, _ in odd])


def _common(paths: Sequence[str]) -> list[str]:
    """The folders around all of them."""
    found = list(map(_parts, set(paths))) or [[]]
    first, last = min(found), max(found)
    return [mine for mine, other in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))]


def _under_several_folders(rows: Sequence[tuple[int, str, _Near]], values: Sequence[str]) -> bool:
    """Whether a column has one name under several folders."""
    folder_of: dict[str, str] = {}
    for row, folders, _ in rows:
        stem = without_ending(base(readable(values[row]))).casefold()
        if folder_of.setdefault(stem, folders) != folders:
            return True
    return False


def _parts(folders: str) -> list[str]:
    return folders.split("/") if folders else []


def _ends(folders: str) -> list[str]:
    """The ends of a path, the innermost folder first: "c", "b/c", "a/b/c"."""
    parts = folders.split("/")[-_MOST_FOLDERS:] if folders else []
    return ["/".join(parts[at:]) for at in range(len(parts) - 1, -1, -1)]
