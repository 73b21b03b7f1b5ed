"""`import`, `datasets` and `delete`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core import actions
from core.cli.follow import follow
from core.cli.labelling import labelling_from, needs_look
from core.cli.show import plain, print_json, print_table
from core.errors import BadSetting, LightboxError
from core.specs import DatasetCard, DatasetState, JobState, Labelling, Split, SplitConfig
from core.store import DatasetRow, JobRow


def bring_in(arguments: argparse.Namespace) -> int:
    """Import, accept with the defaults of the review, print the id; a refused data set leaves nothing behind."""
    home = actions.open_home()
    dataset_id = _queue(home, arguments)
    actions.ensure_worker(home)
    try:
        _wait(home, dataset_id)
        _divide(home, dataset_id, arguments)
        actions.accept(home, dataset_id, _positive(home, dataset_id, arguments.positive))
    except (LightboxError, KeyboardInterrupt):
        actions.delete_dataset(home, dataset_id)
        raise
    show_data_set(home, dataset_id, arguments.json)
    return 0


def show_data_set(home: actions.Home, dataset_id: str, as_json: bool) -> None:
    """Print a data set that is in: its id, its classes and splits, its findings."""
    row = actions.dataset(home, dataset_id)
    if as_json or row.card is None:
        print_json(_as_json(row))
    else:
        _show_import(row, row.card)


def list_all(arguments: argparse.Namespace) -> int:
    """Every data set, newest first."""
    rows = actions.list_datasets(actions.open_home())
    if arguments.json:
        print_json({"datasets": [_as_json(row) for row in rows]})
    elif rows:
        print_table(
            ("id", "state", "images", "classes", "name"),
            [(row.id, row.state.value, *_sizes(row.card), row.name) for row in rows],
        )
    else:
        print("There is no data set yet. Bring one in with: python -m core import PATH")
    return 0


def delete(arguments: argparse.Namespace) -> int:
    """Delete a data set or a run, or say what would be lost."""
    home = actions.open_home()
    of_run = arguments.id.startswith("run_")
    lost = (actions.what_delete_run_loses if of_run else actions.what_delete_loses)(home, arguments.id)
    if not arguments.yes:
        raise BadSetting(f"Nothing was deleted. {' '.join(lost)}", "Repeat the command with --yes to delete it.")
    (actions.delete_run if of_run else actions.delete_dataset)(home, arguments.id)
    if arguments.json:
        print_json({"deleted": arguments.id, "lost": lost})
    else:
        print(f"Deleted {arguments.id}.")
    return 0


def _queue(home: actions.Home, arguments: argparse.Namespace) -> str:
    if arguments.practice:
        dataset_id, _ = actions.import_practice_data(home)
        if arguments.name:
            actions.rename_dataset(home, dataset_id, arguments.name)
        return dataset_id
    if arguments.public:
        dataset_id = actions.fetch_public_set(home, arguments.public)
        if arguments.name:
            actions.rename_dataset(home, dataset_id, arguments.name)
        return dataset_id
    path: Path = arguments.path
    _say_if_known(home, path)
    kept_name = path.stem if arguments.keep_names else actions.suggested_name(home, path.name)
    return actions.import_dataset(home, path, arguments.name or kept_name, labelling=_labelling(home, arguments))


def _say_if_known(home: actions.Home, path: Path) -> None:
    """Whoever imports the same content again may have meant to use what is here."""
    if path.exists() and (known := actions.same_content(home, path)):
        name = plain(actions.dataset(home, known).name)
        print(f"The same content is here already: {known}, {name}.", file=sys.stderr)


def _labelling(home: actions.Home, arguments: argparse.Namespace) -> Labelling:
    if not needs_look(arguments):
        return labelling_from(arguments)
    with actions.looked_at(home, arguments.path) as (look, _):
        return labelling_from(arguments, look)


def _wait(home: actions.Home, dataset_id: str) -> None:
    """Until it is in: one job may be followed by another. Nobody is there to choose labels: the proposal is taken."""
    while True:
        job = follow(home, lambda: _job(home, dataset_id))
        if job.state is not JobState.FINISHED:
            raise job.error
        state = actions.dataset(home, dataset_id).state
        if state is DatasetState.CHOOSING:
            actions.begin_import(home, dataset_id, actions.look(home, dataset_id).proposal)
        elif state not in (DatasetState.LOOKING, DatasetState.IMPORTING):
            return


def _divide(home: actions.Home, dataset_id: str, arguments: argparse.Namespace) -> None:
    """Draw another split where a flag asks for it."""
    given = {name: getattr(arguments, name) for name in ("seed", "folds", "fold")}
    asked: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if arguments.by_image:
        asked["by"] = "image"
    card = actions.dataset(home, dataset_id).card
    if asked and card is not None:
        split = card.split.model_dump() | {"source": "drawn"} | asked
        actions.set_split(home, dataset_id, SplitConfig.checked(split))


def _job(home: actions.Home, dataset_id: str) -> JobRow:
    job = actions.job_of(home, dataset_id)
    if job is None:
        raise BadSetting("The data set was deleted while it was imported.", "Import it again.")
    return job


def _positive(home: actions.Home, dataset_id: str, name: str | None) -> int | None:
    card = actions.dataset(home, dataset_id).card
    if name is None or card is None:
        return None
    if len(card.classes) != 2 or name not in card.classes:
        raise BadSetting(
            f"{name!r} cannot be the finding: the classes are {', '.join(map(repr, card.classes))}.",
            "Name one of two classes with --positive, or leave it out.",
        )
    return card.classes.index(name)


def _show_import(row: DatasetRow, card: DatasetCard) -> None:
    print(row.id)
    columns = ("class", *(split.label.lower() for split in Split))
    print_table(
        columns,
        [
            (name, *(counts.get(split, 0) for split in Split))
            for name, counts in zip(card.classes, card.counts, strict=True)
        ],
    )
    if card.positive_class is not None:
        print(f"The finding (positive class) is {plain(card.classes[card.positive_class])}.")
    if card.patients is not None:
        each = ", ".join(f"{card.patients_per_split.get(split, 0):,} in {split.label.lower()}" for split in Split)
        print(f"{card.patients:,} patients: {each}.")
    for change in card.changes:
        print(plain(f"revision {change.revision}: {change.what}"))
    for finding in card.findings:
        print(plain(f"{finding.severity.value}: {finding.what} {finding.remedy}"))


def _as_json(row: DatasetRow) -> dict[str, object]:
    card = row.card.model_dump(mode="json") if row.card is not None else None
    return {"dataset_id": row.id, "name": row.name, "task": row.task.value, "state": row.state.value, "card": card}


def _sizes(card: DatasetCard | None) -> tuple[int | None, int | None]:
    return (None, None) if card is None else (card.images, len(card.classes))
