"""What may be read on the server, and how it is opened so that no link leads elsewhere, even one made meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import AccessDenied, NotFound
from core.settings import Settings

_THROUGH = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def import_roots(settings: Settings) -> tuple[Path, ...]:
    """The folders that the settings allow to import from (`LIGHTBOX_IMPORT_ROOTS`), as far as they exist."""
    named = (Path(part).expanduser() for part in settings.import_roots.split(os.pathsep) if part.strip())
    found = [path.resolve() for path in named if path.is_absolute() and path.is_dir()]
    return tuple(dict.fromkeys(found))


def is_bounded(path: Path, settings: Settings) -> bool:
    """Whether a path is written as one below an import root, so that it must be opened without following any link."""
    return path.is_absolute() and any(path.is_relative_to(root) for root in import_roots(settings))


def allowed(path: Path, settings: Settings) -> Path:
    """A file or folder on the server with every link resolved, if it lies in one of the roots.

    Raises:
        AccessDenied: it does not, be it by `..` or by a link.
        NotFound: there is nothing at this path.
    """
    real = Path(os.path.realpath(path))
    if not path.is_absolute() or not any(real.is_relative_to(root) for root in import_roots(settings)):
        raise AccessDenied(
            "This folder is not among those that may be imported from.",
            "Choose one of the folders listed, or have LIGHTBOX_IMPORT_ROOTS name it.",
        )
    if not real.exists():
        raise NotFound("There is no such folder on the server (any more).", "Go one folder up and choose again.")
    return real


def open_root(path: Path, settings: Settings) -> int:
    """A descriptor of a folder; below an import root no part of the path may be a link, elsewhere all are followed.

    Raises:
        OSError: it is no folder, may not be read, or a link is in the way.
    """
    if not is_bounded(path, settings):
        return os.open(path.resolve(), _FOLDER)
    with opened(os.open(path.anchor, _THROUGH)) as top:
        return open_folder(top, str(path.relative_to(path.anchor)))


def open_folder(folder: int, below: str) -> int:
    """A descriptor of a folder below another one, "" for that itself; raises as `open_root`."""
    return _open_below(folder, below or ".", _FOLDER)


def open_file(folder: int, below: str) -> int:
    """A descriptor of a file below a folder; raises as `open_root`."""
    return _open_below(folder, below, _FILE)


def is_file_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one at this path when no link is followed."""
    try:
        with opened(os.open(path.anchor, _THROUGH)) as top:
            return is_file_below(descriptor, top, str(path.relative_to(path.anchor)))
    except OSError:
        return False


def is_file_below(descriptor: int, folder: int, below: str) -> bool:
    """Whether an open file is the one below a folder when no link is followed; raises as `open_root`."""
    with opened(open_file(folder, below)) as real:
        return os.path.samestat(os.fstat(real), os.fstat(descriptor))


def _open_below(folder: int, below: str, flags: int) -> int:
    """Opened part by part: a folder that has become a link on the way is an error, wherever it leads."""
    *through, last = below.split("/")
    at = os.dup(folder)
    for part in through:
        with opened(at):
            following = os.open(part, _THROUGH, dir_fd=at)
        at = following
    with opened(at):
        return os.open(last, flags, dir_fd=at)


@contextmanager
def opened(descriptor: int) -> Iterator[int]:
    """The descriptor, closed at the end of the block."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)
