"""Evaluations on disk: `report/<split>.json` and `report/<split>.parquet` in the folder of a run."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

from core.evaluation.measuring import Evaluation
from core.files import write_file, written_beside
from core.specs import Mistake, Report, Split


def write(folder: Path, evaluation: Evaluation) -> None:
    """Keep an evaluation in a run's folder; the report comes last, so that what can be read is whole."""
    table, report = _paths(folder, evaluation.report.split)
    table.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_beside(table) as part:
        evaluation.table.to_parquet(part, index=False)
    write_file(report, evaluation.report.model_dump_json(indent=2))


def read_report(folder: Path, split: Split) -> Report | None:
    """The report on a split; None while it has not been measured."""
    _, report = _paths(folder, split)
    return Report.model_validate_json(report.read_text(encoding="utf-8")) if report.exists() else None


def read_mistakes(folder: Path, split: Split, limit: int) -> list[Mistake]:
    """The images of a measured split that were answered wrongly, worst first, at most `limit`.

    The worst is the one whose true class was given the lowest probability.
    """
    path, _ = _paths(folder, split)
    if not path.exists():
        return []
    import pandas as pd  # half a second that the first page need not wait for

    table = pd.read_parquet(path)
    wrong = [_mistake(row) for row in table[table["true"] != table["predicted"]].to_dict("records")]
    return sorted(wrong, key=lambda mistake: (-mistake.surprise, mistake.item_id))[:limit]


def _mistake(row: dict[Hashable, Any]) -> Mistake:
    chances = tuple(float(row[f"p_{index}"]) for index in range(sum(str(name).startswith("p_") for name in row)))
    true = int(row["true"])
    return Mistake(
        item_id=int(row["item_id"]),
        name=str(row["name"]),
        true_class=true,
        predicted_class=int(row["predicted"]),
        probabilities=chances,
        surprise=1 - chances[true],
    )


def _paths(folder: Path, split: Split) -> tuple[Path, Path]:
    return folder / "report" / f"{split.value}.parquet", folder / "report" / f"{split.value}.json"
