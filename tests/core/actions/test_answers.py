import io

import pandas as pd

from core import actions
from core.metrics import classification_report
from core.specs import Split


def test_a_report_as_csv_carries_the_disclaimer_and_no_formula():
    report = classification_report(
        [0, 0, 1, 1],
        [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]],
        classes=("=HYPERLINK(1)", "ill"),
        positive_class=1,
        split=Split.TEST,
        loss="mse",
        synthetic=True,
    )
    text = actions.report_csv(report)
    note = text.splitlines()[0]
    assert actions.DISCLAIMER in note
    assert "4 images" in note
    assert "synthetic" in note
    table = pd.read_csv(io.StringIO(text), comment="#")
    assert table["class"].tolist() == ["'=HYPERLINK(1)", "ill", "macro average", "weighted average", "accuracy"]
    # three of four are right; of the two that are ill, one was found
    assert table["accuracy"].tolist()[-1] == 0.75
    assert table["recall"].tolist()[1] == 0.5
