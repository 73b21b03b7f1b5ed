"""The table and the card of a data set change together: a process killed at any moment leaves both old or both new.

The two new files are written into a folder of their own, which is then renamed to `next`: that is the moment of the
change. Putting the files in their places afterwards can be broken off and be finished by whoever comes next.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from core.specs import DatasetCard

if TYPE_CHECKING:
    import pandas as pd

CARD, ITEMS, ORIGINALS = "card.json", "items.parquet", "originals"
_NEXT = "next"
Guard: TypeAlias = Callable[[DatasetCard], AbstractContextManager[object]]


def replace_both(folder: Path, items: pd.DataFrame, card: DatasetCard, guard: Guard = nullcontext) -> None:
    """Put a new table and a new card in the place of the old ones, as one step.

    Args:
        folder: of the data set.
        items: the new table, whole.
        card: the new card.
        guard: of the new card, a block in which the step is made; if it refuses to begin, all stays as it was.

    Raises:
        OSError: the disk is full or cannot be written; all stays as it was.
    """
    settle(folder)
    part = folder / f".next-{secrets.token_hex(8)}.part"
    try:
        part.mkdir()
        write_both(part, items, card)
        with guard(card):
            os.rename(part, folder / _NEXT)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    settle(folder)


def write_both(folder: Path, items: pd.DataFrame, card: DatasetCard) -> None:
    """Write table and card into a folder that nobody reads yet."""
    (folder / ITEMS).write_bytes(items.to_parquet(index=False))
    (folder / CARD).write_text(card.model_dump_json(indent=1), encoding="utf-8")


def settle(folder: Path) -> None:
    """Finish a change that was begun; most often there is none. Several processes may do so at once."""
    pending = folder / _NEXT
    if not pending.is_dir():
        return
    for name in (CARD, ITEMS):
        try:
            os.replace(pending / name, folder / name)
        except FileNotFoundError:
            continue  # it is in its place already
    shutil.rmtree(pending, ignore_errors=True)


@contextmanager
def built_beside(folder: Path) -> Iterator[Path]:
    """An empty folder that becomes `folder`, which is not there yet, if the block ends well, and vanishes if not."""
    part = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    part.mkdir(mode=0o700, parents=True)
    try:
        yield part
        os.rename(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the disk knows no hard links.

    Raises:
        FileNotFoundError: there is no such file.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:
        part = target.with_name(f"arriving-{secrets.token_hex(8)}")
        try:
            shutil.copyfile(source, part)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
