"""Folders on the server that may be imported from: those that the settings name, and what lies below them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from core.actions.home import Home
from core.errors import AccessDenied, NotFound
from core.sources import server_paths

MOST_SHOWN = 500


@dataclass(frozen=True)
class ServerFile:
    """A file on the server; its name is hostile text."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True)
class FolderPage:
    """A folder on the server as a page shows it.

    Attributes:
        path: the folder, with every link resolved.
        parent: the folder above, None at a root.
        folders: the folders in it, by name.
        archives: the zip and NPZ files in it, by name.
        files: how many files lie in it, links left out.
        truncated: whether there are more than are listed.
    """

    path: Path
    parent: Path | None
    folders: tuple[Path, ...]
    archives: tuple[ServerFile, ...]
    files: int
    truncated: bool


def roots(home: Home) -> tuple[Path, ...]:
    """The folders that the settings allow to import from (`LIGHTBOX_IMPORT_ROOTS`), as far as they exist."""
    return server_paths.import_roots(home.settings)


def allowed_path(home: Home, path: Path) -> Path:
    """A file or folder on the server with every link resolved, if it lies in one of the roots.

    Raises:
        AccessDenied: it does not, be it by `..` or by a link.
        NotFound: there is nothing at this path.
    """
    return server_paths.allowed(path, home.settings)


def folder_page(home: Home, path: Path) -> FolderPage:
    """What lies in a folder on the server.

    Raises:
        AccessDenied: it lies in none of the roots, or may not be read.
        NotFound: there is no such folder.
    """
    folder = allowed_path(home, path)
    folders, archives, files = _listed(home, folder)
    parent = None if folder in roots(home) else folder.parent
    shown = tuple(folders[:MOST_SHOWN]), tuple(archives[:MOST_SHOWN])
    truncated = len(folders) > MOST_SHOWN or len(archives) > MOST_SHOWN
    return FolderPage(folder, parent, *shown, files, truncated)


def _listed(home: Home, folder: Path) -> tuple[list[Path], list[ServerFile], int]:
    folders: list[Path] = []
    archives: list[ServerFile] = []
    files = 0
    try:
        with server_paths.opened(server_paths.open_root(folder, home.settings)) as root, os.scandir(root) as entries:
            for entry in entries:
                if entry.is_symlink() or entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    folders.append(folder / entry.name)
                elif entry.is_file():
                    files += 1
                    if entry.name.lower().endswith((".zip", ".npz")):
                        archives.append(ServerFile(folder / entry.name, entry.name, entry.stat().st_size))
    except NotADirectoryError as error:
        raise NotFound("This is a file, not a folder.", "Choose the folder that it lies in.") from error
    except PermissionError as error:
        raise AccessDenied("The server may not read this folder.", "Allow it, or choose another.") from error
    return sorted(folders), sorted(archives, key=lambda file: file.name), files
