"""Evaluations on disk: whole or not there, worst mistakes first, and readable without Keras."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import core
from core.evaluation import Evaluation, read_mistakes, read_report, write
from core.metrics import classification_report
from core.specs import Split

# image 7 is right; 8 gave its true class .4, 9 gave it .1: 9 is the worse mistake
TABLE = pd.DataFrame(
    {
        "item_id": [7, 8, 9],
        "name": ["a.png", "b.png", "<script>"],
        "true": [0, 1, 1],
        "predicted": [0, 0, 0],
        "p_0": [0.8, 0.6, 0.9],
        "p_1": [0.2, 0.4, 0.1],
    }
)


@pytest.fixture
def evaluation():
    report = classification_report(
        TABLE["true"],
        TABLE[["p_0", "p_1"]],
        classes=("healthy", "ill"),
        positive_class=1,
        split=Split.VALIDATION,
        loss="cross_entropy",
        synthetic=False,
    )
    return Evaluation(report, TABLE)


def test_what_is_written_is_read_again(tmp_path, evaluation):
    write(tmp_path, evaluation)
    assert read_report(tmp_path, Split.VALIDATION) == evaluation.report
    assert read_report(tmp_path, Split.TEST) is None
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["val.json", "val.parquet"]


def test_mistakes_come_worst_first(tmp_path, evaluation):
    write(tmp_path, evaluation)
    found = read_mistakes(tmp_path, Split.VALIDATION, 10)
    assert [mistake.item_id for mistake in found] == [9, 8]
    assert found[0].name == "<script>"
    assert found[0].surprise == pytest.approx(0.9)
    assert found[0].probabilities == (0.9, 0.1)
    assert len(read_mistakes(tmp_path, Split.VALIDATION, 1)) == 1
    assert read_mistakes(tmp_path, Split.TEST, 10) == []


def test_reading_needs_no_keras(tmp_path, evaluation):
    write(tmp_path, evaluation)
    code = (
        "import sys; from pathlib import Path; from core.evaluation import read_mistakes, read_report;"
        "from core.specs import Split; folder = Path(sys.argv[1]);"
        "print(read_report(folder, Split.VALIDATION).images, len(read_mistakes(folder, Split.VALIDATION, 9)),"
        "'keras' in sys.modules, 'scipy' in sys.modules)"
    )
    root = Path(core.__file__).parents[1]
    asked = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    assert asked.stdout.split() == ["3", "2", "False", "False"]


def test_measuring_again_replaces_what_was_there_and_a_torn_table_never_gets_a_report(
    tmp_path, evaluation, monkeypatch
):
    def full(_, path, **__):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(pd.DataFrame, "to_parquet", full)
        with pytest.raises(OSError, match="No space"):
            write(tmp_path, evaluation)
    assert read_report(tmp_path, Split.VALIDATION) is None
    assert list((tmp_path / "report").iterdir()) == []
    write(tmp_path, evaluation)
    fewer = Evaluation(evaluation.report.model_copy(update={"loss": 0.5}), TABLE.iloc[:1])
    write(tmp_path, fewer)
    assert read_report(tmp_path, Split.VALIDATION).loss == 0.5
    assert read_mistakes(tmp_path, Split.VALIDATION, 10) == []


def test_many_classes_keep_the_order_of_their_columns(tmp_path, evaluation):
    # eleven columns, so that p_10 would come before p_2 by name
    row = {f"p_{index}": (0.5 if index == 10 else 0.05) for index in range(11)}
    table = pd.DataFrame([{"item_id": 1, "name": "x", "true": 10, "predicted": 0} | row])
    write(tmp_path, Evaluation(evaluation.report, table))
    (only,) = read_mistakes(tmp_path, Split.VALIDATION, 1)
    assert only.probabilities == (0.05,) * 10 + (0.5,)
    assert only.surprise == 0.5
