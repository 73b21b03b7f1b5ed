"""The Predict page: one image in, an answer in words and pictures; what cannot be used is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.errors import BadImage, NoAnswer
from core.images import encode_png
from core.specs import Answer, Split
from pages.parts import session
from tests.pages.bench import FETCHED, a_home, bring_in, page, words, zip_of
from tests.pages.trained import failed_run, finished_run, running_run

TWO = {"healthy": 20, "sick": 20}
PNG = encode_png(np.zeros((12, 12), np.uint8))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


@pytest.fixture
def dataset_id(home: actions.Home, tmp_path: Path) -> str:
    return bring_in(home, zip_of(tmp_path, TWO), accept=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the images that were asked about; the answer is 0.8 for the second class."""
    names: list[str] = []

    def predict(_home: actions.Home, run_id: str, name: str, data: bytes) -> actions.Prediction:
        names.append(name)
        if not data.startswith(b"\x89PNG"):
            raise BadImage(f"{name} is no image.", "Choose a PNG or JPEG.")
        classes = ("healthy", "sick")
        answer = Answer(
            run_id=run_id, name=name, classes=classes, probabilities=(0.2, 0.8), predicted_class=1, seconds=0.04
        )
        return actions.Prediction(answer, PNG, PNG)

    def predict_item(home: actions.Home, run_id: str, item_id: int) -> actions.Prediction:
        return predict(home, run_id, f"item {item_id}", PNG)

    monkeypatch.setattr(actions, "predict", predict)
    monkeypatch.setattr(actions, "predict_item", predict_item)
    return names


def in_hand(run_id: str, dataset_id: str | None) -> AppTest:
    """The page with a run in hand."""
    app = page("predict")
    app.session_state["lightbox_visitor"] = session.Visitor(dataset_id=dataset_id, run_id=run_id)
    app.run()
    assert not app.exception
    return app


def test_a_run_that_cannot_answer_says_so(home, dataset_id):
    assert "No run yet" in words(page("predict").run())
    assert "still training" in words(in_hand(running_run(home, dataset_id), dataset_id))
    assert "nothing to ask" in words(in_hand(failed_run(home, dataset_id, "Second"), dataset_id))


def test_an_uploaded_image_gets_class_probability_time_and_disclaimer(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.file_uploader(key="predict_file").upload("scan.png", PNG, "image/png").run()
    assert not app.exception
    said = words(app)
    assert app.header[0].value == "sick"
    assert "probability 0.800" in said
    assert "finding: **sick**, 0.800" in said
    assert "in 40 ms" in said
    assert actions.DISCLAIMER in said
    assert len(app.get("image")) == 2


def test_drawing_the_page_anew_asks_nothing(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.file_uploader(key="predict_file").upload("scan.png", PNG, "image/png").run()
    app.run()
    assert asked == ["scan.png"]


def test_a_file_that_is_no_image_is_refused_in_words(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.file_uploader(key="predict_file").upload(f"{FETCHED}.png", b"not a picture", "image/png").run()
    assert not app.exception
    assert "Choose a PNG or JPEG" in app.error[0].value
    assert FETCHED not in app.error[0].value


def test_what_was_refused_is_not_asked_again(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.file_uploader(key="predict_file").upload("notes.txt", b"not a picture", "image/png").run()
    app.run()
    assert app.error
    assert asked == ["notes.txt"]
    assert "predict_again" not in {button.key for button in app.button}


def test_without_an_answer_the_network_can_be_asked_again(home, dataset_id, asked, monkeypatch):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    answering = actions.predict

    def silent(*_question):
        raise NoAnswer("No worker answered.", "Look at worker.log.")

    monkeypatch.setattr(actions, "predict", silent)
    app.file_uploader(key="predict_file").upload("scan.png", PNG, "image/png").run()
    assert "No worker answered" in app.error[0].value
    monkeypatch.setattr(actions, "predict", answering)
    app.button(key="predict_again").click().run()
    assert not app.error
    assert app.header[0].value == "sick"
    assert asked == ["scan.png"]


def test_an_image_of_the_test_split_is_compared_with_its_true_class(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.segmented_control(key="predict_source").set_value("test").run()
    first = actions.gallery(home, dataset_id, split=Split.TEST).items[0]
    app.button(key=f"predict_take_{first.item_id}").click().run()
    assert not app.exception
    assert asked == [f"item {first.item_id}"]
    # the first class is healthy, the answer is sick
    assert "its true class is **healthy**" in words(app)


def test_the_test_split_pages(home, dataset_id, asked):
    app = in_hand(finished_run(home, dataset_id), dataset_id)
    app.segmented_control(key="predict_source").set_value("test").run()
    every = actions.gallery(home, dataset_id, split=Split.TEST).items
    shown = {button.key for button in app.button}
    assert f"predict_take_{every[0].item_id}" in shown
    # 15 % of 20 images a class: 6 test images, all on one page
    assert app.button(key="predict_earlier").disabled
    assert app.button(key="predict_later").disabled


def test_a_network_whose_images_are_gone_still_answers(home, dataset_id, asked):
    run_id = finished_run(home, dataset_id)
    actions.delete_dataset(home, dataset_id)
    app = in_hand(run_id, None)
    app.file_uploader(key="predict_file").upload("scan.png", PNG, "image/png").run()
    assert app.header[0].value == "sick"
    app.segmented_control(key="predict_source").set_value("test").run()
    assert not app.exception
    assert app.error
    assert "can be asked about an image of your own" in words(app)
