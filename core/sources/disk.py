"""Room on the disk: asked for before it is used, and a full disk told in words."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import DiskFull
from core.settings import GiB, MiB

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # full, over the quota, larger than the system lets a file be


def require_room(folder: Path, needed: int) -> None:
    """Raise before the work begins when the disk that holds `folder` has fewer than `needed` bytes free.

    Raises:
        DiskFull: it has.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DiskFull(
            f"This takes {in_words(needed)} on disk, and {in_words(free)} are free.",
            "Free some disk space, or use fewer or smaller images.",
        )


@contextmanager
def full_disk_in_words() -> Iterator[None]:
    """Turn the system's error for a full disk (or quota) into ours; any other error passes.

    Raises:
        DiskFull: the disk became full inside the block.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DiskFull(
            "The disk that holds the home folder is full; nothing half-made was left on it.",
            "Free some disk space and start again.",
        ) from error


def in_words(size: int) -> str:
    """A size in bytes for people: "1.4 GiB", "12.0 MiB"."""
    return f"{size / GiB:,.1f} GiB" if size >= GiB else f"{size / MiB:,.1f} MiB"
