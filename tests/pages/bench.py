"""For page tests: a home of its own with a data set in it, brought in by the real import."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from core import actions
from core.datasets import import_source
from core.images import encode_png
from core.settings import Settings
from core.specs import DatasetState, Progress
from pages.http.place import use_home

PAGES = Path(__file__).parents[2] / "pages"
SCRIPT = "<script>alert(1)</script>"
FETCHED = "![x](http://evil)"


@contextmanager
def a_home(folder: Path) -> Iterator[actions.Home]:
    """A home below `folder` that the pages use, without a worker."""
    home = actions.open_home(Settings(home=folder / "home", start_worker=False))
    use_home(home)
    try:
        yield home
    finally:
        use_home(None)


def page(name: str) -> AppTest:
    """A page alone, without the frame around it."""
    return AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30)


def zip_of(folder: Path, counts: dict[str, int], side_px: int = 12, first_name: str = "") -> Path:
    """A zip of class folders with random grey images, each different; `first_name` names the very first one."""
    path, rng = folder / "images.zip", np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for kind, count in counts.items():
            for number in range(count):
                name = f"{first_name or number}.png" if number == 0 else f"{number}.png"
                pixels = rng.integers(0, 256, (side_px, side_px), dtype=np.uint8)
                archive.writestr(f"{kind}/{name}", encode_png(pixels))
    return path


def npz_of(folder: Path, per_split: int = 4, side_px: int = 12) -> Path:
    """An NPZ with the MedMNIST keys, two classes, the same number of images in each split."""
    rng, arrays = np.random.default_rng(1), {}
    for split in ("train", "val", "test"):
        arrays[f"{split}_images"] = rng.integers(0, 256, (per_split, side_px, side_px), dtype=np.uint8)
        arrays[f"{split}_labels"] = np.arange(per_split, dtype=np.uint8)[:, None] % 2
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    path = folder / "images.npz"
    path.write_bytes(buffer.getvalue())
    return path


def bring_in(home: actions.Home, source: Path, name: str = "Cells", *, accept: bool = False) -> str:
    """What the worker's child does for an import, here and now; the data set's id."""
    dataset_id = actions.import_dataset(home, source, name)
    job = home.store.claim("data", "test")
    assert job is not None
    card = import_source(source, home.settings.dataset_dir(dataset_id), home.settings, _quiet, _never)
    home.store.set_card(dataset_id, card)
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.REVIEW)
    home.store.finish(job.id, {}, attempt=job.attempt)
    if accept:
        actions.accept(home, dataset_id)
    return dataset_id


def words(app: AppTest) -> str:
    """Everything a page says in headings, Markdown, captions, errors and HTML."""
    kinds: tuple[Callable[[], object], ...] = (
        lambda: app.header,
        lambda: app.subheader,
        lambda: app.markdown,
        lambda: app.caption,
        lambda: app.error,
        lambda: app.success,
        lambda: app.get("html"),
    )
    said = (str(getattr(element, "value", None) or element.proto.body) for kind in kinds for element in kind())
    return "\n".join(said).replace("\u00a0", " ")  # a blank where no line may be broken is read as a blank


def _quiet(_progress: Progress) -> None:
    """Nobody listens."""


def _never() -> bool:
    return False
