"""Put the rows of a table together, block by block, so that no more than a block is held as Python text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from core.errors import BadDataset
from core.settings import MiB
from core.sources.labels.table_marks import with_marked
from core.sources.names import ending, visible
from core.sources.safe_names import bare_cell
from core.sources.wording import folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1000
MOST_CELLS = 100_000_000
MOST_BYTES = 256 * MiB  # of all cells, as they are kept
_CELL_LETTERS = 500
_HEAD_LETTERS = 120
_CHUNK, _CHUNK_BYTES = 10_000, 32 * MiB  # a block of Python text
_CELL_BYTES = 60  # that a Python text takes beside its letters
_LOOK_EVERY = 500  # rows
_PICTURES = frozenset(
    ".png .jpg .jpeg .bmp .webp .gif .tif .tiff .ome.tif .ome.tiff .dcm .nii .nii.gz .jp2".split()  # noqa: SIM905
)


class TableMaker:
    """Takes rows in.

    Args:
        around: letters to be taken off both ends of each cell, beside spaces.
        headless: whether the first row is known to be no head; else it is none where it names a picture.
    """

    def __init__(self, around: str = "", headless: bool = False) -> None:
        self._around = f" \t\r\n\xa0\ufeff{around}"
        self._head: list[str] = []
        self._blocks: list[pa.Table] = []
        self._block: list[list[str]] = []
        self._held = self._bytes = 0
        self._uneven: list[int] = []
        self._formulas = self._rows = 0
        self._cut, self._headless = False, headless

    def read(self, found: Iterator[list[str]], check: Callable[[], None] = lambda: None) -> TableMaker:
        """Take all rows, as far as a table may go; empty ones count, too.

        Args:
            found: the cells row by row.
            check: called every so many rows; what it raises ends the reading.
        """
        for number, raw in enumerate(found, 1):
            if number % _LOOK_EVERY == 0:
                check()
            row = [cell.strip(self._around)[:_CELL_LETTERS] if cell else "" for cell in raw[:MOST_COLUMNS]]
            if not any(row) and number <= 2 * MOST_ROWS:
                continue
            if self._is_full() or number > 2 * MOST_ROWS:
                self._cut = True
                break
            for kept in [self._fitted(row, number)] if self._head else self._begin(row):
                self._take(kept)
        self._close()
        return self

    def _is_full(self) -> bool:
        cells = self._rows * len(self._head)
        return self._rows >= MOST_ROWS or cells > MOST_CELLS or self._bytes > MOST_BYTES

    def _take(self, row: list[str]) -> None:
        self._block.append(row)
        self._held += sum(map(len, row)) + _CELL_BYTES * len(row)
        if len(self._block) == _CHUNK or self._held > _CHUNK_BYTES:
            self._close()

    def cells(self) -> tuple[pa.Table, list[Finding]]:
        """The table as strings, and what was odd about it.

        Raises:
            BadDataset: it has no rows.
        """
        import pyarrow as pa

        if not self._rows:
            raise BadDataset("The table holds no rows.", "Save it with a row for each image.")
        cells, marks = with_marked(pa.concat_tables(self._blocks))
        return cells, [*self._odd(), *marks]

    def _begin(self, row: list[str]) -> list[list[str]]:
        """The head; a first row that names a picture is no head but the first image."""
        while len(row) > 1 and not row[-1]:
            row.pop()
        row = row[:MOST_COLUMNS]
        self._headless = self._headless or any(ending(cell) in _PICTURES for cell in row)
        self._head = _distinct([] if self._headless else row, len(row))
        if not self._headless:
            return []
        self._rows += 1
        return [row]

    def _fitted(self, row: list[str], number: int) -> list[str]:
        self._rows += 1
        self._formulas += sum(cell.startswith("=") for cell in row)
        lacking = len(self._head) - len(row)
        if lacking > 0:
            self._uneven.append(number)
            return row + [""] * lacking
        if lacking < 0 and any(row[lacking:]):
            self._uneven.append(number)
        return row[: len(self._head)]

    def _close(self) -> None:
        import pyarrow as pa

        block, self._block, self._held = self._block, [], 0
        if block:
            texts = ([bare_cell(visible(cell)) for cell in column] for column in zip(*block, strict=True))
            columns = [pa.array(text, pa.string()) for text in texts]
            self._blocks.append(pa.Table.from_arrays(columns, names=self._head))
            self._bytes += self._blocks[-1].nbytes

    def _odd(self) -> Iterator[Finding]:
        if self._headless:
            what = "The first row of the table names an image, so its columns have no names."
            yield _note("no_header", what, "Tell the columns by their content, or write their names into a first row.")
        if self._uneven:
            count, where = len(self._uneven), [f"line {number:,}" for number in self._uneven]
            what = f"{count:,} row{' has' if count == 1 else 's have'} more or fewer cells than the table has columns."
            remedy = "Look at these rows; a separator inside a cell needs quotation marks around it."
            yield folded(Severity.WARNING, "uneven_rows", where, what, remedy)
        if self._formulas:
            what = f"{self._formulas:,} cell{' begins' if self._formulas == 1 else 's begin'} with “=”: read as text."
            yield _note("formula", what, "If results are meant, save the table with its values instead of formulas.")
        if self._cut:
            what = f"Of the table the first {self._rows:,} rows were read."
            remedy = "Save it with the rows and columns that matter alone."
            yield folded(Severity.WARNING, "table_cut", (), what, remedy)


def _distinct(head: Sequence[str], width: int) -> list[str]:
    """Names for all columns, no two the same."""
    named = [visible(cell)[:_HEAD_LETTERS] for cell in head] + [""] * (width - len(head))
    named = [name or f"column {number}" for number, name in enumerate(named, 1)]
    seen: Counter[str] = Counter()
    distinct: list[str] = []
    for name in named:
        seen[name] += 1
        fresh = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while fresh in distinct:
            fresh += "'"
        distinct.append(fresh)
    return distinct


def _note(rule: str, what: str, remedy: str) -> Finding:
    return folded(Severity.NOTE, rule, (), what, remedy)
