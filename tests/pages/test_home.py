"""The Home page: where things stand, the next sensible step, and practice data in one click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import actions
from core.specs import DatasetState, JobKind
from pages.parts.home import next_step as home_next
from tests.pages.bench import FETCHED, a_home, bring_in, page, words, zip_of
from tests.pages.trained import CPU, failed_run, finished_run, queued_run

TWO = {"healthy": 20, "sick": 20}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were switched to; a page alone knows no other page."""
    asked: list[str] = []
    monkeypatch.setattr("pages.parts.page.go", asked.append)
    return asked


def test_an_empty_home_says_how_to_begin(home):
    app = page("home").run()
    assert not app.exception
    assert "Bring in your images" in words(app)
    assert "The worker is starting" in words(app)


def test_one_click_queues_the_practice_data_and_a_run_behind_it(home, went):
    app = page("home").run()
    app.button(key="home_try").click().run()
    assert not app.exception
    run = actions.list_runs(home)[0]
    imports = home.store.jobs(kind=JobKind.IMPORT)
    assert [job.subject_id for job in imports] == [run.config.dataset_id]
    assert run.job.after == imports[0].id
    assert app.session_state.lightbox_visitor.run_id == run.id
    assert went == ["train"]


def test_a_finished_run_stands_with_its_accuracy_and_interval(home, tmp_path):
    dataset_id = bring_in(home, zip_of(tmp_path, TWO), accept=True)
    finished_run(home, dataset_id, wrong=1)
    said = words(page("home").run())
    # 15 % of 20 images a class: 6 validation images, 5 of them right; Wilson's interval for 5 of 6
    # (z = 1.96): centre (5 + 1.9207) / (6 + 3.8415) = 0.7032, half width 0.2668: 0.436 to 0.970
    assert "validation accuracy 0.833 (0.436 to 0.970)" in said
    assert "40 images in 2 classes" in said


def test_the_device_stands_in_words(home):
    home.store.add_worker("wrk_a", "here", 1)
    home.store.set_device("wrk_a", CPU.model_copy(update={"reason": "The GPU's driver is too old."}))
    app = page("home").run()
    assert "Networks train on **CPU, 2 cores**" in words(app).replace("\\", "")
    assert "driver is too old" in app.warning[0].value


def test_names_from_strangers_stand_as_text(home, tmp_path):
    dataset_id = bring_in(home, zip_of(tmp_path, TWO), FETCHED, accept=True)
    queued_run(home, dataset_id, FETCHED)
    app = page("home").run()
    assert not app.exception
    assert FETCHED not in words(app)
    assert r"\!\[x\]\(" in words(app)


def test_the_next_step_follows_from_how_things_stand(home, tmp_path):
    dataset_id = bring_in(home, zip_of(tmp_path, TWO))
    assert _next(home).page == "data"
    actions.accept(home, dataset_id)
    assert (_next(home).page, _next(home).dataset_id) == ("prepare", dataset_id)
    failed_run(home, dataset_id, "Bad")
    assert _next(home).page == "prepare"
    run_id = finished_run(home, dataset_id, "Good")
    assert (_next(home).page, _next(home).run_id) == ("results", run_id)
    waiting = queued_run(home, dataset_id, "Third")
    assert (_next(home).page, _next(home).run_id) == ("train", waiting)


def test_an_import_that_failed_leads_to_its_reason(home, tmp_path):
    dataset_id = actions.import_dataset(home, zip_of(tmp_path, TWO), "Cells")
    assert "brought in" in _next(home).sentence
    home.store.move_dataset(dataset_id, {DatasetState.IMPORTING}, DatasetState.FAILED)
    assert (_next(home).button, _next(home).dataset_id) == ("See why", dataset_id)


def _next(home: actions.Home) -> home_next.Step:
    return home_next.next_step(actions.list_datasets(home), actions.list_runs(home))
