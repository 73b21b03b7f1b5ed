"""Bring a source in: every image is read, checked and kept; the folder appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.datasets.disk import full_disk_in_words, require_room
from core.datasets.facts import Facts, card_of, facts_of, items_of
from core.datasets.findings import derived, first_planes, unreadable, vanished_classes
from core.datasets.originals import Originals
from core.datasets.parallel import ordered_map
from core.datasets.practice import PracticeReader
from core.datasets.progress import Report, ShouldStop, Ticker
from core.datasets.reader import Deposit, Entry, Reader
from core.datasets.shelf import ORIGINALS, split_items, write_card, write_items
from core.datasets.sources import open_reader
from core.errors import BadDataset, RefusedInput
from core.images import decode, encode_png, planes
from core.settings import Settings
from core.specs import DatasetCard, SplitConfig

if TYPE_CHECKING:
    import pandas as pd

NAME_THE_PATIENT = ("DICOM", "NIfTI")
"""Formats whose headers say whose image it is: of these the shelf keeps the pixels, in their own depth, as PNG."""
MAY_HOLD_SEVERAL = ("DICOM", "NIfTI", "TIFF")


def import_source(path: Path, folder: Path, settings: Settings, report: Report, should_stop: ShouldStop) -> DatasetCard:
    """Import a zip of class folders or an NPZ with the keys of MedMNIST, told apart by content.

    A file that cannot be read becomes a finding and never stops the rest.

    Args:
        path: the file; left as it is.
        folder: where the data set will lie; built beside it as `<folder>.<anything>.part` and renamed. What lay there
            is replaced. After an error or a stop neither is left.
        settings: the limits.
        report: receives the progress.
        should_stop: asked before every image.

    Returns:
        The card, also written to `card.json`.

    Raises:
        BadArchive, BadDataset, TooLarge, NotHandledYet: the source cannot be used, in words.
        DataGone: there is no such file.
        DiskFull: no room for the images.
        Stopped: `should_stop` said so.
    """
    with closing(open_reader(path, settings)) as reader:
        return _bring_in(reader, folder, settings, report, should_stop)


def import_practice(folder: Path, settings: Settings, report: Report, should_stop: ShouldStop) -> DatasetCard:
    """Draw the practice data; as `import_source` otherwise."""
    return _bring_in(PracticeReader(), folder, settings, report, should_stop)


@dataclass(frozen=True)
class _Read:
    """What reading all entries gave: the readable ones, and a sentence for each of the others."""

    facts: list[Facts]
    refused: list[str]


def _bring_in(reader: Reader, folder: Path, settings: Settings, report: Report, should_stop: ShouldStop) -> DatasetCard:
    with _built_beside(folder) as part, full_disk_in_words():
        require_room(part, reader.bytes_needed)
        originals = Originals(part / ORIGINALS)
        read = _read_all(
            reader, originals, settings, Ticker(report, should_stop, "Reading images", len(reader.entries), "images")
        )
        items, classes, vanished = _table(reader, read)
        split = SplitConfig(source="given" if (items["given_split"] != "").any() else "drawn")
        items = split_items(items, split)
        findings = (
            *reader.findings,
            *unreadable(read.refused, len(reader.entries)),
            *first_planes([f"{fact.entry.name}: {fact.planes:,}" for fact in read.facts if fact.planes > 1]),
            *vanished_classes(vanished),
            *derived(items, classes),
        )
        card = card_of(
            items,
            source=reader.source,
            synthetic=reader.synthetic,
            classes=classes,
            split=split,
            grey=all(fact.grey for fact in read.facts),
            unreadable=len(read.refused),
            bytes_on_disk=originals.keep_only(set(items["file"])),
            findings=findings,
        )
        write_items(part, items)
        write_card(part, card)
    return card


def _read_all(reader: Reader, originals: Originals, settings: Settings, ticker: Ticker) -> _Read:
    def examine(job: tuple[Entry, Deposit]) -> Facts | str:
        entry, deposit = job
        try:
            stored = deposit()
            data = originals.path(stored.file).read_bytes()
            decoded = decode(data, name=entry.name, max_pixels=settings.max_image_pixels)
            if decoded.format in NAME_THE_PATIENT:  # only the pixels are kept; the file itself goes with `keep_only`
                stored = originals.put([encode_png(decoded.pixels)])
            several = planes(data, entry.name) if decoded.format in MAY_HOLD_SEVERAL else 1
            return facts_of(entry, stored, decoded, several)
        except RefusedInput as error:
            return error.what

    read = _Read([], [])
    jobs = zip(reader.entries, reader.deposits(originals), strict=True)
    with closing(ordered_map(examine, jobs)) as results:
        for result in results:
            ticker.step()
            if isinstance(result, str):
                read.refused.append(result)
            else:
                read.facts.append(result)
    return read


def _table(reader: Reader, read: _Read) -> tuple[pd.DataFrame, tuple[str, ...], list[str]]:
    """The table of the readable images, the classes that have any, and the names of those that have none."""
    if not read.facts:
        raise BadDataset(
            f"None of the {len(read.refused):,} files could be read as an image. The first: {read.refused[0]}",
            "Open some of the files in an image viewer, and import those that it can show, as PNG, JPEG or TIFF.",
        )
    present = {fact.entry.label for fact in read.facts}
    classes = tuple(name for name in reader.classes if name in present)
    if len(classes) < 2:
        raise BadDataset(
            f"Only the images of one class could be read: {classes[0]!r}; {len(read.refused):,} files could not."
            f" The first: {read.refused[0]}",
            "Repair the images of the other classes and import again.",
        )
    index = {name: number for number, name in enumerate(classes)}
    items = items_of(read.facts, [index[fact.entry.label] for fact in read.facts])
    return items, classes, [name for name in reader.classes if name not in classes]


@contextmanager
def _built_beside(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `folder` if the block ends well, and vanishes if it does not."""
    part = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")  # two attempts never share it
    part.mkdir(parents=True)
    try:
        yield part
        _replace_folder(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _replace_folder(part: Path, folder: Path) -> None:
    if not folder.exists():
        os.replace(part, folder)
        return
    doomed = folder.with_name(f"{folder.name}.old-{secrets.token_hex(4)}")
    os.replace(folder, doomed)
    os.replace(part, folder)
    shutil.rmtree(doomed)
