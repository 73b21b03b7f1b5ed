"""A recipe has exactly one colour and one resize step, any other at most once, in the user's order."""

import json

import pytest

from core.errors import BadSetting
from core.specs import STEPS, Augmentation, Clahe, Colour, Equalize, Recipe, Resize, Rotate


def test_the_prepared_shape_follows_from_the_steps():
    # one side for height and width; grey has one channel, RGB three
    assert Recipe(steps=(Colour(mode="grey"), Resize(side_px=32))).shape == (32, 32, 1)
    assert Recipe(steps=(Resize(side_px=48), Colour(mode="rgb"))).shape == (48, 48, 3)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((Colour(),), "A recipe needs exactly one resize step."),
        ((Resize(),), "A recipe needs exactly one colour step."),
        ((Colour(), Resize(), Resize()), "A recipe needs exactly one resize step."),
        ((Colour(), Resize(), Clahe(), Clahe()), "A step may stand in a recipe once, clahe stands there more often."),
    ],
)
def test_a_recipe_that_is_not_whole_is_refused(steps, words):
    with pytest.raises(BadSetting) as caught:
        Recipe.checked({"steps": steps})
    assert caught.value.what == words


def test_the_order_of_the_steps_survives_json():
    recipe = Recipe(steps=(Equalize(), Resize(), Rotate(quarter_turns=3), Colour(mode="rgb")))
    back = Recipe.model_validate(json.loads(recipe.model_dump_json()))
    assert [step.step for step in back.steps] == ["equalize", "resize", "rotate", "colour"]
    assert back == recipe


def test_a_step_that_does_not_exist_is_refused():
    with pytest.raises(BadSetting, match="sharpen"):
        Recipe.checked({"steps": [{"step": "colour"}, {"step": "resize"}, {"step": "sharpen"}]})


def test_a_setting_of_a_step_outside_its_limits_is_refused_by_name():
    with pytest.raises(BadSetting, match="side_px"):
        Recipe.checked({"steps": [{"step": "colour"}, {"step": "resize", "side_px": 4}]})


def test_every_step_says_whether_it_moves_pixels_or_changes_values():
    natures = {spec.model_fields["step"].default: spec.nature for spec in STEPS}
    geometric = {name for name, nature in natures.items() if nature == "geometric"}
    assert geometric == {"rotate", "crop_centre", "crop_box", "resize"}
    assert set(natures.values()) == {"geometric", "photometric"}


def test_augmentation_is_off_until_something_is_set():
    assert Augmentation().is_off
    assert not Augmentation(flip_vertical=True).is_off
