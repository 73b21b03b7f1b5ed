import io

import pandas as pd
import pytest

from core import actions
from core.errors import DataGone
from core.metrics import classification_report
from core.specs import Colour, JobKind, Recipe, Resize, RunConfig, Split


@pytest.fixture
def ended(home, accepted):
    """The id of a run that a worker is said to have trained: its model is an empty file."""
    run_id = actions.start_training(
        home, RunConfig(dataset_id=accepted, recipe=Recipe(steps=(Colour(), Resize(side_px=16))))
    )
    home.store.claim("train", "w")
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True)
    (folder / "model.keras").touch()
    return run_id


def test_a_model_is_there_once_the_run_has_finished_or_was_stopped(home, ended):
    assert not actions.has_model(home, actions.run(home, ended))  # it trains; the file is that of its best epoch
    home.store.stop(ended, {})
    assert actions.has_model(home, actions.run(home, ended))
    (home.settings.run_dir(ended) / "model.keras").unlink()
    assert not actions.has_model(home, actions.run(home, ended))


def test_what_a_run_that_failed_has_left_is_no_model(home, ended):
    home.store.fail(ended, DataGone("The data set was deleted.", "Import it again."))
    assert not actions.has_model(home, actions.run(home, ended))
    with pytest.raises(DataGone, match="without a model"):
        actions.start_test_evaluation(home, ended)


def test_measuring_the_test_split_is_queued_once_and_not_counted(home, ended):
    home.store.finish(ended, {})
    job_id = actions.start_test_evaluation(home, ended)
    job = actions.job(home, job_id)
    assert (job.kind, job.payload) == (JobKind.EVALUATE, {"run_id": ended, "split": "test"})
    assert actions.start_test_evaluation(home, ended) == job_id  # a second click
    actions.stop(home, job_id)
    assert actions.start_test_evaluation(home, ended) != job_id
    assert actions.run(home, ended).test_opened == 0


def test_a_test_split_that_was_measured_is_not_measured_again_but_counted(home, ended):
    home.store.finish(ended, {})
    measured = classification_report(
        [0, 1], [[0.9, 0.1], [0.2, 0.8]], classes=("a", "b"), positive_class=1, split=Split.TEST, loss="mse",
        synthetic=False,
    )  # fmt: skip
    path = home.settings.run_dir(ended) / "report" / "test.json"
    path.parent.mkdir()
    path.write_text(measured.model_dump_json())
    assert actions.start_test_evaluation(home, ended) is None
    assert actions.open_test_split(home, ended) == measured
    assert actions.run(home, ended).test_opened == 1


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
