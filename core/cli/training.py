"""`train`, `runs`, `stop` and `resume`."""

from __future__ import annotations

import argparse
import sys

from core import actions
from core.cli.assign import run_config
from core.cli.follow import follow
from core.cli.show import figure, print_json, print_table
from core.errors import WrongState
from core.specs import JobState, RunSummary
from core.store import RunRow


def train(arguments: argparse.Namespace) -> int:
    """Queue a run, print its id; with `--wait`, say how it went."""
    home = actions.open_home()
    row = actions.dataset(home, arguments.dataset)
    if row.card is None:
        raise WrongState(f"{row.name} is {row.state.value}.", "Import it again, and wait until that has ended.")
    config = run_config(row.id, row.card, arguments.config, arguments.assignments)
    return _queued(home, actions.start_training(home, config, arguments.name), arguments)


def list_all(arguments: argparse.Namespace) -> int:
    """Every run, newest first."""
    rows = actions.list_runs(actions.open_home())
    if arguments.json:
        print_json({"runs": [_as_json(row) for row in rows]})
    elif rows:
        print_table(
            ("id", "data set", "state", "epochs", "val. accuracy", "val. loss", "device", "name"),
            [(row.id, row.config.dataset_id, row.job.state.value, *_summary(row), row.name) for row in rows],
        )
    else:
        print("There is no run yet. Start one with: python -m core train DATASET")
    return 0


def stop(arguments: argparse.Namespace) -> int:
    """Ask a run to stop."""
    home = actions.open_home()
    row = actions.run(home, arguments.run)
    if row.job.state.final:
        raise WrongState(f"{row.name} has ended already.", "Its report is there: python -m core report " + row.id)
    actions.stop(home, row.id)
    if arguments.json:
        print_json(_as_json(actions.run(home, row.id)))
    else:
        print(f"{row.id} was asked to stop.")
    return 0


def resume(arguments: argparse.Namespace) -> int:
    """Queue a run that goes on where another was stopped or failed, print its id; with `--wait`, say how it went."""
    home = actions.open_home()
    return _queued(home, actions.resume(home, arguments.run), arguments)


def _queued(home: actions.Home, run_id: str, arguments: argparse.Namespace) -> int:
    actions.ensure_worker(home)
    if arguments.wait:
        if not arguments.json:
            print(run_id, flush=True)
        return _wait(home, run_id, arguments.json)
    if arguments.json:
        print_json(_as_json(actions.run(home, run_id)))
    else:
        print(run_id)
    return 0


def _wait(home: actions.Home, run_id: str, as_json: bool) -> int:
    try:
        job = follow(home, lambda: actions.run(home, run_id).job)
    except KeyboardInterrupt:
        print(f"\nThe run goes on. To stop it: python -m core stop {run_id}", file=sys.stderr)
        raise
    row = actions.run(home, run_id)
    if job.state is JobState.FAILED or row.summary is None:
        raise job.error
    if as_json:
        print_json(_as_json(row))
    else:
        print_table(
            ("state", "epochs", "val. accuracy", "val. loss", "device"),
            [(row.job.state.value, *_summary(row))],
        )
        if row.summary.stopped_because:
            print(row.summary.stopped_because)
        for line in _engine(row.summary):
            print(line)
    return 0


def _summary(row: RunRow) -> tuple[object, ...]:
    if row.summary is None:
        return None, None, None, None
    device = row.summary.device.words if row.summary.device else None
    return row.summary.epochs_done, figure(row.summary.val_accuracy), figure(row.summary.val_loss), device


def _engine(summary: RunSummary) -> list[str]:
    """How it was computed, as far as the run recorded it."""
    words = [summary.precision_words] if summary.precision_words else []
    if summary.batch_size is not None and summary.steps_per_execution is not None:
        words.append(f"batch size {summary.batch_size:,}, {summary.steps_per_execution:,} to a call")
    return words


def _as_json(row: RunRow) -> dict[str, object]:
    error = None
    if row.job.state is JobState.FAILED:
        error = {"kind": row.job.ending, "what": row.job.what, "remedy": row.job.remedy}
    return {
        "run_id": row.id,
        "name": row.name,
        "dataset_id": row.config.dataset_id,
        "state": row.job.state.value,
        "progress": row.job.progress.model_dump(mode="json"),
        "config": row.config.model_dump(mode="json"),
        "summary": row.summary.model_dump(mode="json") if row.summary else None,
        "test_opened": row.test_opened,
        "error": error,
        "disclaimer": actions.DISCLAIMER,
    }
