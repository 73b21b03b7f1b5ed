"""The Data page: ways in, progress, failure, review, acceptance, deletion; hostile names stay text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.errors import BadArchive
from core.specs import DatasetState, Finding, JobState, Progress, Severity, Split, SplitConfig
from pages.parts.data import evidence as data_evidence
from pages.parts.data import words as data_words
from tests.pages.bench import FETCHED, SCRIPT, a_home, bring_in, npz_of, page, words, zip_of

THREE = {"round": 20, "oval": 20, "star": 20}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


def shown() -> AppTest:
    app = page("data").run()
    assert not app.exception
    return app


def test_the_practice_button_starts_only_the_import(home: actions.Home) -> None:
    shown().button(key="data_practice").click().run()
    (row,) = actions.list_datasets(home)
    assert row.state is DatasetState.IMPORTING
    (job,) = home.store.jobs()
    assert (job.kind.value, job.subject_id) == ("import", row.id)


def test_an_import_says_how_far_it_is(home: actions.Home, tmp_path: Path) -> None:
    actions.import_dataset(home, zip_of(tmp_path, THREE), "Cells")
    job = home.store.claim("data", "test")
    assert job is not None
    progress = Progress(stage="Reading images", done=1200, total=4000, unit="images", rate=350, left_s=200)
    home.store.set_progress(job.id, progress, attempt=job.attempt)
    said = words(shown())
    assert "1,200 of 4,000 images · 350 images/s · 3 min 20 s left" in said.replace("\\", "")


def test_an_import_can_be_cancelled(home: actions.Home, tmp_path: Path) -> None:
    actions.import_dataset(home, zip_of(tmp_path, THREE), "Cells")
    app = shown()
    app.button(key="data_cancel").click().run()
    assert actions.list_datasets(home) == []
    assert all(job.state is JobState.STOPPED for job in home.store.jobs())


def test_a_failed_import_says_why_and_offers_the_ways_in_again(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = actions.import_dataset(home, zip_of(tmp_path, THREE), FETCHED)
    job = home.store.claim("data", "test")
    assert job is not None
    home.store.fail(job.id, BadArchive("The zip is empty.", "Put the class folders into it."), attempt=job.attempt)
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.FAILED)
    app = shown()
    said = words(app)
    assert r"The zip is empty\." in said
    assert "Put the class folders into it" in said
    assert FETCHED not in said
    assert "Practice data" in said
    app.button(key="data_failed_remove").click().run()
    assert actions.list_datasets(home) == []


def test_an_import_whose_job_died_is_shown_as_failed(home: actions.Home, tmp_path: Path) -> None:
    actions.import_dataset(home, zip_of(tmp_path, THREE), "Cells")
    home.store.request_stop(home.store.jobs()[0].id)  # a job that nobody had begun ends at once
    assert "could not be imported" in words(shown())


def test_the_review_says_what_came_in(home: actions.Home, tmp_path: Path) -> None:
    bring_in(home, zip_of(tmp_path, THREE))
    said = words(shown())
    assert "60 images in 3 classes" in said.replace("\\", "")
    assert "Every image is 12 × 12 px" in said.replace("\\", "")
    assert "Training 42 · Validation 9 · Test 9" in said  # 70, 15 and 15 % of 20 are 14, 3 and 3 a class


def test_another_split_is_carried_out_at_once(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    app = shown()
    app.number_input(key=f"data_split_train_percent_{dataset_id}").set_value(50).run()
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert (card.split.train_percent, card.split.val_percent, card.split.test_percent) == (50, 15, 35)
    assert card.count(Split.TRAIN) == 30
    assert "Training 30 · Validation 9 · Test 21" in words(app)
    assert next(field for field in app.text_input if field.label.startswith("Test")).value == "35"


def test_a_split_that_somebody_else_drew_is_shown_and_not_undone(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    app = shown()
    app.number_input(key=f"data_split_train_percent_{dataset_id}").set_value(50).run()
    actions.set_split(home, dataset_id, SplitConfig(train_percent=60, val_percent=20, test_percent=20, seed=7))
    app.run()
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert (card.split.train_percent, card.split.val_percent, card.split.seed) == (60, 20, 7)
    assert app.number_input(key=f"data_split_train_percent_{dataset_id}").value == 60
    app.number_input(key=f"data_split_val_percent_{dataset_id}").set_value(10).run()
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert (card.split.train_percent, card.split.val_percent, card.split.test_percent) == (60, 10, 30)


def test_shares_that_leave_nothing_to_test_on_are_refused_beside_them(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    before = actions.dataset(home, dataset_id).card
    app = shown()
    app.number_input(key=f"data_split_train_percent_{dataset_id}").set_value(90).run()
    assert any("105 % together" in error.value for error in app.error)
    assert actions.dataset(home, dataset_id).card == before


def test_a_split_that_came_with_the_data_is_kept_until_another_is_drawn(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, npz_of(tmp_path))
    app = shown()
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert card.split.source == "given"
    assert "Training 4 · Validation 4 · Test 4" in words(app)
    app.segmented_control(key=f"data_split_source_{dataset_id}").set_value("drawn").run()
    redrawn = actions.dataset(home, dataset_id).card
    assert redrawn is not None
    assert redrawn.split.source == "drawn"
    assert redrawn.count(Split.TRAIN) > 4
    app.segmented_control(key=f"data_split_source_{dataset_id}").set_value("given").run()
    assert actions.dataset(home, dataset_id).card == card


def test_with_two_classes_the_user_names_the_finding_before_accepting(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, {"ill": 20, "well": 20}))
    app = shown()
    assert app.button(key="data_accept").disabled
    app.radio(key=f"data_positive_{dataset_id}").set_value(0).run()
    assert not app.button(key="data_accept").disabled
    app.button(key="data_accept").click().run()
    row = actions.dataset(home, dataset_id)
    assert row.state is DatasetState.ACCEPTED
    assert row.card is not None
    assert row.card.positive_class == 0


def test_with_more_classes_there_is_no_finding_to_name(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    app = shown()
    assert not app.radio
    app.button(key="data_accept").click().run()
    assert actions.dataset(home, dataset_id).state is DatasetState.ACCEPTED
    assert "Fingerprint" in words(app)


def test_a_data_set_that_cannot_be_trained_is_refused_in_words(home: actions.Home, tmp_path: Path) -> None:
    # Two images of a class: 70, 15 and 15 % leave nothing for one of the other splits.
    dataset_id = bring_in(home, zip_of(tmp_path, {"a": 2, "b": 2, "c": 2}))
    app = shown()
    app.button(key="data_accept").click().run()
    if actions.dataset(home, dataset_id).state is DatasetState.REVIEW:
        assert app.error
    else:
        card = actions.dataset(home, dataset_id).card
        assert card is not None
        assert all(card.count(split) for split in Split)


def test_deleting_asks_first_and_says_what_is_lost(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE), accept=True)
    app = shown()
    app.button(key="data_delete").click().run()
    assert r"60 images with their labels" in words(app)
    assert actions.dataset(home, dataset_id).state is DatasetState.ACCEPTED
    app.button(key="data_delete_sure").click().run()
    assert actions.list_datasets(home) == []


def test_a_data_set_can_be_renamed(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE), accept=True)
    app = shown()
    app.text_input(key=f"data_name_{dataset_id}").set_value("Blood cells")
    app.button(key="data_rename_save").click().run()
    assert actions.dataset(home, dataset_id).name == "Blood cells"
    assert "### Blood cells" in words(app)


def test_several_data_sets_are_listed_to_choose_from(home: actions.Home, tmp_path: Path) -> None:
    first = bring_in(home, zip_of(tmp_path, THREE), "First")
    bring_in(home, zip_of(tmp_path, {"a": 10, "b": 10}), "Second")
    app = shown()
    assert "### Second" in words(app)
    app.button(key=f"data_take_{first}").click().run()
    assert "### First" in words(app)


def test_more_data_can_be_brought_in(home: actions.Home, tmp_path: Path) -> None:
    bring_in(home, zip_of(tmp_path, THREE), accept=True)
    app = shown()
    app.segmented_control(key="data_view").set_value("bring").run()
    assert "From this computer" in words(app)


def test_hostile_names_are_shown_as_text(home: actions.Home, tmp_path: Path) -> None:
    names = {SCRIPT.replace("/", "_"): 10, FETCHED.replace("/", "_"): 10}
    bring_in(home, zip_of(tmp_path, names, first_name=FETCHED.replace("/", "_")), SCRIPT)
    app = shown()
    said = words(app)
    assert "<script>" not in said
    assert FETCHED.replace("/", "_") not in "\n".join(element.value for element in [*app.markdown, *app.caption])
    assert "&lt;script&gt;" in said  # in the table


def test_findings_stand_worst_first_with_their_remedies(home: actions.Home, tmp_path: Path) -> None:
    def finding(severity: Severity, rule: str) -> Finding:
        return Finding(severity=severity, rule=rule, where=("a.png",), what=f"{rule} found.", remedy=f"Mend {rule}.")

    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    row = actions.dataset(home, dataset_id)
    assert row.card is not None
    kinds = ((Severity.NOTE, "third"), (Severity.ERROR, "first"), (Severity.WARNING, "second"))
    card = row.card.model_copy(update={"findings": tuple(finding(*kind) for kind in kinds)})
    home.store.set_card(dataset_id, card)
    said = words(shown()).replace("\\", "")
    assert said.index("first found.") < said.index("second found.") < said.index("third found.")
    assert "Mend first." in said
    assert "1 error] Look at what the checks found first." in said  # beside Accept


def test_names_are_escaped_and_a_long_list_is_cut() -> None:
    text = data_evidence.names_html((SCRIPT, *(str(number) for number in range(300))))
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert text.count("<li>") == 200
    assert "and 101 more" in text  # 301 names, 200 shown


def test_summary_counts_what_could_not_be_read(home: actions.Home, tmp_path: Path) -> None:
    dataset_id = bring_in(home, zip_of(tmp_path, THREE))
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert "1 file could not be read and was left out." in data_words.summary(card.model_copy(update={"unreadable": 1}))
    assert "2 files could not be read and were left out." in data_words.summary(
        card.model_copy(update={"unreadable": 2})
    )
