"""Which of many tables are worth reading: those that name images, and of these the largest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from core.errors import RefusedInput
from core.sources.names import base, without_ending
from core.sources.source import Source, SourceFile
from core.sources.wording import folded
from core.specs import Finding, Severity

MOST_TABLES = 10
_PEEKED_TABLES, _PEEKED_BYTES = 300, 16 * 1024
_SEVERAL = 2  # images; a table that lies beside one image for each may name that one
_BETWEEN = re.compile(r"[,;\t|\r\n\"]+")


def chosen_tables(
    source: Source, tables: Sequence[SourceFile], names: Sequence[str], check: Callable[[], None]
) -> tuple[list[SourceFile], list[Finding]]:
    """The tables to be read, and a finding if others are left.

    Args:
        source: open.
        tables: those in it.
        names: of the images.
        check: called before a table is opened; what it raises ends the search.
    """
    largest = sorted(tables, key=lambda file: -file.size)
    if len(tables) <= MOST_TABLES:
        return largest, []
    stems = {_stem(name) for name in names}
    naming = set()
    for file in largest[:_PEEKED_TABLES]:
        check()
        if _names_images(source, file, stems):
            naming.add(file.key)
    ordered = sorted(largest, key=lambda file: file.key not in naming)  # stable: the largest first in each half
    left = [file.name for file in ordered[MOST_TABLES:]]
    what = f"Of {len(tables):,} tables {MOST_TABLES} were read: those that name images, the largest first."
    remedy = "If the labels stand in another one, leave the tables out that do not matter, and bring the data in again."
    return ordered[:MOST_TABLES], [folded(Severity.WARNING, "tables_left_out", left, what, remedy)]


def _stem(name: str) -> str:
    return without_ending(base(name)).casefold()


def _names_images(source: Source, file: SourceFile, stems: set[str]) -> bool:
    """Whether the beginning of a table names several images; an Excel file, which is packed, is taken to do so."""
    try:
        head = b"".join(_first_pieces(source, file))
    except RefusedInput:
        return False
    if head.startswith(b"PK"):
        return True
    text = head.replace(b"\0", b"").decode("utf-8", errors="replace")
    cells = {cell.strip().replace("\\", "/") for cell in _BETWEEN.split(text)}
    found = {stem for cell in cells for stem in (base(cell).casefold(), _stem(cell)) if stem in stems}
    return len(found) >= _SEVERAL


def _first_pieces(source: Source, file: SourceFile) -> Iterator[bytes]:
    size = 0
    for piece in source.pieces(file):
        yield piece
        size += len(piece)
        if size >= _PEEKED_BYTES:
            return
