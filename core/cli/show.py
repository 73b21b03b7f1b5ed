"""What commands print: one JSON object, or plain words and columns; names from strangers cannot steer the terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

UNKNOWN = "-"


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; text beyond ASCII is escaped, so that any terminal and any pipe can take it."""
    print(json.dumps(value, indent=2))


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns; numbers are right-aligned, None is a dash."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *cells]) for i in range(len(header))]
    numeric = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    for line in [list(header), *cells]:
        aligned = (c.rjust(w) if right else c.ljust(w) for c, w, right in zip(line, widths, numeric, strict=True))
        print("  ".join(aligned).rstrip())


def plain(text: str) -> str:
    """Text with control characters made visible: a file name must not move the cursor or change a title."""
    return "".join(c if unicodedata.category(c)[0] != "C" else f"\\x{ord(c):02x}" for c in text)


def figure(value: float | None) -> str:
    """A figure of merit with three decimals, a dash where there is none."""
    return UNKNOWN if value is None else f"{value:.3f}"


def _cell(value: object) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return plain(str(value))


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int) or str(value).replace(".", "", 1).lstrip("-").isdigit()
