"""What a look into a source leaves until the import is over: what it found, the names of the images, the tables."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from core.errors import DataGone
from core.files import write_file, written_beside
from core.sources.labels.tables import Table, load_table
from core.specs import SourceLook

_LOOK, _NAMES = "look.json", "names.parquet"
_COLUMN = "name"


def begin(folder: Path) -> None:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def write_names(folder: Path, names: Sequence[str]) -> None:
    """Keep the names of the images, in order."""
    import pyarrow as pa

    _write(folder / _NAMES, pa.table({_COLUMN: pa.array(names, pa.large_string())}))


def write_table(folder: Path, number: int, table: Table) -> None:
    """Keep a table."""
    _write(folder / f"table_{number}.parquet", table.cells)


def write_look(folder: Path, look: SourceLook) -> None:
    """Keep what was found; the last thing that is written."""
    write_file(folder / _LOOK, look.model_dump_json())


def read_look(folder: Path) -> SourceLook:
    """What was found.

    Raises:
        DataGone: nothing lies there (any more).
    """
    try:
        return SourceLook.model_validate_json((folder / _LOOK).read_bytes())
    except FileNotFoundError as error:
        raise _gone() from error


def read_names(folder: Path) -> list[str]:
    """The names of the images, in order; raises as `read_look`."""
    import pyarrow.parquet as pq

    try:
        names: list[str] = pq.read_table(folder / _NAMES)[_COLUMN].to_pylist()
    except FileNotFoundError as error:
        raise _gone() from error
    return names


def read_columns(folder: Path, look: SourceLook, name: str, columns: Sequence[str]) -> Table | None:
    """A table, with these columns alone; None where the source has no such table."""
    for number, table in enumerate(look.tables):
        if table.name == name:
            return load_table(folder / f"table_{number}.parquet", name, table.findings, columns)
    return None


def _write(path: Path, table: object) -> None:
    import pyarrow.parquet as pq

    with written_beside(path) as part:
        pq.write_table(table, part, compression="zstd")


def _gone() -> DataGone:
    return DataGone("What was found in these data is not there any more.", "Bring them in again.")
