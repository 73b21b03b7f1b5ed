"""Tables that mark the class instead of naming it: a column for each class, with a 1 in one of them.

Such a table gets one column more, with the name of the column that is marked.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.wording import folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

MARKED = "marked column"
_ENOUGH = 0.95  # of the rows have exactly one mark


def with_marked(cells: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """The table with a column `MARKED` if neighbouring columns mark a class, and what to know of it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    binary = [set(pc.unique(cells[name]).to_pylist()) in _TWO for name in cells.column_names]
    runs = [
        [cells.column_names[at] for at, _ in run] for marks, run in groupby(enumerate(binary), lambda x: x[1]) if marks
    ]
    for run in sorted(runs, key=len, reverse=True):
        marks = np.column_stack([pc.starts_with(cells[name], "1").to_numpy() for name in run])
        one = marks.sum(axis=1) == 1
        if len(run) > 1 and MARKED not in cells.column_names and one.mean() >= _ENOUGH:
            names = np.array([*run, ""], dtype=object)[np.where(one, marks.argmax(axis=1), len(run))]
            return cells.append_column(MARKED, pa.array(names, pa.large_string())), [_note(run, int((~one).sum()))]
    return cells, []


_TWO = [{zero, one} for zero in ("0", "0.0") for one in ("1", "1.0")]


def _note(columns: list[str], unclear: int) -> Finding:
    what = f"{len(columns):,} columns mark the class of each row with a 1; “{MARKED}” holds the name of the marked one."
    if unclear:
        what += f" {unclear:,} row{' has' if unclear == 1 else 's have'} no mark or several, and so no class."
    return folded(Severity.NOTE, "marked_columns", columns, what, f"Choose “{MARKED}” as the class if that is meant.")
