"""`import`, `datasets` and `delete`."""

from __future__ import annotations

import argparse

from core import actions
from core.cli.follow import follow
from core.cli.show import plain, print_json, print_table
from core.errors import BadSetting, LightboxError, NotHandledYet
from core.specs import DatasetCard, JobState, Split
from core.store import DatasetRow, JobRow


def bring_in(arguments: argparse.Namespace) -> int:
    """Import, accept with the defaults of the review, print the id; a refused data set leaves nothing behind."""
    home = actions.open_home()
    dataset_id = _queue(home, arguments)
    actions.ensure_worker(home)
    try:
        job = follow(home, lambda: _job(home, dataset_id))
        if job.state is not JobState.FINISHED:
            raise job.error
        card = actions.accept(home, dataset_id, _positive(home, dataset_id, arguments.positive))
    except (LightboxError, KeyboardInterrupt):
        actions.delete_dataset(home, dataset_id)
        raise
    _show_import(actions.dataset(home, dataset_id), card, arguments.json)
    return 0


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
    if arguments.path.is_dir():
        raise NotHandledYet(
            f"{arguments.path.name!r} is a folder, and an import takes one file.",
            "Zip it first: the folders inside are the classes.",
        )
    return actions.import_dataset(home, arguments.path, arguments.name or arguments.path.stem)


def _job(home: actions.Home, dataset_id: str) -> JobRow:
    job = actions.import_job(home, dataset_id)
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


def _show_import(row: DatasetRow, card: DatasetCard, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(row))
        return
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
    for finding in card.findings:
        print(plain(f"{finding.severity.value}: {finding.what} {finding.remedy}"))


def _as_json(row: DatasetRow) -> dict[str, object]:
    card = row.card.model_dump(mode="json") if row.card is not None else None
    return {"dataset_id": row.id, "name": row.name, "task": row.task.value, "state": row.state.value, "card": card}


def _sizes(card: DatasetCard | None) -> tuple[int | None, int | None]:
    return (None, None) if card is None else (card.images, len(card.classes))
