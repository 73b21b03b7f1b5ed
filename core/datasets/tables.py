"""Read a table of labels, CSV, TSV or XLSX, however it was saved: every cell as text, what was odd as findings."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.datasets.disk import in_words
from core.datasets.names import ending, visible
from core.datasets.safe_names import bare_cell
from core.datasets.table_excel import Excel
from core.datasets.table_marks import with_marked
from core.datasets.table_text import decoded, rows, separator
from core.datasets.wording import folded
from core.errors import BadDataset, TooLarge
from core.settings import MiB
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 256 * MiB
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1000
MOST_CELLS = 100_000_000
_CELL_LETTERS = 500
_HEAD_LETTERS = 120
_CHUNK = 10_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = frozenset(
    ".png .jpg .jpeg .bmp .webp .gif .tif .tiff .ome.tif .ome.tiff .dcm .nii .nii.gz .jp2".split()  # noqa: SIM905
)
_WHOLE = re.compile(r"-?[0-9]+\.0+")
_EMPTY = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "<na>"))


@dataclass(frozen=True)
class Table:
    """A table of text; `cells` is an Arrow table of strings. What was odd about the file stands in `findings`."""

    name: str
    cells: pa.Table
    findings: tuple[Finding, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.cells.column_names)

    @property
    def first_row(self) -> int:
        """The number that its first row has in a spreadsheet."""
        return 1 if any(finding.rule == "no_header" for finding in self.findings) else 2

    def column(self, name: str) -> list[str]:
        """The cells of a column; "" where one says nothing, or says it as programs do (NaN, N/A).

        Where every number of a column is whole, as "3.0", it is given without the fraction.

        Raises:
            BadDataset: there is no such column.
        """
        if name not in self.cells.column_names:
            raise BadDataset(
                f"The table has no column {name!r}.",
                f"Choose one of its columns: {', '.join(map(repr, self.columns[:20]))}.",
            )
        found = [said(cell) for cell in self.cells[name].to_pylist()]
        whole = any(found) and all(_WHOLE.fullmatch(cell) for cell in found if cell)
        return [cell.partition(".")[0] for cell in found] if whole else found


def said(cell: str) -> str:
    """What a cell says; "" where programs write that it says nothing (NaN, N/A)."""
    return "" if cell.casefold() in _EMPTY else cell


def read_table(data: bytes, name: str) -> Table:
    """Read a table, told by its content whatever its ending says.

    Args:
        data: the file.
        name: of the file, for findings.

    Raises:
        BadDataset: it is empty, no table, or damaged.
        TooLarge: it is larger than a table may be.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"The table takes {in_words(len(data))}; at most {in_words(MOST_BYTES)} are allowed.",
            "Save it with the columns that matter alone.",
        )
    if data.startswith(_OLD_EXCEL):
        raise BadDataset(
            "The table is an old Excel file (XLS), or one with a password.",
            "Save it as XLSX or CSV, without a password.",
        )
    if data.startswith(b"PK\x03\x04"):
        book = Excel(data)
        made = _Maker(name).read(book.rows())
        return made.table(_of_book(book))
    text, encoding = decoded(data)
    notes = []
    if encoding:
        what = f"The table is not written in UTF-8; it was read as {encoding}."
        notes.append(_note("encoding", what, "See that its letters are right; if not, save it as CSV in UTF-8."))
    return _read_text(text, name, notes)


def _read_text(text: str, name: str, notes: list[Finding]) -> Table:
    sign = separator(text)
    try:
        return _Maker(name).read(rows(text, sign)).table(notes)
    except csv.Error:
        what = "A quotation mark in the table is never closed; all were read as ordinary letters."
        note = folded(
            Severity.WARNING, "quotation_mark", (), what, "Look at the rows; correct the table if it matters."
        )
        return _Maker(name, '"').read(rows(text, sign, quoted=False)).table([*notes, note])


class _Maker:
    """Puts rows together to a table, block by block, so that no more than a block is held as Python text."""

    def __init__(self, name: str, around: str = "") -> None:
        self._name, self._around = name, f" \t\r\n\xa0\ufeff{around}"
        self._head: list[str] = []
        self._blocks: list[pa.Table] = []
        self._uneven: list[int] = []
        self._formulas = self._rows = 0
        self._cut = self._headless = False

    def read(self, found: Iterator[list[str]]) -> _Maker:
        """Take all rows."""
        block: list[list[str]] = []
        for number, raw in enumerate(found, 1):
            row = [cell.strip(self._around)[:_CELL_LETTERS] if cell else "" for cell in raw]
            if not any(row):
                continue
            if not self._head:
                block += self._begin(row)
                continue
            if self._rows >= MOST_ROWS or self._rows * len(self._head) > MOST_CELLS:
                self._cut = True
                break
            block.append(self._fitted(row, number))
            if len(block) == _CHUNK:
                self._close(block)
                block = []
        self._close(block)
        return self

    def table(self, notes: Sequence[Finding]) -> Table:
        """The table, with what was odd.

        Raises:
            BadDataset: it has no rows.
        """
        import pyarrow as pa

        if not self._rows:
            raise BadDataset("The table holds no rows.", "Save it with a row for each image.")
        cells, marks = with_marked(pa.concat_tables(self._blocks))
        return Table(self._name, cells, (*notes, *self._odd(), *marks))

    def _begin(self, row: list[str]) -> list[list[str]]:
        """The head; a first row that names a picture is no head but the first image."""
        while len(row) > 1 and not row[-1]:
            row.pop()
        row = row[:MOST_COLUMNS]
        self._headless = any(ending(cell) in _PICTURES for cell in row)
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

    def _close(self, block: list[list[str]]) -> None:
        import pyarrow as pa

        if block:
            texts = ([bare_cell(visible(cell)) for cell in column] for column in zip(*block, strict=True))
            columns = [pa.array(text, pa.large_string()) for text in texts]
            self._blocks.append(pa.Table.from_arrays(columns, names=self._head))

    def _odd(self) -> Iterator[Finding]:
        if self._headless:
            what = f"The first row of the table {self._name!r} names an image, so its columns have no names."
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


def load_table(path: Path, name: str, findings: tuple[Finding, ...] = (), columns: Sequence[str] = ()) -> Table:
    """A table that `Table.cells` was written from, as Parquet; only these columns, as far as it has them."""
    import pyarrow.parquet as pq

    there = pq.read_schema(path).names
    return Table(name, pq.read_table(path, columns=[column for column in columns if column in there]), findings)


def _of_book(book: Excel) -> list[Finding]:
    notes = []
    if book.formulas:
        what = f"The table holds {book.formulas:,} formula{'' if book.formulas == 1 else 's'}; their saved"
        what += " results were read, nothing was computed."
        notes.append(_note("formula", what, "If a result is missing, open the file, save it, and import again."))
    if book.others:
        what = f"Of the table the sheet {book.sheet!r} was read, and none of the others."
        remedy = "If another sheet is meant, put it first, or save it alone."
        notes.append(folded(Severity.NOTE, "other_sheets", book.others, what, remedy))
    return notes


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
