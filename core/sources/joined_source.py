"""Zips beside one another, and a table perhaps, as one source: a set that was downloaded or uploaded in parts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from core.errors import BadArchive, RefusedInput, TooLarge
from core.settings import Settings
from core.sources.disk import in_words
from core.sources.folder_source import FolderSource
from core.sources.names import base, sort_of, without_ending
from core.sources.source import Kind, SourceFile
from core.sources.wording import folded
from core.sources.zip_checks import open_archive
from core.sources.zip_source import ZipSource
from core.specs import Finding, Severity

_MOST_PARTS = 50


class JoinedSource:
    """The files of a folder and of the zips in it; those of each of several zips lie in a folder of its name.

    Archives in those zips stay closed, as everywhere. A zip that cannot be used is told, and stops nothing.

    Args:
        folder: whose zips are the parts, see `parts_of`.
        settings: the limits, which hold for all parts together.

    Raises:
        TooLarge: they hold more files or more bytes than the settings allow.
    """

    files: Sequence[SourceFile]

    def __init__(self, folder: FolderSource, settings: Settings) -> None:
        self.kind: Kind = folder.kind
        self._folder, self._zips, self._closing = folder, list[ZipSource](), ExitStack()
        self._closing.callback(folder.close)
        archives = parts_of(folder)
        files = [file for file in folder.files if file not in archives]
        self._starts = [len(files)]  # of each zip among the files
        found: list[Finding] = [*folder.findings]
        for archive in archives:
            try:
                part = self._open(archive, settings)
            except RefusedInput as error:
                found.append(folded(Severity.WARNING, "unusable_archive", [archive.name], error.what, error.remedy))
                continue
            prefix = f"{without_ending(base(archive.name))}/" if len(archives) > 1 else ""
            files += [SourceFile(prefix + file.name, file.size, file.key) for file in part.files]
            found += part.findings
            self._zips.append(part)
            self._starts.append(len(files))
            self._require_room(files, settings)
        self.files = [SourceFile(file.name, file.size, at) for at, file in enumerate(files)]
        self._inside = files
        self.findings = tuple(found)

    def close(self) -> None:
        """Close the zips and the folder."""
        self._closing.close()

    def fingerprint(self) -> str:
        """That of the folder, with the zips as they lie in it."""
        return self._folder.fingerprint()

    def pieces(self, file: SourceFile) -> Iterator[bytes]:
        """The bytes of a file, from wherever it lies."""
        at = bisect_right(self._starts, file.key)
        where = self._zips[at - 1] if at else self._folder
        return where.pieces(self._inside[file.key])

    def _open(self, archive: SourceFile, settings: Settings) -> ZipSource:
        opened = open_archive(self._folder.path(archive), settings)
        self._closing.callback(opened.close)
        if not self._folder.is_same(archive, opened.fp.fileno() if opened.fp else -1):
            raise BadArchive(f"The zip {archive.name!r} has become a link.", "Put the zip itself into the folder.")
        return ZipSource(opened, settings)

    def _require_room(self, files: Sequence[SourceFile], settings: Settings) -> None:
        size = sum(file.size for file in files)
        if len(files) > settings.max_files or size > settings.max_unpacked_bytes:
            self.close()
            raise TooLarge(
                f"The archives would unpack to more than {settings.max_files:,} files"
                f" or {in_words(settings.max_unpacked_bytes)}.",
                "Import fewer of them, or raise LIGHTBOX_MAX_FILES and LIGHTBOX_MAX_UNPACKED_BYTES.",
            )


def parts_of(folder: FolderSource) -> list[SourceFile]:
    """The zips that a set in parts consists of: those in a folder that holds no image itself, a few at most."""
    zips = [file for file in folder.files if file.name.casefold().endswith(".zip") and sort_of(file.name) == "archive"]
    images = any(sort_of(file.name) == "image" for file in folder.files)
    return [] if images or len(zips) > _MOST_PARTS else zips
