"""Bring a source in: every image is read, checked and kept; the folder appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.datasets.describing import described
from core.datasets.findings import middle_planes, unlabelled, unreadable, vanished_classes
from core.datasets.practice import PracticeReader
from core.datasets.reading import FileReader, Read, columns
from core.datasets.shelf import ORIGINALS, write_card, write_items
from core.datasets.text_search import looked_through
from core.errors import BadDataset, RefusedInput
from core.settings import Settings
from core.sources.deidentify import without_names
from core.sources.disk import full_disk_in_words, require_room
from core.sources.originals import Arrivals, Originals
from core.sources.progress import Report, ShouldStop, Ticker
from core.sources.reader import MAX_CLASSES, Reader, natural_key
from core.sources.sources import open_reader
from core.specs import DatasetCard, DroppedTag, Labelling

if TYPE_CHECKING:
    import pandas as pd

_AS_FOLDERS = Labelling()


def import_source(
    path: Path,
    folder: Path,
    settings: Settings,
    report: Report,
    should_stop: ShouldStop,
    labelling: Labelling = _AS_FOLDERS,
) -> DatasetCard:
    """Import a zip or a folder of images, or an NPZ with the keys of MedMNIST, told apart by content.

    A file that cannot be read becomes a finding and never stops the rest. Of names, patients and what else files say
    only that is kept which the labelling allows; no error tells more either.

    Args:
        path: the file or folder; left as it is.
        folder: where the data set will lie; built beside it as `<folder>.<anything>.part` and renamed. What lay there
            is replaced. After an error or a stop neither is left.
        settings: the limits.
        report: receives the progress.
        should_stop: asked before every image.
        labelling: where class, split and patient of each image are written; by default in its folders.

    Returns:
        The card, also written to `card.json`.

    Raises:
        BadArchive, BadDataset, TooLarge, NotHandledYet: the source cannot be used, in words.
        DataGone: there is no such file.
        DiskFull: no room for the images.
        Stopped: `should_stop` said so.
    """
    return _bring_in(partial(_open, path, settings, labelling), folder, settings, report, should_stop, labelling)


def import_practice(folder: Path, settings: Settings, report: Report, should_stop: ShouldStop) -> DatasetCard:
    """Draw the practice data; as `import_source` otherwise."""
    return _bring_in(PracticeReader, folder, settings, report, should_stop, _AS_FOLDERS)


def _open(path: Path, settings: Settings, labelling: Labelling) -> Reader:
    """The source, or a refusal that names nobody: the store and the log keep it."""
    try:
        return open_reader(path, settings, labelling)
    except RefusedInput as error:
        if labelling.keep_names:
            raise
        kept = columns(labelling)
        raise type(error)(without_names(error.what, kept), without_names(error.remedy, kept)) from None


def _bring_in(
    opening: Callable[[], Reader],
    folder: Path,
    settings: Settings,
    report: Report,
    should_stop: ShouldStop,
    labelling: Labelling,
) -> DatasetCard:
    with _built_beside(folder) as part, full_disk_in_words():
        originals = Originals(part / ORIGINALS)
        items, classes, told = _read_all(opening, part, originals, settings, report, should_stop, labelling)
        card, items = described(looked_through(items, originals, settings, report, should_stop), classes, **told)
        write_items(part, items)
        write_card(part, card)
    return card


def _read_all(
    opening: Callable[[], Reader],
    part: Path,
    originals: Originals,
    settings: Settings,
    report: Report,
    should_stop: ShouldStop,
    labelling: Labelling,
) -> tuple[pd.DataFrame, Sequence[str], dict[str, Any]]:
    """The images, their classes, the card's other fields. The names of the files, as large as all that, end here."""
    with closing(opening()) as reader, closing(Arrivals(part / "arrivals")) as arrivals:
        require_room(part, reader.bytes_needed)
        files = FileReader(reader, originals, arrivals, settings, labelling, should_stop)
        read = files.read_all(Ticker(report, should_stop, "Reading images", len(reader.entries), "images"))
        classes = _classes(reader, read)
        return read.facts.items(classes), classes, _told(reader, read, files, classes, labelling)


def _told(
    reader: Reader, read: Read, files: FileReader, classes: Sequence[str], labelling: Labelling
) -> dict[str, Any]:
    """What the card says of the source, and of how it was read."""
    return {
        "findings": (
            *map(files.names.finding, reader.findings),
            *unreadable(read.refused, len(reader.entries)),
            *unlabelled(read.unlabelled, reader.label_tag),
            *middle_planes(read.middle_only),
            *vanished_classes([name for name in reader.classes if name not in classes]),
        ),
        "source": reader.source,
        "synthetic": reader.synthetic,
        "unreadable": len(read.refused),
        "patient_name": reader.patient_name,
        "patients_hashed": not labelling.keep_patient_ids,
        "dropped_tags": tuple(DroppedTag(name=name, files=count) for name, count in sorted(read.dropped.items())),
        "names_kept": labelling.keep_names or reader.synthetic,
        "slice_axis": labelling.slice_axis,
        "source_digest": reader.source_digest,
    }


def _classes(reader: Reader, read: Read) -> Sequence[str]:
    """The classes of which an image could be read, in the order of the reader, else in natural order."""
    first = f" The first: {read.refused[0]}" if read.refused else ""
    if not len(read.facts):
        _require_labels(reader, read)
        raise BadDataset(
            f"None of the {len(read.refused):,} files could be read as an image.{first}",
            "Open some of the files in an image viewer, and import those that it can show, as PNG, JPEG or TIFF.",
        )
    present = read.facts.images_by_class()
    classes = [name for name in reader.classes or sorted(present, key=natural_key) if name in present]
    if len(classes) < 2:
        raise BadDataset(
            f"Only the images of one class could be read: {classes[0]!r}; {len(read.refused):,} files could not."
            f"{first}",
            "Repair the images of the other classes and import again.",
        )
    if not reader.classes and len(classes) > min(MAX_CLASSES, read.files / 2):
        raise BadDataset(
            f"The tag {reader.label_tag} has {len(classes):,} different values in {len(read.facts):,} images: too many"
            " for classes.",
            "Choose another tag, a table or class folders for the classes.",
        )
    return classes


def _require_labels(reader: Reader, read: Read) -> None:
    if read.unlabelled and not read.refused:
        raise BadDataset(
            f"The tag {reader.label_tag}, which was to tell the classes, is in none of the files.",
            "Choose another tag, a table or class folders for the classes.",
        )


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
