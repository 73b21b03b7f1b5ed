"""Propose a pattern where file names are all built alike: "person100_bacteria_475" gives `*_{label}_*`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.sources.names import base, without_ending

_SAMPLE = 2000
_ALIKE = 0.95  # of the names
_MOST_CLASSES = 20
_PIECE = re.compile(r"[_\-. ]+")
_LETTERS_NUMBER = re.compile(r"([^\W\d_]+)[0-9]+")


def pattern_of(names: Sequence[str]) -> str:
    """The pattern that finds a class in the names, "" where none is likely."""
    stems = [without_ending(base(name)) for name in names[:: max(1, len(names) // _SAMPLE)]]
    signs = Counter(tuple(_PIECE.findall(stem)) for stem in stems)
    shape, count = signs.most_common(1)[0] if signs else ((), 0)
    if count < _ALIKE * len(stems) or len(stems) < 4:
        return ""
    pieces = [_PIECE.split(stem) for stem in stems if tuple(_PIECE.findall(stem)) == shape]
    columns = list(zip(*pieces, strict=True))
    for at, column in enumerate(columns):
        if _classes(column):
            return _written(at, columns, shape)
    numbered = [_LETTERS_NUMBER.fullmatch(column[0]) for column in zip(*columns[:1], strict=True)]
    if len(columns) == 1 and all(numbered) and _classes([found.group(1) for found in numbered if found]):
        return "{label}#"
    return ""


def _classes(values: Sequence[str]) -> bool:
    """Two or more words, each of several names."""
    counts = Counter(value.casefold() for value in values)
    few = 1 < len(counts) <= min(_MOST_CLASSES, len(values) // 2)
    return few and min(counts.values()) > 1 and not any(map(str.isdigit, "".join(counts)))


def _written(at: int, columns: Sequence[Sequence[str]], signs: Sequence[str]) -> str:
    """The pattern whose piece `at` is the class; a stretch of other pieces is one star, or the number that it is."""
    parts = ["#" if all(piece.isascii() and piece.isdigit() for piece in column) else "*" for column in columns]
    after = len(columns) - at - 1
    head = "" if at == 0 else (parts[0] if at == 1 else "*") + signs[at - 1]
    tail = "" if after == 0 else signs[at] + (parts[-1] if after == 1 else "*")
    written = head + "{label}" + tail
    return f"{written}.*" if written.endswith(".*") else written  # an ending ".*" stands for the ending of the file
