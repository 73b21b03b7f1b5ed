"""Tell apart what lies in a source by name: images, tables, other archives, files that are no image.

A file of an unknown kind counts as an image until decoding shows that it is none: then it is listed with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.errors import BadArchive
from core.sources.names import sort_of
from core.sources.reader import files_in_words, natural_key
from core.sources.source import WORDS, Kind, Source, SourceFile
from core.sources.wording import folded
from core.specs import Finding, Severity


@dataclass(frozen=True)
class Contents:
    """The files of a source by what they are, as far as their names tell; each list in natural order."""

    images: list[SourceFile] = field(default_factory=list)
    tables: list[SourceFile] = field(default_factory=list)
    archives: list[SourceFile] = field(default_factory=list)
    others: list[SourceFile] = field(default_factory=list)


def contents_of(source: Source) -> Contents:
    """Sort the files of a source; files of the system are left out.

    Raises:
        BadArchive: no file may be an image.
    """
    files = Contents()
    lists = {"image": files.images, "table": files.tables, "archive": files.archives, "other": files.others}
    for file in source.files:
        if (sort := sort_of(file.name)) != "system":
            lists[sort].append(file)
    for found in lists.values():
        found.sort(key=lambda file: natural_key(file.name))
    _require_images(files, WORDS[source.kind])
    return files


def findings_of(files: Contents, kept: Sequence[str], kind: Kind, table: str = "") -> Iterator[Finding]:
    """What lies in a source and does not come in, and names that stand for several files.

    Args:
        files: all of it.
        kept: names of the images that come in.
        kind: of the source.
        table: name of the table that is read; it is not left out.
    """
    where = "upload" if kind == "files" else kind
    if files.archives:
        archives = [file.name for file in files.archives]
        what = f"{files_in_words(len(archives))} left closed: an archive inside the {where}."
        remedy = "Unpack it and put its images into the class folders."
        yield folded(Severity.WARNING, "nested_archive", archives, what, remedy)
    twice = [name for name, count in Counter(kept).items() if count > 1]
    if twice:
        what = f"{files_in_words(len(twice))} in the {where} more than once under one name; each was read."
        remedy = "Give every file a name of its own, so that mistakes can be told apart."
        yield folded(Severity.NOTE, "same_name", twice, what, remedy)
    others = [file.name for file in (*files.tables, *files.others) if file.name != table]
    if others:
        what = f"{files_in_words(len(others))} left out for being no image."
        yield folded(Severity.NOTE, "not_an_image", sorted(others, key=natural_key), what, "Nothing needs to be done.")


def _require_images(files: Contents, where: str) -> None:
    if not files.images and files.archives:
        raise BadArchive(
            f"The {where} holds no images, only other archives such as {files.archives[0].name!r}.",
            f"Unpack them first, and put the class folders themselves into one {where}.",
        )
    if not files.images:
        raise BadArchive(
            f"The {where} holds no images.", "Put one folder for each class into it, with the images inside."
        )
