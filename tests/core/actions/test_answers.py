import io
import re

import pandas as pd
import pytest

from core import actions
from core.actions import answers
from core.errors import BadImage, DataGone
from core.metrics import classification_report
from core.specs import Answer, Colour, JobKind, Recipe, Resize, RunConfig, Split


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


@pytest.fixture
def answering(home, ended, monkeypatch):
    """A run that has finished, and in the place of a worker `answer(job)`, which ends the job at once."""
    home.store.finish(ended, {})

    def put(answer):
        def ensure(home):
            answer(home.store.claim("answer", "wrk_a"))

        monkeypatch.setattr(answers, "ensure_worker", ensure)

    return put


def lying(home):
    return b"".join(path.read_bytes() for path in home.settings.home.rglob("*") if path.is_file())


def test_what_an_image_is_called_is_answered_and_never_kept(home, ended, answering):
    def answer(job):
        folder = home.settings.answer_dir(job.id)
        for name in ("input_came.png", "input_seen.png"):
            (folder / name).write_bytes(b"png")
        said = Answer(
            run_id=ended,
            name=f"{job.payload['name']}, frame 2 of 3",
            classes=("a", "b"),
            probabilities=(0.4, 0.6),
            predicted_class=1,
            seconds=0.1,
        )
        home.store.finish(job.id, said.model_dump(mode="json"))

    answering(answer)
    found = actions.predict(home, ended, "DOE^JANE.dcm", b"DOE^JUNE inside")
    assert found.answer.name == "DOE^JANE.dcm, frame 2 of 3"
    assert not re.search(b"DOE.J.NE", lying(home))


def test_what_an_image_is_called_stands_in_its_refusal_and_is_never_kept(home, ended, answering):
    def refuse(job):
        home.store.fail(job.id, BadImage(f"{job.payload['name']!r} is no image.", "Choose another file."))

    answering(refuse)
    with pytest.raises(BadImage, match=r"'DOE JANE\.dcm' is no image"):
        actions.predict(home, ended, "DOE JANE.dcm", b"DOE^JUNE inside")
    assert not re.search(b"DOE.J.NE", lying(home))


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
