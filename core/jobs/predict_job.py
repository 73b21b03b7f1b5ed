"""The job that asks a model about one image."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import DataGone
from core.evaluation import probabilities
from core.files import write_file
from core.images import Decoded, Tone, build, encode_png, open_apart, thumbnail
from core.jobs.cards import card_of
from core.metrics import predicted_classes
from core.models import MODEL_FILE, load
from core.settings import Settings
from core.specs import Answer
from core.store import JobRow, Store

if TYPE_CHECKING:
    import keras

SHOWN_SIDE_PX = 1024  # the image as it came is shown no larger than this


class Models:
    """The models that were asked last, loaded; a file that was written anew is loaded anew."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._loaded: OrderedDict[tuple[Path, int], keras.Model] = OrderedDict()

    def get(self, path: Path) -> keras.Model:
        """The model of a file; `DataGone` where it is missing or damaged."""
        key = path, path.stat().st_mtime_ns if path.exists() else 0
        model = self._loaded.pop(key) if key in self._loaded else load(path)
        self._loaded[key] = model
        while len(self._loaded) > self._most:
            self._loaded.popitem(last=False)
        return model


def run_prediction(settings: Settings, store: Store, models: Models, job: JobRow) -> dict[str, Any]:
    """The answer for the image in the job's folder, as a dictionary; both PNGs are written beside the image.

    Raises:
        BadImage, TooLarge, NotHandledYet: the image cannot be used.
        DataGone: the model, or the image, is not there any more.
    """
    began = time.monotonic()
    run_id, name = str(job.payload["run_id"]), str(job.payload["name"])
    folder = settings.answer_dir(job.id)
    recipe = store.run(run_id).config.recipe
    card = card_of(settings, run_id)
    name, came = _came(_input(folder), name, settings.max_image_pixels, card.slice_axis)
    if tone := job.payload.get("tone"):  # an item of a data set: its file has the pixels only
        came = replace(came, tone=Tone(**tone))
    seen = build(recipe)(came.pixels, came.tone)
    model = models.get(settings.run_dir(run_id) / MODEL_FILE)
    chances = probabilities(model, seen[None])
    write_file(folder / "input_came.png", encode_png(thumbnail(came.shown, SHOWN_SIDE_PX)))
    write_file(folder / "input_seen.png", encode_png(seen))
    answer = Answer(
        run_id=run_id,
        name=name,
        classes=card.classes,
        probabilities=tuple(map(float, chances[0])),
        predicted_class=int(predicted_classes(chances, card.positive_class)[0]),
        seconds=time.monotonic() - began,
    )
    return answer.model_dump(mode="json")


def _came(data: bytes, name: str, max_pixels: int, axis: int) -> tuple[str, Decoded]:
    """The image of a file, and its name; of several the one in the middle, which its name then says."""
    with open_apart(data, name=name, max_pixels=max_pixels, axis=axis) as file:
        if file.planes == 1:
            return name, file.decode()
        middle = file.planes // 2
        return f"{name}, frame {middle + 1} of {file.planes}", file.decode(middle)


def _input(folder: Path) -> bytes:
    path = folder / "input"
    if not path.exists():
        raise DataGone("The image to predict is not on the server any more.", "Upload it again.")
    return path.read_bytes()
