"""Names from strangers as names of files and folders, and as cells of a table, that do no harm anywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)))
)  # names that Windows keeps for devices, whatever their ending
_MOST_BYTES = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Names:
    """Free names in one folder, told apart without regard to capitals, as Windows and macOS do.

    Args:
        reserved: names that mean something else there.
    """

    def __init__(self, reserved: Sequence[str] = ()) -> None:
        self._taken = {name.casefold() for name in reserved}

    def free(self, name: str, ending: str = "") -> str:
        """A name like the given one, with its ending, that can be a file's and that was not given out before."""
        stem = safe_name(name)
        number, found = 1, stem + ending
        while found.casefold() in self._taken:
            number += 1
            found = f"{stem} ({number}){ending}"
        self._taken.add(found.casefold())
        return found


def safe_name(name: str) -> str:
    """The name, with "_" for what cannot stand in the name of a file; never empty, a device, hidden, or a path."""
    composed = unicodedata.normalize("NFC", name)
    seen = "".join("_" if letter in _FORBIDDEN or not letter.isprintable() else letter for letter in composed)
    short = seen.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore").strip(" ").rstrip(". ")
    if short.startswith("."):
        short = "_" + short[1:]
    if short.partition(".")[0].strip().casefold() in _DEVICES:
        short = "_" + short
    return short or "_"


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def bare_cell(text: str) -> str:
    """A cell as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
