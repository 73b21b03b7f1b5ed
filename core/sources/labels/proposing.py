"""Propose where the class, the split and the patient of each image are written; the user decides."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.sources.labels.column_facts import ColumnFacts, column_facts, words
from core.sources.labels.column_words import CLASS, CLASS_TOO, GENERIC, GRADED, GROUP, ID, IMAGE, NOT_CLASS, PATIENT
from core.sources.labels.folder_rows import Folders
from core.sources.labels.matching import Images
from core.sources.labels.name_shapes import pattern_of
from core.sources.labels.table_marks import MARKED
from core.sources.labels.tables import Table
from core.specs import Labelling, Origin, OriginKind, TagLook

_SAMPLE = 1000
_MOST_NUMBERED = 10  # folders called 0, 1, 2 ...; more are patients
_NUMBERS = re.compile("[0-9]+")
_MATCHED = 0.2  # of the images, or of the rows
_IN_FOLDERS = 0.5  # of the images
_TAG_ORDER = ("BodyPartExamined", "ViewPosition", "Modality", "PatientSex")  # no free text: it may name somebody


@dataclass(frozen=True)
class Proposal:
    """What is proposed, and whether anything in it is a question to the user."""

    labelling: Labelling
    ask: bool


@dataclass(frozen=True)
class _Found:
    """A table that names images, and its columns by their part; None where it has none."""

    table: Table
    image: ColumnFacts
    label: ColumnFacts | None
    split: ColumnFacts | None
    patient: ColumnFacts | None


def propose(
    tables: Sequence[Table],
    names: Sequence[str],
    by_folder: Mapping[str, int],
    tags: Sequence[TagLook] = (),
    facts: Mapping[str, Sequence[ColumnFacts]] | None = None,
) -> Proposal:
    """Where labels are written, as far as content and names tell.

    Args:
        tables: beside the images.
        names: of the images inside their source.
        by_folder: images per class folder; "" for those in none.
        tags: of DICOM files among them.
        facts: of the columns of each table by its name, where they are known already.
    """
    known = facts or {table.name: column_facts(table) for table in tables}
    found = next((it for table in _largest_first(tables) if (it := _in_table(table, names, known[table.name]))), None)
    in_folders = _class_folders(by_folder)
    label = _label(found, in_folders, names, tags)
    pattern = pattern_of(names) if label.kind is OriginKind.PATTERN else ""
    if label.kind is OriginKind.PATTERN and not pattern:
        label = Origin(kind=OriginKind.FOLDER)
    by_tag = next((tag for tag in tags if tag.keyword == "PatientID"), None)
    patient = Origin(kind=OriginKind.TAG, name="PatientID") if by_tag else Origin()
    split = Origin(kind=OriginKind.FOLDER)
    chosen: dict[str, Any] = {}
    if found is not None:
        chosen = {"table": found.table.name, "image_column": found.image.name}
        patient = _column(found.patient) or patient
        split = _column(found.split) or split
    labelling = Labelling(label=label, split=split, patient=patient, pattern=pattern, **chosen)
    settled = label.kind is OriginKind.FOLDER and in_folders
    return Proposal(labelling, ask=not settled or found is not None)


def _label(found: _Found | None, in_folders: bool, names: Sequence[str], tags: Sequence[TagLook]) -> Origin:
    if found is not None and found.label is not None and (not in_folders or found.label.called(CLASS)):
        return Origin(kind=OriginKind.COLUMN, name=found.label.name)
    if in_folders:
        return Origin(kind=OriginKind.FOLDER)
    for keyword in _TAG_ORDER:
        for tag in tags:
            if tag.keyword == keyword and 1 < tag.distinct <= max(2, tag.files // 2):
                return Origin(kind=OriginKind.TAG, name=keyword)
    return Origin(kind=OriginKind.PATTERN)


def _column(facts: ColumnFacts | None) -> Origin | None:
    return None if facts is None else Origin(kind=OriginKind.COLUMN, name=facts.name)


def _largest_first(tables: Sequence[Table]) -> list[Table]:
    return sorted(tables, key=lambda table: -table.cells.num_rows)


def _class_folders(by_folder: Mapping[str, int]) -> bool:
    """Whether the folders are classes: two or more, not one for every image, and called something."""
    images, named = sum(by_folder.values()), [name for name in by_folder if name]
    few = 1 < len(named) <= max(2, images / 2) and by_folder.get("", 0) <= images / 2
    return few and _called_something(named)


def _called_something(folders: Sequence[str]) -> bool:
    """Whether folders have names of their own: "grade 1" and "grade 2", or 0 to 4; not "part_1" and "part_2"."""
    bare = {_NUMBERS.sub("", folder).strip(" _-.").casefold() for folder in folders}
    if bare == {""}:
        return len(folders) <= _MOST_NUMBERED
    if len(bare) == 1:
        return bool(words(bare.pop()) & GRADED)
    return sum(bool(words(folder) - GENERIC) for folder in folders) > len(folders) / 2


def _in_table(table: Table, names: Sequence[str], facts: Sequence[ColumnFacts]) -> _Found | None:
    image = _image_column(table, names, facts)
    if image is None:
        return None
    others = [column for column in facts if column is not image and column.distinct > 1]
    split = next((column for column in others if column.splits), None)
    others = [column for column in others if column is not split]
    patient = _best(others, _as_patient, 2.5)
    label = _best([column for column in others if column is not patient], _as_class, 0.5)
    return _Found(table, image, label, split, patient)


def _best(columns: Sequence[ColumnFacts], rate: Callable[[ColumnFacts], float], least: float) -> ColumnFacts | None:
    rated = [(rate(column), -at) for at, column in enumerate(columns)]
    best = max(rated, default=(-math.inf, 0))
    return columns[-best[1]] if best[0] >= least else None


def _image_column(table: Table, names: Sequence[str], facts: Sequence[ColumnFacts]) -> ColumnFacts | None:
    """The column whose values name most of the images, or are themselves the names of images for the most part."""
    images = Images(names)
    best, rating = None, 0.0
    for column in facts:
        if column.dates or (column.numeric and not column.whole) or not column.distinct:
            continue
        values = column.values()
        if not images.match(values[:: max(1, len(values) // _SAMPLE)]).images():
            continue
        image_of = images.match(values).image_of
        hits = sum(image >= 0 for image in image_of)
        share = max(len(set(image_of) - {-1, -2}) / len(names), hits / len(values))
        # a column of ages finds the images 20 to 90, where the column of numbers finds each its own
        rated = share * (column.distinct / max(1, column.filled)) ** 0.5 + (0.1 if column.called(IMAGE) else 0)
        if share >= _MATCHED and rated > rating:
            best, rating = column, rated
    return best or _folder_column(names, facts)


def _folder_column(names: Sequence[str], facts: Sequence[ColumnFacts]) -> ColumnFacts | None:
    """The column that names the folders of most of the images."""
    folders = Folders(names)
    best, rating = None, _IN_FOLDERS
    for column in facts:
        if column.distinct != column.filled or column.dates or (column.numeric and not column.whole):
            continue
        below = folders.match(column.values())
        share = len({image for images in below for image in images}) / len(names)
        if sum(map(bool, below)) > 1 and share > rating:
            best, rating = column, share
    return best


def _as_class(column: ColumnFacts) -> float:
    """How likely a column is to be the class."""
    if column.splits or column.dates or not 1 < column.distinct <= max(2, min(200, column.filled / 2)):
        return -math.inf
    if column.numeric and (not column.whole or column.distinct > 20):
        return -math.inf
    strong, weak = column.called(CLASS) or column.name == MARKED, column.called(CLASS_TOO)
    rated = 3.0 if strong else 1.5 if weak else 0.0
    rated += 1.0 if strong and column.words <= CLASS else 0.0  # "dx", and not "dx_type"
    rated -= 2.0 if column.called(NOT_CLASS) and not strong else 0.0
    rated += 0.0 if column.numeric else 1.0
    return rated + column.filled / column.rows - math.log2(column.distinct) / 10


def _as_patient(column: ColumnFacts) -> float:
    """How likely a column is to say whose image it is: the images of one value belong together."""
    if column.dates or (column.numeric and not column.whole) or column.filled < column.rows / 2:
        return -math.inf
    rated = 3.0 if column.called(PATIENT) else 1.5 if column.called(GROUP) else 0.0
    rated -= 3.0 if rated < 3 and column.called(NOT_CLASS - ID) else 0.0
    rated -= 3.0 if column.called(CLASS) else 0.0
    together = column.filled / column.distinct
    rated += 1.0 if together >= 1.2 and column.distinct > 10 else 0.0
    rated += 1.5 if column.identifying and not column.numeric and together >= 1.2 and column.distinct > 10 else 0.0
    return rated + (0.5 if column.words & ID else 0.0)
