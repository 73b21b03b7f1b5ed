"""Look into a source before it is imported: what is in it, what its tables and tags say, and what to propose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import RefusedInput, TooLarge
from core.settings import MiB, Settings
from core.sources.class_names import kept_names
from core.sources.contents import contents_of
from core.sources.deidentify import without_names
from core.sources.image_reader import table_in
from core.sources.labels import look_folder
from core.sources.labels.column_facts import ColumnFacts, column_facts
from core.sources.labels.folders import places
from core.sources.labels.look_folder import read_look
from core.sources.labels.proposing import propose
from core.sources.labels.tables import Table
from core.sources.names import ending
from core.sources.npz_reader import NpzReader
from core.sources.progress import Report, ShouldStop, Ticker
from core.sources.reader import natural_key
from core.sources.source import Source, SourceFile
from core.sources.sources import open_source
from core.sources.table_choice import MOST_TABLES, chosen_tables
from core.sources.tag_sample import sample_tags
from core.sources.wording import folded
from core.sources.zip_source import ZipSource
from core.specs import Finding, Labelling, Severity, SourceLook, TableLook

__all__ = ["look_into", "read_look"]

_FIRST_ROWS, _SHOWN_COLUMNS, _CELL_LETTERS = 8, 60, 80
_SOME_NAMES = 200
_MOST_HELD_BYTES = 512 * MiB  # of the cells of all tables
_NOTHING_SAID = Labelling()


def look_into(path: Path, folder: Path, settings: Settings, report: Report, should_stop: ShouldStop) -> SourceLook:
    """Look into a zip, a folder, several files or an NPZ; nothing is imported.

    Args:
        path: the source; left as it is.
        folder: where what was found is kept until the import is over; emptied first.
        settings: the limits.
        report: receives the progress.
        should_stop: asked between files.

    Returns:
        What was found, also written to the folder.

    Raises:
        BadArchive, BadDataset, TooLarge, NotHandledYet: the source cannot be used, in words.
        DataGone: there is no such file.
        Stopped: `should_stop` said so.
    """
    look_folder.begin(folder)
    try:
        with closing(open_source(path, settings)) as source:
            if isinstance(source, ZipSource) and source.kind == "npz":
                look = _look_into_npz(source, settings, kept_names(path, settings))
            else:
                look = _look_into_images(source, folder, settings, report, should_stop)
    except RefusedInput as error:  # is kept by the store: without the names of files, which may be those of patients
        raise type(error)(without_names(error.what, ()), without_names(error.remedy, ())) from None
    look_folder.write_look(folder, look)
    return look


def _look_into_npz(source: ZipSource, settings: Settings, names: Sequence[str]) -> SourceLook:
    reader = NpzReader(source.archive, settings, names)
    counts = Counter(entry.label for entry in reader.entries)
    classes = {name: counts[name] for name in reader.classes}
    return SourceLook(kind="npz", images=len(reader.entries), formats={".npz": 1}, classes_by_folder=classes)


@dataclass
class _Tables:
    """The tables of a source that can be read, the facts of their columns, and what is wrong with the others."""

    read: list[Table] = field(default_factory=list)
    facts: dict[str, list[ColumnFacts]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def _look_into_images(
    source: Source, folder: Path, settings: Settings, report: Report, should_stop: ShouldStop
) -> SourceLook:
    files = contents_of(source)
    names = [file.name for file in files.images]
    look_folder.write_names(folder, names)
    ticker = Ticker(report, should_stop, "Looking into the files", min(len(files.tables), MOST_TABLES) + 1, "steps")
    tables = _read_tables(source, files.tables, names, folder, ticker)
    sample = sample_tags(source, files.images, settings, ticker)
    ticker.step()
    by_folder = Counter(place.class_name for place in places(names))
    proposal = propose(tables.read, names, by_folder, sample.tags, tables.facts)
    del by_folder[""]
    return SourceLook(
        kind=source.kind,
        images=len(names),
        formats=dict(Counter(ending(name) or "none" for name in names).most_common(30)),
        classes_by_folder={name: by_folder[name] for name in sorted(by_folder, key=natural_key)[:1000]},
        tables=tuple(_table_look(table, tables.facts[table.name]) for table in tables.read),
        tags=tuple(sample.tags),
        names=tuple(_some(names)),
        volumes=sample.volumes,
        findings=(*source.findings, *tables.findings),
        proposal=proposal.labelling,
        ask=proposal.ask or sample.volumes,
    )


def _read_tables(
    source: Source, files: Sequence[SourceFile], names: Sequence[str], folder: Path, ticker: Ticker
) -> _Tables:
    """Read the tables that seem to matter; one that cannot be read is told and stops nothing."""
    chosen, left = chosen_tables(source, files, names, ticker.check)
    tables = _Tables(findings=left)
    for file in chosen:
        try:
            table = table_in(source, file, names, ticker.check)
            _require_room([*tables.read, table])
        except RefusedInput as error:
            tables.findings.append(folded(Severity.WARNING, "unreadable_table", [file.name], error.what, error.remedy))
        else:
            look_folder.write_table(folder, len(tables.read), table)
            tables.read.append(table)
            tables.facts[table.name] = column_facts(table)
        ticker.step()
    return tables


def _require_room(tables: Sequence[Table]) -> None:
    if sum(table.cells.nbytes for table in tables) > _MOST_HELD_BYTES:
        raise TooLarge("The tables together hold more than can be looked into.", "Leave those out that do not matter.")


def _table_look(table: Table, facts: Sequence[ColumnFacts]) -> TableLook:
    shown = table.cells.slice(0, _FIRST_ROWS).select(table.columns[:_SHOWN_COLUMNS])
    rows = zip(*(column.to_pylist() for column in shown.columns), strict=True)
    return TableLook(
        name=table.name,
        rows=table.cells.num_rows,
        columns=tuple(column.look() for column in facts),
        first_rows=tuple(tuple(cell[:_CELL_LETTERS] for cell in row) for row in rows),
        findings=table.findings,
    )


def _some(names: Sequence[str]) -> Iterator[str]:
    """A few names from everywhere."""
    yield from names[:: max(1, len(names) // _SOME_NAMES)][:_SOME_NAMES]
