"""Files that appear whole: written beside their place, then renamed into it; a reader never sees half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """A free path beside `path`, with its ending; what the block writes there takes the place if it ends well.

    Whether it does or not, nothing else is left.
    """
    part = path.with_name(f".{path.stem}-{secrets.token_hex(8)}.part{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a small file in one step; text as UTF-8."""
    with written_beside(path) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
