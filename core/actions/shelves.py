"""Look at the images of a data set: pages of a gallery, thumbnails, one original."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.actions.home import Home
from core.datasets import Shelf
from core.datasets.tones import decoded
from core.errors import DataGone, NotFound
from core.images import Decoded, encode_png
from core.images import thumbnail as shrink
from core.specs import Split

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Item:
    """One image of a data set; `name` is hostile text, `patient` as the data set keeps it, empty where not known."""

    item_id: int
    name: str
    class_index: int
    split: Split
    width: int
    height: int
    patient: str = ""


@dataclass(frozen=True)
class GalleryPage:
    """A page of a gallery, and how many images and pages there are in all."""

    items: tuple[Item, ...]
    total: int
    pages: int


def gallery(
    home: Home,
    dataset_id: str,
    class_index: int | None = None,
    split: Split | None = None,
    page: int = 0,
    per_page: int = 24,
) -> GalleryPage:
    """One page of the images of a class, a split, or both; `page` counts from 0."""
    items = shelf_of(home, dataset_id).items
    if class_index is not None:
        items = items[items["class_index"] == class_index]
    if split is not None:
        items = items[items["split"] == split.value]
    shown = items.iloc[page * per_page : (page + 1) * per_page]
    return GalleryPage(tuple(map(_item, shown.itertuples())), len(items), max(1, -(-len(items) // per_page)))


def item(home: Home, dataset_id: str, item_id: int) -> Item:
    """One image by its number; `NotFound` outside 0..N-1."""
    items = shelf_of(home, dataset_id).items
    if not 0 <= item_id < len(items):
        raise NotFound(f"This data set has no image number {item_id}.", "Choose one from its gallery.")
    return _item(next(items.iloc[item_id : item_id + 1].itertuples()))


def sizes(home: Home, dataset_id: str) -> pd.DataFrame:
    """Width and height in px of every image as it came, columns `width` and `height`."""
    return shelf_of(home, dataset_id).items[["width", "height"]]


def thumbnail_png(home: Home, dataset_id: str, item_id: int, side_px: int) -> bytes:
    """An image as it is shown, as PNG, at most `side_px` wide and high; 0: as large as it came."""
    pixels = pixels_of(home, dataset_id, item_id).shown
    return encode_png(shrink(pixels, side_px or max(pixels.shape[:2])))


def original_bytes(home: Home, dataset_id: str, item_id: int) -> tuple[str, bytes]:
    """The name and the content of its file on the shelf: as it came, or reduced to its stored pixels."""
    return item(home, dataset_id, item_id).name, shelf_of(home, dataset_id).original(item_id)


def pixels_of(home: Home, dataset_id: str, item_id: int) -> Decoded:
    """An image as it came, decoded, with what its pixels mean."""
    item(home, dataset_id, item_id)
    return decoded(shelf_of(home, dataset_id), item_id, home.settings.max_image_pixels)


def shelf_of(home: Home, dataset_id: str) -> Shelf:
    """The shelf of a data set, kept open until its files change.

    Raises:
        DataGone: the data set's folder is not there.
    """
    folder = home.settings.dataset_dir(dataset_id)
    try:
        stamp = (folder / "items.parquet").stat().st_mtime_ns
    except FileNotFoundError:
        raise DataGone(
            "The images of this data set are not on the server (any more).", "Import the data again."
        ) from None
    return _open_shelf(folder, stamp)


@lru_cache(maxsize=16)
def _open_shelf(folder: Path, stamp: int) -> Shelf:
    return Shelf(folder)


def _item(row: object) -> Item:
    fields = {name: getattr(row, name) for name in ("item_id", "name", "class_index", "split", "width", "height")}
    numbers = {name: int(fields[name]) for name in ("item_id", "class_index", "width", "height")}
    patient = str(getattr(row, "patient", ""))
    return Item(name=str(fields["name"]), split=Split(fields["split"]), patient=patient, **numbers)
