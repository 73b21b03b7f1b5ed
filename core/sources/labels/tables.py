"""Read a table of labels, CSV, TSV or XLSX, however it was saved: every cell as text, what was odd as findings."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BadDataset, TooLarge
from core.settings import MiB
from core.sources.disk import in_words
from core.sources.labels.table_excel import Excel
from core.sources.labels.table_maker import TableMaker
from core.sources.labels.table_text import decoded, rows, separator
from core.sources.wording import folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 256 * MiB
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?")
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
        return 1 if self.headless else 2

    @property
    def headless(self) -> bool:
        """Whether its columns have no names of their own."""
        return any(finding.rule == "no_header" for finding in self.findings)

    def column(self, name: str) -> list[str]:
        """The cells of a column; "" where one says nothing, or says it as programs do (NaN, N/A).

        Where every cell of a column is a whole number, some perhaps written as "3.0", none is given a fraction.

        Raises:
            BadDataset: there is no such column.
        """
        if name not in self.cells.column_names:
            raise BadDataset(
                "The table has no row with the names of its columns."  # the name that was asked for is then a cell
                if self.headless and not name.startswith("column ")
                else f"The table has no column {name!r}.",
                f"Choose one of its columns: {', '.join(map(repr, self.columns[:20]))}.",
            )
        found = [said(cell) for cell in self.cells[name].to_pylist()]
        whole = any("." in cell for cell in found) and all(_WHOLE.fullmatch(cell) for cell in found if cell)
        return [cell.partition(".")[0] for cell in found] if whole else found


def said(cell: str) -> str:
    """What a cell says; "" where programs write that it says nothing (NaN, N/A)."""
    return "" if len(cell) < 5 and cell.casefold() in _EMPTY else cell


def require_size(size: int) -> None:
    """Raise where a table has more bytes than may be read.

    Raises:
        TooLarge: it has.
    """
    if size > MOST_BYTES:
        raise TooLarge(
            f"The table takes {in_words(size)}; at most {in_words(MOST_BYTES)} are allowed.",
            "Save it with the columns that matter alone.",
        )


def read_table(data: bytes, name: str, headless: bool = False, check: Callable[[], None] = lambda: None) -> Table:
    """Read a table, told by its content whatever its ending says.

    Args:
        data: the file.
        name: of the file, for findings.
        headless: whether its first row is known to be no head but an image; else a picture in it tells.
        check: called every so many rows; what it raises ends the reading.

    Raises:
        BadDataset: it is empty, no table, or damaged.
        TooLarge: it is larger than a table may be.
    """
    require_size(len(data))
    if data.startswith(_OLD_EXCEL):
        raise BadDataset(
            "The table is an old Excel file (XLS), or one with a password.",
            "Save it as XLSX or CSV, without a password.",
        )
    if data.startswith(b"PK\x03\x04"):
        book = Excel(data, check)
        cells, odd = TableMaker(headless=headless).read(book.rows(), check).cells()
        return Table(name, cells, (*_of_book(book), *odd))
    text, encoding = decoded(data)
    notes = []
    if encoding:
        what = f"The table is not written in UTF-8; it was read as {encoding}."
        notes.append(_note("encoding", what, "See that its letters are right; if not, save it as CSV in UTF-8."))
    return _read_text(text, name, notes, headless, check)


def _read_text(text: str, name: str, notes: list[Finding], headless: bool, check: Callable[[], None]) -> Table:
    sign = separator(text)
    try:
        cells, odd = TableMaker(headless=headless).read(rows(text, sign), check).cells()
    except csv.Error:
        what = "A quotation mark in the table is never closed; all were read as ordinary letters."
        note = folded(
            Severity.WARNING, "quotation_mark", (), what, "Look at the rows; correct the table if it matters."
        )
        cells, odd = _unquoted(TableMaker('"', headless), text, sign, check)
        odd = [note, *odd]
    return Table(name, cells, (*notes, *odd))


def _unquoted(maker: TableMaker, text: str, sign: str, check: Callable[[], None]) -> tuple[pa.Table, list[Finding]]:
    try:
        return maker.read(rows(text, sign, quoted=False), check).cells()
    except csv.Error as error:
        raise BadDataset(
            f"A cell of the table has more than {csv.field_size_limit():,} letters, or signs that no table has.",
            "Save it as CSV or XLSX with the columns that matter alone.",
        ) from error


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


def _note(rule: str, what: str, remedy: str) -> Finding:
    return folded(Severity.NOTE, rule, (), what, remedy)
