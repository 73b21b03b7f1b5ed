"""The text of a table: which encoding, which separator, and its cells row by row; nothing in a cell is computed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice

from core.errors import BadDataset, TooLarge

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_SAMPLE_LINES = 60
_SAMPLE_LETTERS = 100_000  # fewer than a cell may have
_EXCEL_HINT = re.compile(r"sep=([^\r\n\"])\s*(?:\n|$)", re.IGNORECASE)
_LINE = re.compile(r"([^\r\n]*+)(?:\r\n?|\n)|([^\r\n]+)\Z")
_MOST_SIGNS = 200_000  # separators of one row, which would all be cells before any can be cut


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding where it is not UTF-8 ("" where it is).

    Raises:
        BadDataset: it is no text.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", errors="replace"), ""
    if encoding := _utf16(data):
        return data.decode(encoding, errors="replace").removeprefix("\ufeff"), "UTF-16"
    if b"\0" in data:
        raise BadDataset("The table is no text.", "Save it as CSV or XLSX and import that.")
    for encoding, words in (("utf-8", ""), ("cp1252", "Windows-1252")):
        try:
            return data.decode(encoding), words
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "Latin-1"


def separator(text: str) -> str:
    """What stands between the cells: the sign that gives most rows as many cells as the first one has."""
    if hint := _EXCEL_HINT.match(text):
        return hint.group(1)
    sample = text[:_SAMPLE_LETTERS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(SEPARATORS, key=lambda sign: _fits(sample, sign))


def rows(text: str, sign: str, quoted: bool = True) -> Iterator[list[str]]:
    """The cells row by row.

    Args:
        text: of the table.
        sign: the separator.
        quoted: whether a cell may stand in quotation marks; if not they are ordinary letters.

    Raises:
        csv.Error: a quotation mark is never closed, or a cell has more letters than a table may hold in one.
        TooLarge: a row has far too many cells.
    """
    hint = _EXCEL_HINT.match(text)
    lines = _Lines(text, hint.end() if hint else 0, sign)
    reader = csv.reader(lines, delimiter=sign, strict=quoted, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    for row in reader:
        lines.signs = 0
        yield row


class _Lines:
    """The lines of a text, one held at a time; refuses a row before it becomes millions of cells."""

    def __init__(self, text: str, begin: int, sign: str) -> None:
        self._found, self._sign = _LINE.finditer(text, begin), sign
        self.signs = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        found = next(self._found)
        line = found.group(1) if found.group(2) is None else found.group(2)
        self.signs += line.count(self._sign)
        if self.signs > _MOST_SIGNS:
            raise TooLarge("A row of the table has far too many cells.", "Save it with the columns that matter alone.")
        return f"{line}\n"


def _utf16(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 5 or min(even, odd) > len(head) / 20:  # other than in text, zeros on either side
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _fits(sample: str, sign: str) -> tuple[bool, float, int]:
    try:
        found = [row for row in islice(rows(sample, sign), _SAMPLE_LINES) if row]
    except csv.Error:
        found = [row for row in islice(rows(sample, sign, quoted=False), _SAMPLE_LINES) if row]
    widths = [len(row) for row in found] or [0]
    share = sum(width == widths[0] for width in widths) / len(widths)
    return widths[0] > 1, round(share, 1), widths[0]
