"""Tables that mark the class instead of naming it: a column for each class, with a 1 in one of them.

Such a table gets one column more, with the name of the column that is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
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
_SOME_ROWS = 1000  # in which the marks are sought, before all rows are looked at
_MOST_TRIES = 5


def with_marked(cells: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """The table with a column `MARKED` if neighbouring columns mark a class, and what to know of it."""
    import pyarrow as pa

    best: Sequence[str] = max(_candidates(cells), key=len, default=())
    if len(best) < 2 or {name.casefold() for name in best} <= _SEXES or MARKED in cells.column_names:
        return cells, []
    marks, which = _marks(cells, best)
    marked = np.array([*best, ""], dtype=object)[np.where(marks == 1, which, len(best))]
    return cells.append_column(MARKED, pa.array(marked, pa.string())), [_note(best, int((marks != 1).sum()))]


def _candidates(cells: pa.Table) -> Iterator[list[str]]:
    """Of each run of neighbouring columns of noughts and ones the longest stretch that marks a class."""
    import pyarrow.compute as pc

    rows = cells.num_rows
    some = cells
    if rows > _SOME_ROWS:  # by chance, as tables are sorted in all kinds of ways
        some = cells.take(np.sort(np.random.default_rng(0).choice(rows, _SOME_ROWS, replace=False)))
    kinds = [_kind(some[name]) for name in cells.column_names]
    kinds = [-1 if kind < 0 else _kind(cells[name]) for kind, name in zip(kinds, cells.column_names, strict=True)]
    for kind, run in groupby(enumerate(kinds), lambda pair: pair[1]):
        names = [cells.column_names[at] for at, _ in run][:_MOST_COLUMNS]
        if kind < 0 or len(names) < 2:
            continue
        marks = np.column_stack([pc.starts_with(some[name], "1").to_numpy() for name in names])
        for stretch in islice(_exclusive(marks), _MOST_TRIES):
            found = [names[at] for at in stretch]
            if some is cells or (_marks(cells, found)[0] == 1).mean() >= _ENOUGH:
                yield found
                break


def _kind(column: pa.ChunkedArray) -> int:
    """Which way of writing 0 and 1 a column keeps to; -1 for neither."""
    import pyarrow.compute as pc

    values = pc.unique(column)
    there = set(values.to_pylist()) if len(values) <= 2 else {""}
    return next((at for at, marks in enumerate(_MARKS) if there <= marks), -1)


def _marks(cells: pa.Table, names: Sequence[str]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """How many of these columns each row marks, and the number of the last one."""
    import pyarrow.compute as pc

    marks, which = np.zeros(cells.num_rows, np.int16), np.zeros(cells.num_rows, np.int16)
    for at, name in enumerate(names):
        marked = pc.starts_with(cells[name], "1").to_numpy()
        marks += marked
        which[marked] = at
    return marks, which


def _exclusive(marks: NDArray[np.bool_]) -> Iterator[range]:
    """Stretches of columns in which nearly every row has exactly one mark, the longest first.

    None begins or ends with a column without marks.
    """
    before = np.column_stack([np.zeros(len(marks), int), marks.cumsum(axis=1)])
    used = np.flatnonzero(marks.any(axis=0))
    for width in range(len(used), 1, -1):
        for first in range(len(used) - width + 1):
            start, end = int(used[first]), int(used[first + width - 1]) + 1
            if (before[:, end] - before[:, start] == 1).mean() >= _ENOUGH:
                yield range(start, end)


def _note(columns: Sequence[str], unclear: int) -> Finding:
    what = f"{len(columns):,} columns mark the class of each row with a 1; “{MARKED}” holds the name of the marked one."
    if unclear:
        what += f" {unclear:,} row{' has' if unclear == 1 else 's have'} no mark or several, and so no class."
    return folded(Severity.NOTE, "marked_columns", columns, what, f"Choose “{MARKED}” as the class if that is meant.")
