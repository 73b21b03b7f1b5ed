"""The Results page: validation first, the test split only on purpose, hostile names as text."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.errors import DataGone
from core.specs import Mistake, Progress, Split
from pages.parts import session, thumbnails
from pages.parts.results import mistakes as results_mistakes
from tests.pages.bench import SCRIPT, a_home, bring_in, page, words, zip_of
from tests.pages.trained import failed_run, finished_run, measure, running_run, stopped_in_the_first_epoch

TWO = {"healthy": 20, "sick": 20}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


@pytest.fixture
def dataset_id(home: actions.Home, tmp_path: Path) -> str:
    return bring_in(home, zip_of(tmp_path, TWO), accept=True)


def in_hand(home: actions.Home, run_id: str) -> AppTest:
    """The page with a run in hand."""
    app = page("results")
    visitor = session.Visitor(dataset_id=actions.run(home, run_id).config.dataset_id, run_id=run_id)
    app.session_state["lightbox_visitor"] = visitor
    app.run()
    assert not app.exception
    return app


def test_without_a_run_it_says_what_to_do(home):
    app = page("results").run()
    assert "No run yet" in words(app)
    assert app.button[0].label == "Go to Train"


def test_a_run_that_has_not_ended_or_failed_says_so(home, dataset_id):
    assert "still training" in words(in_hand(home, running_run(home, dataset_id)))
    failed = failed_run(home, dataset_id, "Second")
    assert r"failed: The loss became infinite\." in words(in_hand(home, failed))


def test_it_opens_on_validation_with_figures_in_the_clinics_words(home, dataset_id):
    said = words(in_hand(home, finished_run(home, dataset_id, wrong=1)))
    assert "on the validation split" in said
    # 3 validation images a class; the first one, healthy, was called sick: 5 of 6 right,
    # all 3 sick ones found, 2 of 3 healthy ones not called sick, 3 of 4 called sick are
    cards = said[said.index('class="lb-cards"') :]
    for label, value in (
        ("Accuracy", "0.833"),
        ("Sensitivity", "1.000"),
        ("Specificity", "0.667"),
        ("Precision", "0.750"),
    ):
        assert f"<span>{label}</span><b>{value}</b>" in cards
    assert "(0.436 to 0.970)" in cards  # Wilson's interval for 5 of 6
    assert "the finding (positive class) is **sick**" in said
    assert actions.DISCLAIMER in said


def test_the_test_split_is_opened_on_purpose_and_the_openings_are_counted(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    measure(home, run_id, Split.TEST, wrong=0)
    app = in_hand(home, run_id)
    assert "has not been opened" in words(app)
    assert "on the test split" not in words(app)
    app.button(key="results_test_open").click().run()
    assert not app.exception
    assert "on the test split" in words(app)
    assert "was opened 1 time." in words(app)
    app.segmented_control(key=f"results_split_{run_id}").set_value(Split.VALIDATION).run()
    assert "on the validation split" in words(app)
    assert actions.run(home, run_id).test_opened == 1
    again = in_hand(home, run_id)
    assert "on the validation split" in words(again)
    again.button(key="results_test_open").click().run()
    assert "was opened 2 times." in words(again)


def evaluation(home: actions.Home) -> actions.JobRow:
    """The one job that measures, taken by a worker."""
    job = home.store.claim("answer", "test")
    assert job is not None
    return job


def test_a_test_split_is_measured_while_the_page_tells_how_far(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    app = in_hand(home, run_id)
    app.button(key="results_test_open").click().run()
    assert not app.exception
    job = evaluation(home)
    progress = Progress(stage="Checking", done=3, total=6, unit="images", rate=2, left_s=12)
    home.store.set_progress(job.id, progress, attempt=job.attempt)
    app.run()
    assert "3 of 6 images · 2.0 images/s · 12 s left" in words(app).replace("\\", "")
    assert "has not been opened" in words(app)
    measure(home, run_id, Split.TEST, wrong=0)
    home.store.finish(job.id, {}, attempt=job.attempt)
    app.run()
    assert "on the test split" in words(app)
    assert "was opened 1 time." in words(app)
    app.run()
    assert actions.run(home, run_id).test_opened == 1


def test_measuring_can_be_cancelled_and_nothing_is_counted(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    app = in_hand(home, run_id)
    app.button(key="results_test_open").click().run()
    app.button(key=f"results_test_cancel_{run_id}").click().run()
    assert not app.exception
    assert "Measuring was cancelled" in app.info[0].value
    assert actions.run(home, run_id).test_opened == 0
    assert "results_test_open" in {button.key for button in app.run().button}


def test_measuring_that_failed_says_why(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    app = in_hand(home, run_id)
    app.button(key="results_test_open").click().run()
    job = evaluation(home)
    home.store.fail(job.id, DataGone("The images are gone.", "Bring them in again."), attempt=job.attempt)
    app.run()
    assert r"The images are gone\." in app.error[0].value
    assert "on the validation split" in words(app)


def test_a_run_stopped_inside_its_first_epoch_has_results(home, dataset_id):
    said = words(in_hand(home, stopped_in_the_first_epoch(home, dataset_id)))
    assert "on the validation split" in said
    assert "<b>0.833</b>" in said


def test_the_downloads_say_what_they_are_not(home, dataset_id):
    app = in_hand(home, finished_run(home, dataset_id))
    beside = [caption.value for caption in app.caption if caption.value.startswith(actions.DISCLAIMER)]
    assert len(beside) == 2, "beside the report, and beside the downloads"
    assert not any("synthetic" in words for words in beside)


def test_more_classes_get_the_weakest_one_named(home, tmp_path):
    dataset_id = bring_in(home, zip_of(tmp_path, {"a": 20, "b": 20, "c": 20}), accept=True)
    said = words(in_hand(home, finished_run(home, dataset_id, wrong=2)))
    assert "Sensitivity" not in said
    # 3 validation images a class; the first two, both of class a, were called b: recall of a is 1 of 3
    assert "<span>Weakest recall</span><b>0.333</b>" in said
    assert "Most often, **a** was taken for **b**: 2 images." in said


def test_wrong_images_stand_worst_first_with_addresses_of_our_own(home, dataset_id):
    said = words(in_hand(home, finished_run(home, dataset_id, wrong=2)))
    assert said.count("<figure ") == 2
    assert f'src="/api/images/{dataset_id}/' in said
    assert "<span>Is <b>healthy</b></span><span>Answer <b>sick</b> (0.900)</span>" in said


def test_no_chart_can_be_sent_anywhere(home, dataset_id):
    app = in_hand(home, finished_run(home, dataset_id, wrong=1))
    configs = [json.loads(chart.proto.config) for chart in app.get("plotly_chart")]
    assert len(configs) == 2, "the confusion matrix and the curves"
    assert all(config["plotlyServerURL"] == "" and not config["showSendToCloud"] for config in configs)


def test_class_and_file_names_are_text(home, tmp_path):
    dataset_id = bring_in(home, zip_of(tmp_path, {"healthy": 20, "<b>bold<": 20}), accept=True)
    said = words(in_hand(home, finished_run(home, dataset_id, wrong=1)))
    assert "&lt;b&gt;bold&lt;" in said
    assert "<b>bold<" not in said.replace("<b>&lt;b&gt;bold&lt;", "")


def test_the_grid_of_wrong_images_escapes_everything(home, dataset_id):
    report = actions.report(home, finished_run(home, dataset_id), Split.VALIDATION)
    mistake = Mistake(item_id=0, name=SCRIPT, true_class=0, predicted_class=1, probabilities=(0.1, 0.9), surprise=0.9)
    hostile = report.model_copy(update={"classes": ('"><img src=x>', SCRIPT)})
    image = results_mistakes.thumbnail(mistake, hostile, with_image=True)
    drawn = thumbnails.grid_html([image], dataset_id, side_px=240, small=True)
    assert "<script" not in drawn
    assert drawn.count("<img") == 1


def test_images_that_are_gone_leave_the_report(home, dataset_id):
    run_id = finished_run(home, dataset_id, wrong=1)
    actions.delete_dataset(home, dataset_id)
    app = page("results")
    app.session_state["lightbox_visitor"] = session.Visitor(run_id=run_id)
    app.run()
    assert not app.exception
    said = words(app)
    assert "<b>0.833</b>" in said
    assert "<figure " in said
    assert "/api/images/" not in said
    assert app.error


def test_a_report_that_was_lost_is_reported_in_words(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    shutil.rmtree(home.settings.run_dir(run_id) / "report")
    assert "has not been measured" in in_hand(home, run_id).error[0].value


def test_the_report_can_be_taken_along_with_the_disclaimer(home, dataset_id):
    app = in_hand(home, finished_run(home, dataset_id, wrong=1))
    keys = {element.proto.id.rsplit("-", 1)[-1] for element in app.get("download_button")}
    assert keys >= {"download_report", "download_curves", "download_config", "download_model"}
    text = actions.report_csv(actions.report(home, actions.list_runs(home)[0].id, Split.VALIDATION))
    first, table = text.split("\n", 1)
    assert actions.DISCLAIMER in first
    rows = {row["class"]: row for row in csv.DictReader(io.StringIO(table))}
    assert float(rows["sick"]["precision"]) == 0.75


def test_the_configuration_stands_in_words(home, dataset_id):
    said = words(in_hand(home, finished_run(home, dataset_id)))
    assert "<dt>Learning rate</dt><dd>0.001</dd>" in said
    assert "<dt>Images</dt><dd>Colour: grey → Resize: 12 px, keep proportions, pad with black</dd>" in said
    assert "<dt>Optimizer</dt><dd>Adam</dd>" in said
    assert "Momentum" not in said
