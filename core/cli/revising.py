"""`revise` and `export`."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from typing import Any

from core import actions
from core.cli.data import show_data_set
from core.cli.follow import follow
from core.cli.show import print_json
from core.errors import BadSetting, LightboxError, NotFound
from core.files import written_beside
from core.specs import DatasetCard, Edits, JobState
from core.store import JobRow


def revise(arguments: argparse.Namespace) -> int:
    """Change a data set, accept what comes of it, print its id; a change that fails leaves nothing behind."""
    home = actions.open_home()
    row = actions.dataset(home, arguments.dataset)
    if row.card is None:
        raise BadSetting(f"{row.name} is {row.state.value}.", "Wait until it is in review or accepted.")
    changed = actions.revise(home, row.id, edits_from(arguments, row.card))
    actions.ensure_worker(home)
    try:
        _require_done(follow(home, lambda: _known(actions.revise_job(home, changed))))
    except (LightboxError, KeyboardInterrupt):
        if changed != row.id:
            actions.delete_dataset(home, changed)
        raise
    if not arguments.review:
        actions.accept(home, changed)
    show_data_set(home, changed, arguments.json)
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write a data set as a zip, and say where it is."""
    home = actions.open_home()
    job_id = actions.export_dataset(home, arguments.dataset)
    actions.ensure_worker(home)
    _require_done(follow(home, lambda: actions.job(home, job_id)))
    path = actions.export_path(home, arguments.dataset)
    if arguments.into is not None:
        if not arguments.into.parent.is_dir():
            raise NotFound(f"There is no folder {arguments.into.parent.name!r}.", "Make it first, or name another.")
        with written_beside(arguments.into) as part:
            shutil.copyfile(path, part)
        path = arguments.into
    if arguments.json:
        print_json({"dataset_id": arguments.dataset, "file": str(path), "bytes": path.stat().st_size})
    else:
        print(path)
    return 0


def edits_from(arguments: argparse.Namespace, card: DatasetCard) -> Edits:
    """The changes that the flags ask for, in the order of the help.

    Raises:
        BadSetting: a flag that cannot be read, or none.
    """
    edits = [*_of_images(arguments, card), *_of_the_whole(arguments, card)]
    if arguments.edits is not None:
        edits += _read(arguments.edits)
    if not edits:
        raise BadSetting("Nothing was asked for.", "Name a change; `python -m core revise --help` lists them.")
    return Edits.checked({"edits": edits})


def numbers(text: str) -> list[int]:
    """Numbers of images: "3,17,20-22" is 3, 17, 20, 21, 22.

    Raises:
        BadSetting: it cannot be read so.
    """
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) > 10**7:
            raise BadSetting(f"{part!r} is no number of an image.", "Write them as 3,17,20-25.")
        found += range(int(first), int(last or first) + 1)
    return found


def _of_images(arguments: argparse.Namespace, card: DatasetCard) -> Iterator[dict[str, Any]]:
    for text in arguments.exclude:
        yield {"edit": "exclude", "item_ids": numbers(text)}
    for label, text in map(_pair, arguments.relabel):
        yield {"edit": "relabel", "item_ids": numbers(text), "label": label}
    for old, new in map(_pair, arguments.rename_class):
        if old not in card.classes:
            raise BadSetting(f"There is no class {old!r}.", f"The classes are {', '.join(map(repr, card.classes))}.")
        yield {"edit": "rename_class", "class_index": card.classes.index(old), "label": new}
    for split, text in map(_pair, arguments.place):
        yield {"edit": "place", "split": split, "item_ids": numbers(text)}


def _of_the_whole(arguments: argparse.Namespace, card: DatasetCard) -> Iterator[dict[str, Any]]:
    if arguments.settle_copies:
        yield {"edit": "settle_copies", "how": arguments.settle_copies, "near": arguments.near}
    if arguments.sample is not None:
        yield {"edit": "sample", "per_class": arguments.sample, "seed": arguments.seed}
    for other in arguments.merge:
        yield {"edit": "merge", "dataset_id": other}
    if arguments.patients is not None:
        yield {"edit": "patients_from_names", "pattern": arguments.patients}
    asked = {"folds": arguments.folds, "fold": arguments.fold, "seed": arguments.split_seed}
    split = {name: value for name, value in asked.items() if value is not None}
    split |= {"by": "image"} if arguments.by_image else {}
    if split:
        yield {"edit": "draw_split", "split": card.split.model_dump() | {"source": "drawn"} | split}


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals or not name or not value:
        raise BadSetting(f"{text!r} lacks a part.", "Write it as NAME=VALUE.")
    return name, value


def _read(file: Any) -> list[Any]:
    if not file.is_file():
        raise NotFound(f"There is no file {file.name!r}.", "Check the path.")
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadSetting(f"{file.name} cannot be read: {error}.", "Write it as JSON.") from error
    edits = given.get("edits") if isinstance(given, dict) else given
    if not isinstance(edits, list):
        raise BadSetting(f"{file.name} holds no list of edits.", 'Write [{"edit": "exclude", "item_ids": [3]}].')
    return edits


def _known(job: JobRow | None) -> JobRow:
    if job is None:
        raise NotFound("The data set was deleted while it was changed.", "Change another one.")
    return job


def _require_done(job: JobRow) -> None:
    if job.state is not JobState.FINISHED:
        raise job.error
