"""The Train page: the form says what will be built, Start records what was typed, a run is watched and explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.jobs.cards import keep_card
from core.specs import Augmentation, Clahe, Colour, JobState, Point, PointKind, Recipe, Resize
from pages.parts import session
from pages.parts.prepare.draft import Draft
from pages.parts.train.plan import in_words
from tests.pages.bench import FETCHED, SCRIPT, a_home, bring_in, page, words, zip_of
from tests.pages.trained import failed_run, finished_run, queued_run, running_run, stopped_in_the_first_epoch

TWO = {"healthy": 20, "sick": 20}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


@pytest.fixture
def dataset_id(home: actions.Home, tmp_path: Path) -> str:
    return bring_in(home, zip_of(tmp_path, TWO, side_px=16), accept=True)


def shown() -> AppTest:
    app = page("train").run()
    assert not app.exception
    return app


def in_hand(run_id: str, **drafts: object) -> AppTest:
    """The page with a run in hand."""
    app = page("train")
    dataset_id = actions.run(session.home(), run_id).config.dataset_id
    visitor = session.Visitor(dataset_id=dataset_id, run_id=run_id, chosen_run_id=run_id, drafts=drafts)
    app.session_state["lightbox_visitor"] = visitor
    app.run()
    assert not app.exception
    return app


# --- before a run -------------------------------------------------------------------------------------------


def test_without_data_it_says_what_to_do(home):
    app = shown()
    assert "No images yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Data"]


def test_data_in_review_has_to_be_accepted_first(home, tmp_path):
    bring_in(home, zip_of(tmp_path, TWO))
    assert "accepted before a network can learn" in words(shown())


def test_start_records_what_was_typed(home, dataset_id):
    app = shown()
    app.segmented_control(key="model_filters_count").set_value(2).run()
    app.number_input(key="model_filters_0").set_value(8)
    app.number_input(key="model_kernel_size").set_value(5)
    app.number_input(key="model_pool_size").set_value(4)
    app.number_input(key="model_dense_units_0").set_value(24)
    app.number_input(key="training_learning_rate").set_value(0.0003)
    app.selectbox(key="training_optimizer").set_value("sgd").run()
    app.slider(key="training_momentum").set_value(0.0).run()
    app.segmented_control(key="training_stop_when").set_value("val_loss").run()
    app.number_input(key="training_stop_below").set_value(0.25).run()
    app.button(key="train_start").click().run()
    assert not app.exception
    run = actions.list_runs(home)[0]
    model, training = run.config.model, run.config.training
    assert (model.filters, model.kernel_size, model.pool_size, model.dense_units) == ((8, 64), 5, 4, (24,))
    assert (training.optimizer, training.learning_rate, training.momentum) == ("sgd", 0.0003, 0.0)
    assert (training.stop_when, training.stop_below) == ("val_loss", 0.25)
    assert app.session_state.lightbox_visitor.run_id == run.id


def test_the_network_stands_beside_the_form(home, dataset_id):
    said = words(shown())
    # 16 px grey, kernel 3, 32 filters: 3 * 3 * 1 * 32 + 32 = 320; two classes: one sigmoid unit on 128: 129
    assert "Block 1: convolution" in said
    assert "16 × 16 × 32" in said
    assert ">320<" in said.replace(" ", "") or "</span> 320" in said
    assert "Receptive field" in said
    # 20 images a class, 70 %: 28 for training; 28 / 32 images a batch: 1 batch, 10 epochs
    assert "10 steps" in said
    assert "28 training images" in said


def test_a_network_that_cannot_be_built_is_refused_before_start(home, dataset_id):
    app = shown()
    app.number_input(key="model_pool_size").set_value(4).run()
    # 16 px pooled by 4: 4 px after block 1, 1 px after block 2, nothing for block 3
    assert "Block 3" in app.error[0].value
    assert app.button(key="train_start").disabled
    app.number_input(key="model_pool_size").set_value(2).run()
    assert not app.error
    assert not app.button(key="train_start").disabled


def test_a_setting_that_cannot_be_used_keeps_start_off(home, dataset_id):
    app = shown()
    app.number_input(key="training_epochs").set_value(0).run()
    assert "Epochs" in app.error[0].value
    assert app.button(key="train_start").disabled


def test_a_batch_size_that_is_found_is_asked_for_by_its_limit(home, dataset_id):
    app = shown()
    assert "training_batch_most" not in {widget.key for widget in app.number_input}
    app.toggle(key="training_batch_auto").set_value(True).run()
    keys = {widget.key for widget in app.number_input}
    assert ("training_batch_most" in keys, "training_batch_size" in keys) == (True, False)
    assert "found at the start" in words(app)


def test_full_batch_descent_asks_for_no_batch_size(home, dataset_id):
    app = shown()
    assert "training_batch_size" in {widget.key for widget in app.number_input}
    app.selectbox(key="training_optimizer").set_value("full_batch").run()
    assert "training_batch_size" not in {widget.key for widget in app.number_input}


def test_what_prepare_holds_is_taken_along(home, dataset_id):
    app = page("train")
    draft = Draft([Colour(mode="rgb"), Clahe(), Resize(side_px=32)], Augmentation(flip_vertical=True))
    app.session_state["lightbox_visitor"] = session.Visitor(drafts={f"prepare:{dataset_id}": draft})
    app.run()
    assert "As set on Prepare, not saved" in app.selectbox(key="train_recipe").options
    assert "32 × 32 × 3" in words(app)
    app.button(key="train_start").click().run()
    config = actions.list_runs(home)[0].config
    assert (config.recipe, config.augmentation) == (draft.recipe, draft.augmentation)


def test_a_saved_recipe_can_be_chosen_and_its_name_is_only_text(home, dataset_id):
    recipe = Recipe(steps=(Colour(), Resize(side_px=24)))
    recipe_id = actions.save_recipe(home, SCRIPT, dataset_id, recipe, Augmentation())
    app = shown()
    assert app.selectbox(key="train_recipe").value == recipe_id
    assert "24 × 24 × 1" in words(app)
    app.selectbox(key="train_recipe").set_value("default").run()
    assert "16 × 16 × 1" in words(app)


# --- while it runs ------------------------------------------------------------------------------------------


def test_a_run_that_waits_says_for_how_many(home, dataset_id):
    running_run(home, dataset_id, "First")
    second = queued_run(home, dataset_id, "Second")
    said = words(in_hand(second))
    assert "It waits for 1 run before it." in said


def test_stop_is_asked_of_the_worker(home, dataset_id):
    run_id = running_run(home, dataset_id)
    app = in_hand(run_id)
    app.button(key="train_stop").click().run()
    assert not app.exception
    assert actions.run(home, run_id).job.stop_requested
    assert "the best weights so far are kept" in words(app)


def test_the_practice_run_shows_how_far_its_images_are(home):
    run_id = actions.try_practice(home)
    said = words(in_hand(run_id))
    assert "It starts as soon as its images are in." in said


def test_another_run_can_be_set_up_beside_one_in_hand(home, dataset_id):
    app = in_hand(running_run(home, dataset_id))
    assert not app.selectbox
    app.segmented_control(key="train_view").set_value("new").run()
    assert app.selectbox(key="train_recipe").value == "default"


def test_a_run_that_is_only_the_newest_gives_way_to_the_form_once_it_has_ended(home, dataset_id):
    running = running_run(home, dataset_id)
    assert "train_stop" in {button.key for button in shown().button}
    home.store.finish(running, {})
    app = shown()
    assert app.segmented_control(key="train_view").value == "new"
    app.segmented_control(key="train_view").set_value("run").run()
    assert "train_again" in {button.key for button in app.button}


# --- afterwards ---------------------------------------------------------------------------------------------


def test_a_failed_run_says_why_and_what_to_do_and_can_be_changed(home, dataset_id):
    run_id = failed_run(home, dataset_id)
    app = in_hand(run_id)
    assert app.error[0].value == r"**The loss became infinite\.** Lower the learning rate\."
    app.button(key="train_again").click().run()
    assert not app.exception
    assert app.selectbox(key="train_recipe").value == "like"
    app.number_input(key="training_learning_rate").set_value(0.0001).run()
    app.button(key="train_start").click().run()
    newest, first = actions.list_runs(home)
    assert first.id == run_id
    assert newest.config.training.learning_rate == 0.0001
    assert newest.config.recipe == first.config.recipe


def test_a_run_that_left_a_checkpoint_goes_on_as_a_new_one(home, dataset_id):
    run_id = queued_run(home, dataset_id)
    actions.stop(home, run_id)
    assert "train_continue" not in {button.key for button in in_hand(run_id).button}
    folder = home.settings.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint.npz").write_bytes(b"everything")
    app = in_hand(run_id)
    app.button(key="train_continue").click().run()
    assert not app.exception
    newest, first = actions.list_runs(home)
    assert (first.id, newest.config) == (run_id, first.config)
    assert newest.name.endswith("(continued)")
    assert "It is next." in words(app)


def test_a_finished_run_says_what_it_came_to(home, dataset_id):
    app = in_hand(finished_run(home, dataset_id))
    said = words(app)
    assert "All 3 epochs done. The weights of epoch 3 were kept" in said
    assert "0.750" in said
    assert "CPU, 2 cores" in said
    assert "bfloat16: this CPU computes in it natively (avx512_bf16)" in said
    assert "32 images; 4 steps a call" in said
    assert "train_to_results" in {button.key for button in app.button}


def test_a_run_can_be_renamed_and_deleted_after_saying_what_is_lost(home, dataset_id):
    run_id = finished_run(home, dataset_id)
    app = in_hand(run_id)
    app.text_input(key=f"run_name_{run_id}").set_value(FETCHED).run()
    app.button(key="run_rename").click().run()
    assert actions.run(home, run_id).name == FETCHED
    assert FETCHED not in words(app)
    assert "Its trained model is deleted" in words(app)
    app.button(key="run_delete").click().run()
    assert not app.exception
    assert actions.list_runs(home) == []


def test_a_run_stopped_before_its_first_epoch_has_nothing_to_look_at(home, dataset_id):
    run_id = queued_run(home, dataset_id)
    actions.stop(home, run_id)
    assert actions.run(home, run_id).job.state is JobState.STOPPED
    assert "stopped before there was anything to keep" in words(in_hand(run_id))


def test_a_run_stopped_inside_its_first_epoch_has_the_weights_of_the_moment(home, dataset_id):
    app = in_hand(stopped_in_the_first_epoch(home, dataset_id))
    said = words(app)
    assert "Stopped by hand. No epoch was over, so the weights of the moment were kept." in said
    # 6 validation images, 5 of them right
    assert "0.833" in said
    assert "train_to_results" in {button.key for button in app.button}


def test_the_coach_stands_beside_the_curves(home, dataset_id):
    run_id = queued_run(home, dataset_id)
    home.settings.run_dir(run_id).mkdir(parents=True)
    keep_card(home.settings.run_dir(run_id), home.store.dataset(dataset_id).card)
    for epoch, loss in enumerate([0.6, 0.5, 0.7, 0.9], 1):  # grows to 1.8 times the lowest: diverging
        values = {"loss": loss, "val_loss": loss}
        home.store.add_points(run_id, [Point(kind=PointKind.EPOCH, step=epoch, epoch=epoch, values=values, at=epoch)])
    said = in_hand(run_id).info[0].value
    assert "The training loss grows: 0.500 after epoch 2, 0.900 now." in said
    assert "Lower the learning rate to a tenth" in said


def test_the_coach_says_nothing_of_a_run_that_has_not_begun(home, dataset_id):
    assert actions.coach(home, queued_run(home, dataset_id)) == []


def test_layers_have_names_for_people():
    assert in_words("block2_conv") == "Block 2: convolution"
    assert in_words("dense1_dropout") == "Dense layer 1: dropout"
    assert in_words("answer") == "Answer"
    assert in_words("new_kind") == "new: kind"
