"""Tables with a row for each folder (of a patient, of an examination) instead of each image."""

from __future__ import annotations

from collections.abc import Sequence

from core.sources.names import readable


class Folders:
    """The folders of images, to be looked up by their name or by the end of their path.

    Args:
        names: of the images inside their source, with forward slashes.
    """

    def __init__(self, names: Sequence[str]) -> None:
        parents = [name.rpartition("/")[0].casefold() for name in names]
        self._images: dict[str, list[int]] = {}
        for at, parent in enumerate(parents):
            self._images.setdefault(parent, []).append(at)
        self._called: dict[str, set[str]] = {}  # paths of folders by what they, or those around them, are called
        for parent in self._images:
            for name in _names_of(parent):
                self._called.setdefault(name, set()).add(parent)
        around_all = {name for name, found in self._called.items() if len(found) == len(self._images) > 1}
        for name in around_all:
            del self._called[name]

    def match(self, values: Sequence[str]) -> list[list[int]]:
        """The images below the folder that each value names; none for a value that names no folder."""
        return [self._below(value) for value in values]

    def _below(self, value: str) -> list[int]:
        name = readable(value).casefold().strip("/")
        found = self._called.get(name) or self._called.get(_number(name), set()) if name else set()
        return [at for parent in sorted(found) for at in self._images[parent]]


def _names_of(path: str) -> set[str]:
    """Under which names images in a folder can be found: each folder of the path, and its stretches from there on."""
    parts = path.split("/") if path else []
    names = {*parts, *("/".join(parts[at:]) for at in range(len(parts)))}
    return names | {_number(name) for name in names} - {""}


def _number(name: str) -> str:
    """A number without the zeros that a spreadsheet takes away, as no folder is called; "" for what is none."""
    return f"\0{name.lstrip('0')}" if name.isascii() and name.isdigit() else ""
