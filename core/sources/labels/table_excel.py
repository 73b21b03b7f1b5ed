"""The cells of an Excel file: its size is checked before it is unpacked, values only, formulas are never computed."""

from __future__ import annotations

import datetime
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from core.errors import BadDataset, TooLarge
from core.settings import MiB
from core.sources.labels.table_maker import MOST_COLUMNS

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MOST_BYTES = 512 * MiB  # of all parts unpacked
_MOST_TEXT_BYTES = 128 * MiB  # of the texts that are held in memory
_MOST_PARTS = 2000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # that Excel has
_MOST_ROW_BYTES = 16 * MiB  # of one row as XML, which is held as a whole
_MOST_TAGS = 10_000_000  # of a part without rows, which are all held
_UTF_8 = b"\xef\xbb\xbf"
_OTHER_UTF = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ROW = re.compile(rb"</?(?:[\w.-]+:)?(?:row[\s/>]|sheetData)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8|us-ascii|iso-8859-1|windows-1252)", re.IGNORECASE)
_PIECE = MiB
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OverflowError,
)
"""What openpyxl raises for a file that is damaged or hostile."""


@dataclass
class Excel:
    """An Excel file.

    `check` is called again and again while it is read; what it raises ends the reading. `sheet` is the name of the
    sheet that is read, `others` those of the rest; known once `rows` has begun.
    """

    data: bytes
    check: Callable[[], None] = lambda: None
    sheet: str = ""
    others: list[str] = field(default_factory=list)
    formulas: int = 0
    _formulas: dict[str, int] = field(default_factory=dict)

    def rows(self) -> Iterator[list[str]]:
        """The cells of the first sheet that has any, as text.

        Raises:
            BadDataset: the file is damaged, or has no sheet of cells, or rows and columns that Excel does not have.
            TooLarge: it would unpack to more than is allowed.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as book:
                self._look_over(book)
            yield from self._read()
        except _DAMAGE as error:
            raise BadDataset(
                "The table is damaged, or no Excel file that can be read.",
                "Open it in a spreadsheet program, save it as CSV, and import that.",
            ) from error

    def _look_over(self, book: zipfile.ZipFile) -> None:
        """Count what openpyxl would build, before it builds it."""
        parts = book.infolist()
        texts = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/sheet"))
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES or texts > _MOST_TEXT_BYTES:
            raise _too_large()
        for part in parts:
            with book.open(part) as file:
                self._formulas[part.filename] = _Tags(file, self.check).formulas

    def _read(self) -> Iterator[list[str]]:
        import openpyxl  # a quarter of a second that only Excel files cost

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, which are not read
            book = openpyxl.load_workbook(io.BytesIO(self.data), read_only=True, data_only=True, keep_links=False)
        with closing(book):
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            for sheet in sheets:
                found = _cells(sheet)
                first = next((row for row in found if any(row)), None)
                if first is not None:
                    self.sheet = sheet.title
                    self.others = [other.title for other in sheets if other.title != sheet.title]
                    self.formulas = self._formulas[sheet._worksheet_path.lstrip("/")]
                    yield first
                    yield from found
                    return


def _cells(sheet: ReadOnlyWorksheet) -> Iterator[list[str]]:
    """The rows in which something may stand; what lies between them is no more than an empty list each."""
    from openpyxl.worksheet._reader import WorkSheetParser

    book, at = sheet.parent, 0
    with warnings.catch_warnings(), sheet._get_source() as source:
        warnings.simplefilter("ignore")
        dates = {"epoch": book.epoch, "date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
        for number, cells in WorkSheetParser(source, sheet._shared_strings, data_only=True, **dates).parse():
            if number > _MOST_ROWS or any(cell["column"] > _MOST_COLUMNS for cell in cells):
                raise _outside()
            for _ in range(at + 1, number):
                yield []
            if number > at:
                at = number
                yield _row(cells)


def _row(cells: list[dict[str, Any]]) -> list[str]:
    said = {cell["column"]: _text(cell["value"]) for cell in cells if cell["value"] is not None}
    return [said.get(column, "") for column in range(1, min(max(said, default=0), MOST_COLUMNS) + 1)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _outside() -> BadDataset:
    return BadDataset(
        "The table has rows or columns beyond those that Excel has.",
        "Open it in a spreadsheet program, save it as CSV, and import that.",
    )


def _too_large() -> TooLarge:
    return TooLarge(
        "The Excel file would unpack to more than a table may.",
        "Save the sheet with the labels alone, as CSV, and import that.",
    )


class _Tags:
    """Counts the tags of a part before they are built, each of which takes far more memory than it has letters.

    Args:
        file: the part, unpacked as it is read; left alone if it is no XML.
        check: called for each piece.

    Attributes:
        formulas: how many are in it.

    Raises:
        TooLarge: it has more tags than may be held at a time.
        ValueError: its tags cannot be counted, because it is written as no spreadsheet program writes.
    """

    def __init__(self, file: IO[bytes], check: Callable[[], None]) -> None:
        self.formulas = self._tags = self._rows = 0
        self._at = self._row_at = 0  # bytes from the beginning
        rest = file.read(_PIECE).removeprefix(_UTF_8)
        if not self._is_xml(rest):
            return
        while piece := file.read(_PIECE):
            check()
            cut = max(0, rest.rfind(b"<"))
            self._count(rest[:cut])
            rest = rest[cut:] + piece
            if len(rest) > _MOST_ROW_BYTES:
                raise _too_large()
        self._count(rest)

    @staticmethod
    def _is_xml(head: bytes) -> bool:
        is_xml = head.lstrip()[:1] in (b"", b"<")
        if head.startswith(_OTHER_UTF) or (is_xml and _ENCODING.search(head[:500])):
            raise ValueError("an encoding in which tags are not told by their bytes")
        return is_xml

    def _count(self, block: bytes) -> None:
        """Take in a block that ends where a tag begins."""
        marks = [found.start() for found in _ROW.finditer(block)]
        first = 0 if self._rows else marks[0] if marks else len(block)
        if b"<!DOCTYPE" in block or block.find(b"<!", first) >= 0 or block.find(b"<?", first) >= 0:
            raise ValueError("a comment or the like among the rows, which may look like one")
        self.formulas += len(_FORMULA.findall(block))
        self._tags += block.count(b"<")
        self._rows += len(marks)
        places = [self._row_at, *(self._at + mark for mark in marks)]
        self._at += len(block)
        self._row_at = places[-1]
        longest = max(end - start for start, end in pairwise([*places, self._at]))
        if self._rows == 0 and self._tags <= _MOST_TAGS:
            return
        if self._rows == 0 or longest > _MOST_ROW_BYTES or self._rows > 2 * _MOST_ROWS + 9:
            raise _too_large()
