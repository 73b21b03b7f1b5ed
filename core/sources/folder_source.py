"""A folder on the server as a source, or several uploaded files: ordinary files only, links are never followed."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import weakref
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import BadArchive, BadImage, DataGone, TooLarge
from core.settings import Settings
from core.sources.names import readable, sort_of
from core.sources.reader import files_in_words
from core.sources.salt import salted
from core.sources.server_paths import is_file_below, open_file, open_folder, open_root, opened
from core.sources.source import Kind, SourceFile, require_small
from core.sources.wording import folded
from core.specs import Finding, Severity

NAMES = ".lightbox-names.json"
"""Beside uploaded files: the name each had where it came from, by the safe name that it lies under."""

_PIECE = 256 * 1024


class FolderSource:
    """The files below a folder. One below the uploads with `NAMES` in it holds uploaded files, whose names those are.

    Args:
        path: the folder; a link is followed here and nowhere below, and not even here below an import root, where the
            path was checked before.
        settings: the limits.

    Raises:
        DataGone: there is no such folder, or it may not be read.
        BadArchive: it is empty.
        TooLarge: it holds more files or more bytes than the settings allow.
    """

    files: Sequence[SourceFile]

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path, self._settings = path.absolute(), settings
        self._root = _opened_root(self._path, settings)
        self._closing = weakref.finalize(self, os.close, self._root)
        uploads = settings.uploads_dir.resolve()
        uploaded = path.resolve().is_relative_to(uploads) and (path / NAMES).is_file()
        self.kind: Kind = "files" if uploaded else "folder"
        walk = _Walk(self._root, settings)
        self._paths = sorted(walk.found)
        self._changed = [walk.found[relative][1] for relative in self._paths]
        names = _names(path / NAMES) if self.kind == "files" else {}
        self.files = [
            SourceFile(readable(names.get(relative, relative)), walk.found[relative][0], at)
            for at, relative in enumerate(self._paths)
        ]
        self.findings = tuple(_findings(walk))
        if not self.files:
            raise BadArchive(
                f"The {'upload' if self.kind == 'files' else 'folder'} holds no files.",
                "Choose the folder that holds the images, or the folders of the classes.",
            )

    def close(self) -> None:
        """Let go of the folder."""
        self._closing()

    def path(self, file: SourceFile) -> Path:
        """Where a file lies; whoever opens it there asks `is_same` whether it is the one that was found."""
        return self._path / self._paths[file.key]

    def is_same(self, file: SourceFile, descriptor: int) -> bool:
        """Whether an open file is this one, to which no link leads."""
        try:
            return is_file_below(descriptor, self._root, self._paths[file.key])
        except OSError:
            return False

    def fingerprint(self) -> str:
        """Of names, sizes and times of change; of uploaded files, whose times say nothing, the bytes are read."""
        rows = sorted(f"{file.name}\0{file.size}\0{self._mark(file)}" for file in self.files)
        return salted(hashlib.sha256("\1".join(rows).encode(errors="replace")).digest(), self._settings.salt_file)

    def pieces(self, file: SourceFile) -> Iterator[bytes]:
        """The bytes of a file as it is now, at most as many as it had when it was looked at."""
        require_small(file, self._settings)
        left = file.size
        for piece in self._read(file):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    def _mark(self, file: SourceFile) -> int:
        if self.kind == "folder":
            return self._changed[file.key]
        checksum = 0
        for piece in self._read(file):
            checksum = zlib.crc32(piece, checksum)
        return checksum

    def _read(self, file: SourceFile) -> Iterator[bytes]:
        try:
            handle = open_file(self._root, self._paths[file.key])
        except OSError as error:
            raise BadImage(
                f"The file {file.name!r} cannot be opened any more.", "See that it is there and may be read."
            ) from error
        with open(handle, "rb", buffering=0) as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise BadImage(f"{file.name!r} is not an ordinary file any more.", "Leave it out.")
            while piece := opened.read(_PIECE):
                yield piece


class _Walk:
    """What lies below an open folder: ordinary files by relative path, and what was passed by."""

    def __init__(self, root: int, settings: Settings) -> None:
        self.found: dict[str, tuple[int, int]] = {}  # their size and time of change
        self.links: list[str] = []
        self.closed: list[str] = []
        self._settings = settings
        waiting = [""]
        while waiting:
            waiting += self._look(root, waiting.pop())

    def _look(self, root: int, below: str) -> list[str]:
        """Note the files of one folder; the folders in it."""
        folders = []
        try:
            with opened(open_folder(root, below)) as folder, os.scandir(folder) as entries:
                for entry in entries:
                    relative = f"{below}/{entry.name}" if below else entry.name
                    if sort_of(entry.name) == "system":
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(relative)
                    elif entry.is_file(follow_symlinks=False):
                        self._note(relative, entry.stat(follow_symlinks=False))
                    else:
                        self.links.append(relative)
        except OSError:
            self.closed.append(below)
        return folders

    def _note(self, relative: str, facts: os.stat_result) -> None:
        self.found[relative] = facts.st_size, facts.st_mtime_ns
        if len(self.found) > self._settings.max_files:
            raise TooLarge(
                f"The folder holds more than {self._settings.max_files:,} files.",
                "Choose a smaller folder, or raise the limit LIGHTBOX_MAX_FILES.",
            )


def _opened_root(path: Path, settings: Settings) -> int:
    try:
        return open_root(path, settings)
    except PermissionError as error:
        raise DataGone(
            "The folder to import may not be read.", "Ask for the right to read it, or choose another."
        ) from error
    except OSError as error:
        raise DataGone("The folder to import is not there any more.", "Choose a folder that exists.") from error


def _names(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text("utf-8"))  # ours: it lies below the uploads
    return found


def _findings(walk: _Walk) -> Iterator[Finding]:
    if walk.links:
        links = [readable(name) for name in sorted(walk.links)]
        what = f"{files_in_words(len(links))} left out: a link or a device instead of a file."
        yield folded(
            Severity.WARNING, "link", links, what, "Put the files themselves into the folder instead of links to them."
        )
    if walk.closed:
        closed = [readable(name) for name in sorted(walk.closed)]
        what = f"{len(closed):,} folder{' was' if len(closed) == 1 else 's were'} passed by: they may not be read."
        yield folded(Severity.WARNING, "closed_folder", closed, what, "Ask for the right to read them, or move them.")
