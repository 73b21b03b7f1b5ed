"""The cells of an Excel file: its size is checked before it is unpacked, values only, formulas are never computed."""

from __future__ import annotations

import datetime
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from core.errors import BadDataset, TooLarge
from core.settings import MiB

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MOST_BYTES = 512 * MiB  # of all parts unpacked
_MOST_TEXT_BYTES = 128 * MiB  # of the texts that are held in memory
_MOST_PARTS = 2000
_FORMULA = re.compile(rb"<(?:x:)?f[ >/]")
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
    """An Excel file that was found fit to be unpacked.

    `sheet` is the name of the sheet that is read, `others` those of the rest; known once `rows` has begun.
    """

    data: bytes
    sheet: str = ""
    others: list[str] = field(default_factory=list)
    formulas: int = 0

    def rows(self) -> Iterator[list[str]]:
        """The cells of the first sheet that has any, as text.

        Raises:
            BadDataset: the file is damaged, or has no sheet of cells.
            TooLarge: it would unpack to more than is allowed.
        """
        _check(self.data)
        try:
            yield from self._read()
        except _DAMAGE as error:
            raise BadDataset(
                "The table is damaged, or no Excel file that can be read.",
                "Open it in a spreadsheet program, save it as CSV, and import that.",
            ) from error

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
                    self.formulas = _count_formulas(self.data, sheet)
                    yield first
                    yield from found
                    return


def _cells(sheet: ReadOnlyWorksheet) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a file may say that it is a million rows wide
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]


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


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
    except _DAMAGE as error:
        raise BadDataset("The Excel file is damaged.", "Save it again, or as CSV.") from error
    texts = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/sheet"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES or texts > _MOST_TEXT_BYTES:
        raise TooLarge(
            "The Excel file would unpack to more than a table may.",
            "Save the sheet with the labels alone, as CSV, and import that.",
        )


def _count_formulas(data: bytes, sheet: ReadOnlyWorksheet) -> int:
    part = sheet._worksheet_path.lstrip("/")
    count, tail = 0, b""
    with zipfile.ZipFile(io.BytesIO(data)) as book, book.open(part) as file:
        while piece := file.read(_PIECE):
            block = tail + piece
            count += len(_FORMULA.findall(block))
            tail = block[-4:]
            count -= len(_FORMULA.findall(tail))
    return count + len(_FORMULA.findall(tail))
