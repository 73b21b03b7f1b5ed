"""Whether labels make classes: at least two, not one for every image, names that fit on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from core.sources.labels.column_facts import DATE, NUMBER
from core.sources.labels.written_alike import in_several_ways
from core.sources.reader import MAX_CLASS_NAME, MAX_CLASSES
from core.sources.source import WORDS, Kind
from core.sources.wording import folded
from core.specs import Finding, OriginKind, Severity

_LONE = 5  # images; fewer say nothing about what was meant
_MOST_GRADES = 20
_PARTS = re.compile(r"\s*[|;,+/]\s*")
_PUT = "Put one folder for each class into it; at least two classes are needed."


def judge(counts: Mapping[str, int], kind: Kind, origin: OriginKind) -> Iterator[Finding]:
    """What is wrong with the classes; an ERROR where nothing can be learned from them.

    Args:
        counts: images per class; a label from outside, hostile text.
        kind: of the source.
        origin: where the labels are written.
    """
    in_folders = origin is OriginKind.FOLDER
    errors = list(_errors(counts, WORDS[kind], in_folders))
    yield from errors
    if not errors and not in_folders:
        yield from _doubts(counts)
    if not errors:
        yield from _alike(counts)


def _errors(counts: Mapping[str, int], source: str, in_folders: bool) -> Iterator[Finding]:
    if not counts:
        yield _error(
            "no_classes",
            f"The images in the {source} do not lie in class folders, so their classes are not known."
            if in_folders
            else "No image gets a class from what was chosen.",
            "Put the images of each class into a folder with the name of the class."
            if in_folders
            else "Choose another column, tag or pattern; the preview shows what each image gets.",
        )
    elif len(counts) == 1:
        yield _error(
            "one_class",
            f"The {source} holds images of one class only: {next(iter(counts))!r}.",
            _PUT if in_folders else "Choose where at least two classes are written.",
        )
    elif not in_folders and len(counts) >= _LONE and max(counts.values()) == 1:
        yield _error(
            "label_for_each_image",
            f"Each of the {len(counts):,} images has a label of its own, so there are no classes to learn.",
            "Choose what many images have in common: a diagnosis, not an id, a name or a date.",
        )
    elif len(counts) > MAX_CLASSES:
        yield _error(
            "too_many_classes",
            f"The images lie in {len(counts):,} different folders, and each would be a class; at most {MAX_CLASSES:,}"
            " are allowed."
            if in_folders
            else f"There are {len(counts):,} different labels, and each would be a class; at most {MAX_CLASSES:,} are"
            " allowed.",
            "Put all images of a class into one folder with the name of the class."
            if in_folders
            else "Choose what names the class; a number that is measured or an id is none.",
        )
    else:
        yield from _long_names(counts, in_folders)


def _doubts(counts: Mapping[str, int]) -> Iterator[Finding]:
    """What makes classes, and is hardly meant as such."""
    if all(DATE.fullmatch(label) for label in counts):
        what = f"The {len(counts):,} labels are dates."
        remedy = "Choose what names the class if the date is not what shall be learned."
        yield folded(Severity.WARNING, "dates_as_labels", (), what, remedy)
    elif len(counts) > _MOST_GRADES and all(NUMBER.fullmatch(label) for label in counts):
        what = f"The labels are {len(counts):,} different numbers, as of something that is measured; each is a class."
        remedy = "Choose what names the class, or put the numbers into a few groups in the table."
        yield folded(Severity.WARNING, "measured_labels", (), what, remedy)
    several = [
        label for label in counts if len(parts := _PARTS.split(label)) > 1 and all(part in counts for part in parts)
    ]
    if several:
        what = "Some labels seem to hold several classes at once; each combination is a class of its own."
        remedy = "Lightbox learns one class an image: choose a column with one, or leave these images out of the table."
        yield folded(Severity.WARNING, "several_labels", several, what, remedy)
    lone = [label for label, count in counts.items() if count == 1]
    if len(lone) > len(counts) / 2:
        what = f"{len(lone):,} of {len(counts):,} classes have a single image."
        remedy = "See that the labels are classes; images of rare ones may be put together or left out in the review."
        yield folded(Severity.WARNING, "single_images", lone, what, remedy)


def _alike(counts: Mapping[str, int]) -> Iterator[Finding]:
    """Classes that differ in nothing but how they are written."""
    alike = [" / ".join(group) for group in in_several_ways(counts)]
    if alike:
        what = "Classes differ in nothing but capitals, spaces or the zeros of numbers."
        remedy = "If they are one class, give them one name in the review."
        yield folded(Severity.WARNING, "similar_classes", alike, what, remedy)


def _long_names(counts: Mapping[str, int], in_folders: bool) -> Iterator[Finding]:
    longest = max(map(len, counts))
    if longest > MAX_CLASS_NAME:
        yield _error(
            "long_class_name",
            f"A class {'folder' if in_folders else 'label'} has a name of {longest:,} letters; at most"
            f" {MAX_CLASS_NAME} are allowed.",
            "Give the folder a short name." if in_folders else "Choose what names the class in a word or two.",
        )


def _error(rule: str, what: str, remedy: str) -> Finding:
    return folded(Severity.ERROR, rule, (), what, remedy)
