"""Write a data set as a zip that anybody can open: images in folders by split and class, a table, the card, a note.

The same data set gives the same bytes: times are fixed, and images come in the order of the table.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from core.datasets.shelf import Shelf
from core.files import written_beside
from core.images import kind
from core.sources.disk import full_disk_in_words, require_room
from core.sources.progress import Report, ShouldStop, Ticker
from core.sources.safe_names import Names, safe_cell

if TYPE_CHECKING:
    import pandas as pd

LABELS, CARD, README = "labels.csv", "card.json", "README.txt"
COLUMNS = ("name", "file", "class", "split", "patient", "sha256", "width", "height")
TONE_COLUMNS = {
    "tone_slope": "value_slope",
    "tone_intercept": "value_intercept",
    "tone_low": "window_low",
    "tone_high": "window_high",
    "tone_unit": "value_unit",
}
"""Columns for images that carry measured values: value = stored number x slope + intercept."""
_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "BMP": ".bmp", "WebP": ".webp", "TIFF": ".tif"}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_ABOUT = """{notes}

Exported from Lightbox. Revision {revision} of a data set of {images:,} images in {classes:,} classes.

{labels}  one row an image: its name, its file in this archive, its class and split, its patient where that is known
            (a salted hash unless it was kept on purpose), the SHA-256 of the file, its width and height in px.
            A cell that a spreadsheet could take for a formula begins with an apostrophe.{values}
{card}   what is known of the data set: where it came from, what was changed, what the checks found.

Images lie in <split>/<class>/. Letters that cannot stand in a folder's name are replaced; the table has the names
as they are. To bring the data set in again, import this archive as it is.

Lightbox is for exploration and teaching. It is not a medical device.
"""
_VALUES = """
            Images hold stored numbers: value = number x value_slope + value_intercept, in value_unit."""


def export(shelf: Shelf, path: Path, report: Report, should_stop: ShouldStop, notes: str = "") -> None:
    """Write a data set as a zip.

    Args:
        shelf: the data set.
        path: of the zip; it appears whole or not at all.
        report: receives the progress.
        should_stop: asked before every image.
        notes: what its README begins with, for example what the data set is called.

    Raises:
        DataGone: an image's file was deleted.
        DiskFull: no room for the archive.
        Stopped: `should_stop` said so.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_room(path.parent, int(shelf.items["bytes"].sum()))
    ticker = Ticker(report, should_stop, "Writing the archive", len(shelf.items), "images")
    with full_disk_in_words(), written_beside(path) as part, zipfile.ZipFile(part, "x") as archive:
        files = list(_write_images(shelf, archive, ticker))
        _write_text(archive, LABELS, "\ufeff" + _table(shelf.items, files, shelf.card.classes))
        card = shelf.card.model_copy(update={"source_digest": "", "parent": ""})
        _write_text(archive, CARD, card.model_dump_json(indent=1))
        _write_text(archive, README, _about(shelf, notes))


def _write_images(shelf: Shelf, archive: zipfile.ZipFile, ticker: Ticker) -> Iterator[str]:
    """Each image into its folder; its path in the archive."""
    folders = Names(reserved=("train", "training", "val", "valid", "validation", "test", "testing"))
    of_class = [folders.free(name) for name in shelf.card.classes]
    inside: dict[str, Names] = {}
    items = shelf.items
    for item_id, (name, index, split) in enumerate(
        zip(items["name"], items["class_index"], items["split"], strict=True)
    ):
        ticker.step()
        data = shelf.original(item_id)
        folder = f"{split}/{of_class[index]}"
        stem = Path(str(name).replace("\\", "/")).name
        ending = _ENDINGS.get(kind(data, str(name)), "")
        file = f"{folder}/{inside.setdefault(folder, Names()).free(_without_ending(stem), ending)}"
        archive.writestr(_entry(file), data)
        yield file


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and 1 <= len(ending) <= 5 and ending.isalnum() and not ending.isdigit() else name


def _table(items: pd.DataFrame, files: list[str], classes: tuple[str, ...]) -> str:
    """One row an image, safe to open in a spreadsheet."""
    measured = "tone_unit" in items and bool((items["tone_slope"].notna() | (items["tone_unit"] != "")).any())
    tones = [column for column in TONE_COLUMNS if column in items] if measured else []
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*COLUMNS, *(TONE_COLUMNS[column] for column in tones)))
    patients = items["patient"] if "patient" in items else [""] * len(items)
    names = [classes[index] for index in items["class_index"]]
    facts = (items["name"], files, names, items["split"], patients, items["digest"], items["width"], items["height"])
    for row in zip(*facts, *(_numbers(items[column]) for column in tones), strict=True):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def _numbers(column: pd.Series[float]) -> Iterable[object]:
    """Values of a column, "" where there is none."""
    return column.astype(object).where(column.notna(), "")


def _about(shelf: Shelf, notes: str) -> str:
    card = shelf.card
    return _ABOUT.format(
        notes=notes.strip() or "A data set",
        revision=card.revision,
        images=card.images,
        classes=len(card.classes),
        labels=LABELS,
        card=CARD,
        values=_VALUES if card.windowed else "",
    )


def _write_text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_entry(name), text.encode("utf-8"), zipfile.ZIP_DEFLATED, 6)


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without anything of this machine or this hour in it."""
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # the same on every system
    return entry
