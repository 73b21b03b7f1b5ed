import pandas as pd
import pytest

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
