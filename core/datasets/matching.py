"""Find the image that each row of a table names: with or without its folders and its ending, however it is written.

A row finds the image of the same name. Where several images have it, the folders that the row names decide, from the
innermost outwards; where these do not decide, none is taken. Of several rows that find one image, those that name it
most closely count. Numbers find their image without the leading zeros that spreadsheets take away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.datasets.names import base, readable, without_ending

NO_IMAGE, AMBIGUOUS = -1, -2
_SAME_ENDING = 0.5  # less than a folder in common


@dataclass(frozen=True)
class Matches:
    """`image_of` has for each row the number of its image, or `NO_IMAGE`, or `AMBIGUOUS`."""

    image_of: list[int]

    def images(self) -> set[int]:
        """The images that some row names."""
        return {image for image in self.image_of if image >= 0}


class Images:
    """Names of images, to be looked up in.

    Args:
        names: inside their source, with forward slashes.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._first: dict[str, int] = {}  # by name without folders and ending
        self._more: dict[str, list[int]] = {}
        for at, name in enumerate(names):
            stem = without_ending(base(name)).casefold()
            if self._first.setdefault(stem, at) != at:
                self._more.setdefault(stem, [self._first[stem]]).append(at)
        self._numbers: dict[int, str] | None = None

    def match(self, values: Sequence[str]) -> Matches:
        """Find the image of each value of a column."""
        found = [self._find(value) for value in values]
        best: dict[int, float] = {}
        for image, closeness in found:
            if image >= 0 and closeness > best.get(image, -1):
                best[image] = closeness
        return Matches([at if at < 0 or closeness == best[at] else NO_IMAGE for at, closeness in found])

    def _find(self, value: str) -> tuple[int, float]:
        """The image, and how closely the value names it."""
        if not value:
            return NO_IMAGE, 0
        name = (value if value.isascii() and "\\" not in value else readable(value)).casefold()
        folders, _, last = name.rpartition("/")
        stem = without_ending(last)
        for candidate in (last, stem, self._numbered(stem)):  # a dot may be part of a name that has no ending
            if candidate in self._first:
                return self._closest(candidate, folders, last)
        return NO_IMAGE, 0

    def _closest(self, stem: str, folders: str, last: str) -> tuple[int, float]:
        alike = self._more.get(stem)
        if alike is None:
            return self._first[stem], self._closeness(self._first[stem], folders, last)
        rated = [(self._closeness(at, folders, last), at) for at in alike]
        closest = max(rated)[0]
        first, *others = [at for closeness, at in rated if closeness == closest]
        return (AMBIGUOUS, 0) if others else (first, closest)

    def _closeness(self, at: int, folders: str, last: str) -> float:
        """How many folders two paths have in common, from the innermost outwards; half a point for the same ending."""
        name = self._names[at].casefold()
        parents, _, name = name.rpartition("/")
        common = 0
        if folders and parents:
            for mine, theirs in zip(reversed(folders.split("/")), reversed(parents.split("/")), strict=False):
                if mine != theirs:
                    break
                common += 1
        return common + (_SAME_ENDING if name == last else 0)

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
