"""The frame, the steps and what is in hand, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.actions import DISCLAIMER
from core.specs import JobKind, RunConfig
from pages.parts import page
from pages.parts.top import step_states, told_apart
from tests.journeys.feeding import add_dataset

FRAME = Path(__file__).parents[2] / "pages" / "parts" / "frame.py"


@pytest.fixture
def frame(served):
    return AppTest.from_file(str(FRAME), default_timeout=30)


def add_run(home, dataset_id, run_id, ended=True):
    home.store.add_run(run_id, run_id, RunConfig(dataset_id=dataset_id))
    home.store.submit(run_id, JobKind.TRAIN, run_id, {}, None)
    if ended:
        home.store.claim("train", "a test")
        home.store.finish(run_id, {})


def named(frame, parameter):
    """What the address names: AppTest keeps a text as it was set, and a list of texts as it was given."""
    value = frame.query_params[parameter]
    return value if isinstance(value, str) else value[0]


def test_every_page_of_the_list_exists():
    assert [name for name, path in page.PAGES.items() if not path.is_file()] == []


def test_the_frame_stands_around_a_page(frame):
    frame.run()
    assert not frame.exception
    assert frame.caption[-1].value == DISCLAIMER
    assert len(frame.title) == 1


def test_our_own_errors_are_caught_in_one_place(frame, served, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_FILES", "many")
    from pages.http import place

    place.use_home(None)
    frame.run()
    assert not frame.exception
    assert "LIGHTBOX\\_MAX\\_FILES" in frame.error[0].value
    assert frame.caption[-1].value == DISCLAIMER


def test_a_link_to_a_run_takes_it_and_its_data_set_in_hand(frame, served):
    older = add_dataset(served, "Older")
    add_run(served, older, "run_aaaaaaaa")
    add_dataset(served, "Newer")
    frame.query_params["run"] = "run_aaaaaaaa"
    frame.run()
    assert named(frame, "data") == older
    assert named(frame, "run") == "run_aaaaaaaa"
    assert frame.selectbox(key="lb_dataset").value == older
    assert frame.selectbox(key="lb_run").value == "run_aaaaaaaa"


def test_without_a_link_the_newest_is_in_hand(frame, served):
    add_dataset(served, "Older")
    newer = add_dataset(served, "Newer")
    add_run(served, newer, "run_aaaaaaaa")
    add_run(served, newer, "run_bbbbbbbb")
    frame.run()
    assert named(frame, "data") == newer
    assert named(frame, "run") == "run_bbbbbbbb"


def test_another_data_set_lets_go_of_the_run(frame, served):
    first, second = add_dataset(served, "Cells"), add_dataset(served, "Cells")
    add_run(served, second, "run_aaaaaaaa")
    frame.run()
    frame.selectbox(key="lb_dataset").select(first).run()
    assert named(frame, "data") == first
    assert "run" not in frame.query_params


def test_words_of_an_older_list_are_no_choice(frame, served):
    dataset_id = add_dataset(served, "Cells")
    add_run(served, dataset_id, "run_aaaaaaaa")
    frame.run()
    box = frame.selectbox(key="lb_run")
    box.options.append("?")  # what a browser would send that still shows a name from before a renaming
    box.set_value("anything").run()
    assert not frame.exception
    assert not frame.error
    assert named(frame, "run") == "run_aaaaaaaa"


def test_a_run_deleted_while_it_is_chosen_is_reported(frame, served):
    dataset_id = add_dataset(served, "Cells")
    add_run(served, dataset_id, "run_aaaaaaaa")
    add_run(served, dataset_id, "run_bbbbbbbb")
    frame.run()
    served.store.delete_run("run_aaaaaaaa")
    frame.selectbox(key="lb_run").select("run_aaaaaaaa").run()
    assert not frame.exception
    assert len(frame.error) == 1
    assert named(frame, "run") == "run_bbbbbbbb"


def test_a_link_to_nothing_is_reported_and_forgotten(frame, served):
    dataset_id = add_dataset(served, "Cells")
    frame.query_params["run"] = "run_zzzzzzzz"
    frame.run()
    assert len(frame.error) == 1
    assert "run" not in frame.query_params
    assert named(frame, "data") == dataset_id
    frame.run()
    assert len(frame.error) == 0


def test_what_is_deleted_meanwhile_is_let_go(frame, served):
    older, newer = add_dataset(served, "Older"), add_dataset(served, "Newer")
    frame.run()
    served.store.delete_dataset(newer)
    frame.run()
    assert not frame.exception
    assert named(frame, "data") == older


def test_a_link_to_a_run_that_has_outlived_its_data_set_is_followed(frame, served):
    gone, other = add_dataset(served, "Gone"), add_dataset(served, "Other")
    add_run(served, gone, "run_aaaaaaaa")
    served.store.delete_dataset(gone)
    frame.query_params["run"] = "run_aaaaaaaa"
    frame.run()
    assert not frame.exception
    assert not frame.error
    assert named(frame, "run") == "run_aaaaaaaa"
    assert "data" not in frame.query_params
    assert frame.selectbox(key="lb_dataset").value is None
    frame.selectbox(key="lb_dataset").select(other).run()
    assert named(frame, "data") == other
    assert "run" not in frame.query_params


def _failing_callback():
    import streamlit as st

    from core.errors import WrongState
    from pages.parts.page import tell

    st.write(tell(WrongState("It <b>has</b> ended.", "Reload the page.")), tell(KeyError("a bug")))


def test_our_errors_are_told_from_bugs_where_no_page_is_around():
    told = AppTest.from_function(_failing_callback).run()
    assert [error.value for error in told.error] == [r"**It \<b\>has\<\/b\> ended\.** Reload the page\."]
    assert told.markdown[0].value == "`True` `False`"


def test_names_from_outside_are_shown_letter_by_letter():
    assert page.safe("<script>") == r"\<script\>"
    assert page.safe("![](http://e.invalid/x.png)") == "\\!\\[\\]\\(http\\:\u2060\\/\\/e\\.invalid\\/x\\.png\\)"
    assert page.safe("$x$ :red[y]\n# z") == r"\$x\$ \:red\[y\] \# z"
    assert page.safe("größe_1") == r"größe\_1"


def test_names_that_occur_twice_are_told_apart():
    assert told_apart({"a": "Cells", "b": "Cells", "c": "Skin"}) == {"a": "Cells (a)", "b": "Cells (b)", "c": "Skin"}


def states_of(served, current, dataset_id=None, run_id=None):
    dataset = served.store.dataset(dataset_id) if dataset_id else None
    run = served.store.run(run_id) if run_id else None
    return " ".join(step_states(current, dataset, run).values())


def test_the_steps_tell_what_is_done_and_what_comes_next(served):
    assert states_of(served, "home") == "next later later later later"
    assert states_of(served, "train") == "next later here later later"
    dataset_id = add_dataset(served)
    assert states_of(served, "data", dataset_id) == "here next later later later"
    add_run(served, dataset_id, "run_aaaaaaaa", ended=False)
    assert states_of(served, "results", dataset_id, "run_aaaaaaaa") == "done done next here later"
    served.store.claim("train", "a test")
    served.store.finish("run_aaaaaaaa", {})
    served.settings.run_dir("run_aaaaaaaa").mkdir(parents=True)
    (served.settings.run_dir("run_aaaaaaaa") / "model.keras").write_bytes(b"weights")
    assert states_of(served, "train", dataset_id, "run_aaaaaaaa") == "done done here next later"
