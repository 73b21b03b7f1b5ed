"""Tables that mark the class instead of naming it: a column for each class, with a 1 in one of them.

Such a table gets one column more, with the name of the column that is marked.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.sources.wording import folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

MARKED = "marked column"
_MARKS = (frozenset(("0", "1")), frozenset(("0.0", "1.0")))
_ENOUGH = 0.95  # of the rows have exactly one mark
_SEXES = frozenset("male female m f w mann frau hombre mujer homme femme".split())  # noqa: SIM905
_MOST_COLUMNS = 200


def with_marked(cells: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """The table with a column `MARKED` if neighbouring columns mark a class, and what to know of it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = [_kind(pc.unique(cells[name])) for name in cells.column_names]
    runs = [[at for at, _ in run] for kind, run in groupby(enumerate(kinds), lambda pair: pair[1]) if kind >= 0]
    best: list[str] = []
    for run in runs:
        names = [cells.column_names[at] for at in run[:_MOST_COLUMNS]]
        marks = np.column_stack([pc.starts_with(cells[name], "1").to_numpy() for name in names])
        found = [names[at] for at in _exclusive(marks)]
        best = max(best, found, key=len)
    if len(best) < 2 or {name.casefold() for name in best} <= _SEXES or MARKED in cells.column_names:
        return cells, []
    marks = np.column_stack([pc.starts_with(cells[name], "1").to_numpy() for name in best])
    one = marks.sum(axis=1) == 1
    marked = np.array([*best, ""], dtype=object)[np.where(one, marks.argmax(axis=1), len(best))]
    return cells.append_column(MARKED, pa.array(marked, pa.large_string())), [_note(best, int((~one).sum()))]


def _kind(values: pa.Array) -> int:
    """Which way of writing 0 and 1 a column keeps to; -1 for neither."""
    there = set(values.to_pylist()) if len(values) <= 2 else {""}
    return next((at for at, marks in enumerate(_MARKS) if there <= marks), -1)


def _exclusive(marks: NDArray[np.bool_]) -> range:
    """The longest stretch of columns in which nearly every row has exactly one mark; empty columns at its ends not."""
    before = np.column_stack([np.zeros(len(marks), int), marks.cumsum(axis=1)])
    used = np.flatnonzero(marks.any(axis=0))
    for width in range(len(used), 1, -1):
        for first in range(len(used) - width + 1):
            start, end = int(used[first]), int(used[first + width - 1]) + 1
            if (before[:, end] - before[:, start] == 1).mean() >= _ENOUGH:
                return range(start, end)
    return range(0)


def _note(columns: list[str], unclear: int) -> Finding:
    what = f"{len(columns):,} columns mark the class of each row with a 1; “{MARKED}” holds the name of the marked one."
    if unclear:
        what += f" {unclear:,} row{' has' if unclear == 1 else 's have'} no mark or several, and so no class."
    return folded(Severity.NOTE, "marked_columns", columns, what, f"Choose “{MARKED}” as the class if that is meant.")
