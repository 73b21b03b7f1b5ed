"""Propose a pattern where file names are all built alike: "person100_bacteria_475" gives `*_{label}_*`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.datasets.names import base, without_ending

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
            return _written(at, len(columns), shape)
    numbered = [_LETTERS_NUMBER.fullmatch(column[0]) for column in zip(*columns[:1], strict=True)]
    if len(columns) == 1 and all(numbered) and _classes([found.group(1) for found in numbered if found]):
        return "{label}#"
    return ""


def _classes(values: Sequence[str]) -> bool:
    """Two or more words, each of several names."""
    counts = Counter(value.casefold() for value in values)
    few = 1 < len(counts) <= min(_MOST_CLASSES, len(values) // 2)
    return few and min(counts.values()) > 1 and not any(map(str.isdigit, "".join(counts)))


def _written(at: int, pieces: int, signs: Sequence[str]) -> str:
    if pieces > 1 and at == 0:
        return "{label}" + signs[0] + "*"
    if at == pieces - 1:
        return "*" + signs[-1] + "{label}"
    if pieces == 3:
        return "*" + signs[0] + "{label}" + signs[1] + "*"
    return "".join(("{label}" if i == at else "*") + (signs[i] if i < len(signs) else "") for i in range(pieces))
