"""The Prepare page: steps are switched, set and ordered, the image answers, the draft lives on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import actions
from core.specs import Augmentation, Clahe, Colour, CropBox, Equalize, Recipe, Resize, Rotate
from pages.parts.prepare.draft import Draft, title_of
from tests.pages.bench import FETCHED, SCRIPT, a_home, bring_in, page, words, zip_of

THREE = {"round": 20, "oval": 20, "star": 20}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[actions.Home]:
    with a_home(tmp_path) as home:
        yield home


@pytest.fixture
def dataset_id(home: actions.Home, tmp_path: Path) -> str:
    return bring_in(home, zip_of(tmp_path, THREE), accept=True)


def shown() -> AppTest:
    app = page("prepare").run()
    assert not app.exception
    return app


def draft_in(app: AppTest, dataset_id: str) -> Draft:
    found: Draft = app.session_state.lightbox_visitor.drafts[f"prepare:{dataset_id}"]
    return found


# --- the draft alone ----------------------------------------------------------------------------------------


def a_draft() -> Draft:
    return Draft([Colour(), Resize()])


def test_a_step_comes_in_at_its_usual_place():
    draft = a_draft()
    draft.switch_on("clahe")
    draft.switch_on("rotate")
    assert draft.names == ["colour", "rotate", "clahe", "resize"]
    assert draft.recipe == Recipe(steps=(Colour(), Rotate(), Clahe(), Resize()))


def test_a_step_that_was_switched_off_comes_back_as_it_was_set():
    draft = a_draft()
    draft.switch_on("clahe")
    draft.put(Clahe(clip=4.0))
    draft.switch_off("clahe")
    assert draft.names == ["colour", "resize"]
    draft.switch_on("clahe")
    assert draft.recipe.steps[1] == Clahe(clip=4.0)


def test_steps_move_and_stop_at_the_ends():
    draft = a_draft()
    draft.switch_on("equalize")
    draft.move("resize", -1)
    assert draft.names == ["colour", "resize", "equalize"]
    assert not draft.in_usual_order
    draft.move("equalize", 1)
    draft.move("colour", -1)
    assert draft.names == ["colour", "resize", "equalize"]
    draft.order_as_usual()
    assert draft.names == ["colour", "equalize", "resize"]
    assert draft.in_usual_order


def test_loading_replaces_everything():
    draft = a_draft()
    draft.switch_on("clahe")
    draft.switch_off("clahe")
    draft.load(Recipe(steps=(Colour(mode="rgb"), Equalize(), Resize(side_px=32))), Augmentation(flip_vertical=True))
    assert draft.names == ["colour", "equalize", "resize"]
    assert draft.augmentation.flip_vertical
    assert draft.parked == {}


def test_every_step_has_a_title():
    assert title_of("clahe") == "Local contrast (CLAHE)"


# --- the page -----------------------------------------------------------------------------------------------


def test_without_data_it_says_where_to_begin(home: actions.Home) -> None:
    assert "No images yet" in words(shown())


def test_a_data_set_in_review_has_to_be_accepted_first(home: actions.Home, tmp_path: Path) -> None:
    bring_in(home, zip_of(tmp_path, THREE), SCRIPT)
    said = words(shown())
    assert "Not accepted yet" in said
    assert SCRIPT not in said


def test_it_begins_with_the_default_recipe_and_shows_the_image(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    card = actions.dataset(home, dataset_id).card
    assert card is not None
    assert draft_in(app, dataset_id).recipe == actions.default_recipe(card)
    said = words(app)
    assert "**As it came**" in said
    assert "12 × 12 px, grey" in said
    assert "Training image 1 of 14" in said  # 70 % of 20


def test_a_setting_changes_the_image(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    app.number_input(key=f"prepare_{dataset_id}_resize_side_px").set_value(32).run()
    assert draft_in(app, dataset_id).recipe.side_px == 32
    assert "32 × 32 px, grey" in words(app)


def test_a_step_is_switched_on_set_and_moved(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    app.toggle(key=f"prepare_on_{dataset_id}_clahe").set_value(True).run()
    assert draft_in(app, dataset_id).names == ["colour", "clahe", "resize"]
    app.number_input(key=f"prepare_{dataset_id}_clahe_tiles").set_value(4).run()
    app.button(key="prepare_down_clahe").click().run()
    draft = draft_in(app, dataset_id)
    assert draft.names == ["colour", "resize", "clahe"]
    assert draft.recipe.steps[2] == Clahe(tiles=4)
    app.button(key="prepare_order").click().run()
    assert draft_in(app, dataset_id).names == ["colour", "clahe", "resize"]
    app.toggle(key=f"prepare_on_{dataset_id}_clahe").set_value(False).run()
    assert draft_in(app, dataset_id).names == ["colour", "resize"]


def test_colour_and_resize_cannot_be_switched_off(home: actions.Home, dataset_id: str) -> None:
    switches = {toggle.key for toggle in shown().toggle}
    assert f"prepare_on_{dataset_id}_clahe" in switches
    assert not switches & {f"prepare_on_{dataset_id}_colour", f"prepare_on_{dataset_id}_resize"}


def test_a_box_outside_the_image_is_named_beside_its_step(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    draft_in(app, dataset_id).switch_on("crop_box")
    draft_in(app, dataset_id).put(CropBox(unit="px", left=500, top=500, width=10, height=10))
    app.run()
    assert not app.exception
    assert any("are left after Crop (box)" in error.value for error in app.error)


def test_images_are_turned_and_the_class_changed(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    app.button(key="prepare_next").click().run()
    assert "Training image 2 of 14" in words(app)
    app.button(key="prepare_previous").click().run()
    app.button(key="prepare_previous").click().run()
    assert "Training image 14 of 14" in words(app)
    app.selectbox(key=f"prepare_class_{dataset_id}").set_value(2).run()
    assert "Training image 1 of 14" in words(app)
    assert "star" in words(app)


def test_eight_draws_and_eight_others(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    assert app.button(key="prepare_draw_again").disabled
    app.toggle(key=f"prepare_{dataset_id}_augment_flip_horizontal").set_value(True).run()
    assert draft_in(app, dataset_id).augmentation.flip_horizontal
    app.button(key="prepare_draw_again").click().run()
    assert draft_in(app, dataset_id).seed == 1


def test_a_recipe_is_saved_loaded_and_deleted(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    app.number_input(key=f"prepare_{dataset_id}_resize_side_px").set_value(32).run()
    next(field for field in app.text_input if field.label == "Name").set_value(FETCHED)
    app.button(key="prepare_save").click().run()
    (saved,) = actions.recipes(home, dataset_id)
    assert saved.name == FETCHED
    assert saved.recipe.side_px == 32
    assert FETCHED not in words(app)

    app.button(key="prepare_load").click().run()  # the default stands in the box
    assert draft_in(app, dataset_id).recipe.side_px == 12
    assert app.number_input(key=f"prepare_{dataset_id}_resize_side_px").value == 12
    app.selectbox(key=f"prepare_from_{dataset_id}").set_value(saved.id).run()
    app.button(key="prepare_load").click().run()
    assert app.number_input(key=f"prepare_{dataset_id}_resize_side_px").value == 32

    app.button(key="prepare_forget").click().run()
    app.button(key="prepare_forget_sure").click().run()
    assert actions.recipes(home, dataset_id) == []


def test_a_recipe_without_a_name_is_refused(home: actions.Home, dataset_id: str) -> None:
    app = shown()
    app.button(key="prepare_save").click().run()
    assert any("no name" in error.value for error in app.error)
    assert actions.recipes(home, dataset_id) == []


def test_hostile_file_names_stay_text(home: actions.Home, tmp_path: Path) -> None:
    name = FETCHED.replace("/", "_")
    bring_in(home, zip_of(tmp_path, {"a": 12, "b": 12}, first_name=name), accept=True)
    app = shown()
    for _ in range(9):
        assert name not in "\n".join(element.value for element in [*app.markdown, *app.caption])
        app.button(key="prepare_next").click().run()
