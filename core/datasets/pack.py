"""A pack: the prepared pixels of a whole data set as one memory-mapped array, built once for a content and a recipe."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.parallel import ordered_map
from core.datasets.shelf import Shelf
from core.datasets.tones import decoded
from core.images import build
from core.settings import Settings
from core.sources.disk import full_disk_in_words, require_room
from core.sources.progress import Report, ShouldStop, Ticker
from core.specs import Recipe

_FORMAT = 2  # raise it when a step of a recipe computes other pixels than before
_ABANDONED_S = 3600  # a half-built pack that nobody has written to for so long belongs to a dead process

Images: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True)
class Pack:
    """The prepared images of a data set in the order of its items, with the labels and the split in force.

    Attributes:
        images: `(N, H, W, C)` uint8, memory-mapped, read-only.
        class_indices: `(N,)` int64.
        splits: `(N,)` of "train", "val", "test".
        item_ids: `(N,)` int64.
    """

    images: Images
    class_indices: NDArray[np.int64]
    splits: NDArray[np.str_]
    item_ids: NDArray[np.int64]


def pack(shelf: Shelf, recipe: Recipe, settings: Settings, report: Report, should_stop: ShouldStop) -> Pack:
    """The pack of a data set under a recipe: the finished one if there is one, else built on all cores.

    Another split or another name for the classes uses the same pack. Two processes may build the same one at a time;
    each works on a file of its own, and the last to finish leaves its equal copy. The packs used longest ago are
    deleted beyond `settings.max_packs_bytes`, never this one.

    Args:
        shelf: the data set.
        recipe: the preprocessing; `core.images.build(recipe)` makes each row.
        settings: where packs lie, and how much they may take.
        report: receives the progress while it is built.
        should_stop: asked before every image.

    Raises:
        DataGone: an original was deleted.
        DiskFull: no room for the pack.
        Stopped: `should_stop` said so.
    """
    path = settings.packs_dir / f"{pack_key(shelf, recipe)}.npy"
    shape = (len(shelf.items), *recipe.shape)
    images = _open(path, shape)
    if images is None:
        settings.packs_dir.mkdir(parents=True, exist_ok=True)
        _make_room(settings, path, int(np.prod(shape)))
        ticker = Ticker(report, should_stop, "Preparing images", len(shelf.items), "images")
        images = _build(path, shape, _rows(shelf, recipe, settings), ticker)
    return Pack(
        images=images,
        class_indices=shelf.items["class_index"].to_numpy(np.int64),
        splits=shelf.items["split"].to_numpy(dtype="<U5"),
        item_ids=shelf.items["item_id"].to_numpy(np.int64),
    )


def pack_key(shelf: Shelf, recipe: Recipe) -> str:
    """The name of the pack: the same for the same images in the same order under the same recipe."""
    parts = (str(_FORMAT), str(cv2.__version__), shelf.card.content_digest, recipe.model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _open(path: Path, shape: tuple[int, ...]) -> Images | None:
    """A finished pack, marked as used just now; None when it is not there or not whole."""
    try:
        os.utime(path)
        images: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    whole: Images | None = images if images.shape == shape and images.dtype == np.uint8 else None
    return whole


def _rows(shelf: Shelf, recipe: Recipe, settings: Settings) -> Generator[Images, None, None]:
    prepare = build(recipe)

    def row(item_id: int) -> Images:
        image = decoded(shelf, item_id, settings.max_image_pixels)
        return prepare(image.pixels, image.tone)

    return ordered_map(row, range(len(shelf.items)))


def _build(path: Path, shape: tuple[int, ...], rows: Generator[Images, None, None], ticker: Ticker) -> Images:
    """Write the rows into a file beside `path`, rename it, map it.

    The rows are written, not stored through a memory map: on a full disk a write raises, a mapped page kills the
    process (SIGBUS).
    """
    beside = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.part")
    try:
        with closing(rows), full_disk_in_words(), beside.open("xb") as file:
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            for row in rows:
                file.write(row.data)
                ticker.step()
        images: Images = np.load(beside, mmap_mode="r", allow_pickle=False)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return images


def _make_room(settings: Settings, path: Path, needed: int) -> None:
    """Delete what dead processes left, then the packs used longest ago, until the new one fits."""
    now = time.time()
    for half in settings.packs_dir.glob("*.part"):
        if now - _stat(half)[0] > _ABANDONED_S:
            half.unlink(missing_ok=True)
    oldest_first = sorted((*_stat(pack), pack) for pack in settings.packs_dir.glob("*.npy") if pack != path)
    kept = sum(size for _, size, _ in oldest_first) + needed
    for _, size, pack in oldest_first:
        if kept <= settings.max_packs_bytes:
            break
        pack.unlink(missing_ok=True)
        kept -= size
    require_room(settings.packs_dir, needed)


def _stat(path: Path) -> tuple[float, int]:
    """Time of last use and size in bytes; zeros for a file that another process has just deleted."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0.0, 0
    return found.st_mtime, found.st_size
