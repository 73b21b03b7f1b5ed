"""`report` and `predict`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core import actions
from core.cli.show import figure, plain, print_json, print_table
from core.errors import LightboxError, NotFound
from core.specs import Answer, Figure, Report, Split


def report(arguments: argparse.Namespace) -> int:
    """The classification report; the test split is opened, and the opening counted."""
    home, split = actions.open_home(), Split(arguments.split)
    opens = split is Split.TEST
    found = actions.open_test_split(home, arguments.run) if opens else actions.report(home, arguments.run, split)
    opened = actions.run(home, arguments.run).test_opened
    if arguments.json:
        about = {"run_id": arguments.run, "test_opened": opened, "disclaimer": actions.DISCLAIMER}
        print_json(about | found.model_dump(mode="json"))
    else:
        _print_report(found, opened)
    return 0


def predict(arguments: argparse.Namespace) -> int:
    """The class and the probabilities of each image; a refused one does not keep the others from being answered."""
    home, status = actions.open_home(), 0
    answers: list[dict[str, object]] = []
    actions.run(home, arguments.run)
    for path in arguments.files:
        try:
            answer = actions.predict(home, arguments.run, path.name, _read(path)).answer
        except LightboxError as error:
            status = max(status, error.exit_status)
            answers.append({"file": str(path), "error": {"what": error.what, "remedy": error.remedy}})
            if not arguments.json:
                print(plain(f"{path}: {error}"), file=sys.stderr)
        else:
            answers.append({"file": str(path)} | _as_json(answer))
            if not arguments.json:
                print(_line(path, answer))
    synthetic = actions.is_synthetic(home, arguments.run)
    if arguments.json:
        about = {"synthetic": synthetic, "disclaimer": actions.DISCLAIMER}
        print_json({"run_id": arguments.run, "answers": answers} | about)
    else:
        print(f"\n{actions.about(synthetic=synthetic)}")
    return status


def _print_report(found: Report, opened: int) -> None:
    measured = f"{found.split.label} split, {found.images:,} images"
    measured += f"; opened {opened} {'time' if opened == 1 else 'times'}" if found.split is Split.TEST else ""
    print(measured)
    if found.positive_class is not None:
        print(f"The finding (positive class) is {plain(found.classes[found.positive_class])}.")
    print(f"accuracy {_with_interval(found.accuracy)}; loss {figure(found.loss)}\n")
    print_table(
        ("class", "precision", "recall", "F1", "images"),
        [
            (row.name, *(figure(f.value) for f in (row.precision, row.recall, row.f1)), row.support)
            for row in found.rows
        ],
    )
    print("\nrows: true class; columns: what the model said")
    print_table(
        ("", *map(plain, found.classes)),
        [(name, *counts) for name, counts in zip(found.classes, found.confusion, strict=True)],
    )
    print(f"\n{actions.about(synthetic=found.synthetic)}")


def _with_interval(measured: Figure) -> str:
    if measured.low is None or measured.high is None:
        return figure(measured.value)
    return f"{figure(measured.value)} (95 % interval {figure(measured.low)} to {figure(measured.high)})"


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"There is no file {path.name!r}.", "Check the path.")
    return path.read_bytes()


def _line(path: Path, answer: Answer) -> str:
    chances = ", ".join(f"{name} {p:.3f}" for name, p in zip(answer.classes, answer.probabilities, strict=True))
    return plain(f"{path}: {answer.classes[answer.predicted_class]} ({chances})")


def _as_json(answer: Answer) -> dict[str, object]:
    return answer.model_dump(mode="json") | {"predicted": answer.classes[answer.predicted_class]}
