"""The text of a table: which encoding, which separator, and its cells row by row; nothing in a cell is computed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from core.errors import BadDataset

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_SAMPLE_LINES = 60
_SAMPLE_LETTERS = 200_000
_EXCEL_HINT = re.compile(r"sep=(.)\s*(?:\n|$)", re.IGNORECASE)


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
        csv.Error: a quotation mark is never closed.
    """
    hint = _EXCEL_HINT.match(text)
    lines = io.StringIO(text[hint.end() :] if hint else text, newline=None)
    if quoted:
        yield from csv.reader(lines, delimiter=sign, strict=True)
    else:
        yield from csv.reader(lines, delimiter=sign, quoting=csv.QUOTE_NONE)


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
