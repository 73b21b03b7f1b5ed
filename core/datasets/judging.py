"""Whether labels make classes: at least two, not one for every image, names that fit on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.datasets.reader import MAX_CLASS_NAME, MAX_CLASSES
from core.datasets.source import WORDS, Kind
from core.datasets.wording import folded
from core.specs import Finding, OriginKind, Severity

_PUT = "Put one folder for each class into it; at least two classes are needed."


def judge(counts: Mapping[str, int], kind: Kind, origin: OriginKind) -> Iterator[Finding]:
    """What is wrong with the classes; an ERROR where nothing can be learned from them.

    Args:
        counts: images per class; a label from outside, hostile text.
        kind: of the source.
        origin: where the labels are written.
    """
    yield from _errors(counts, WORDS[kind], origin is OriginKind.FOLDER)


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
