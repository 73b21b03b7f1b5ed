"""The window step: what becomes black and what white, worked by hand."""

import numpy as np
import pytest

from core.errors import BadSetting
from core.images import Tone, build, decode, encode_png, shown
from core.images.window import window
from core.specs import PRESETS, Clahe, Colour, Recipe, Resize, Window
from tests.core.images.files import noise

CT = Tone(1.0, -1024.0, -1000.0, 1000.0, "HU")


def hounsfield(*values):
    """Pixels of a CT slice with these CT numbers."""
    return (np.array([values]) + 1024).astype(np.uint16)


def test_centre_and_width_are_in_measured_values():
    # 50 - 400 / 2 = -150 is black, 50 + 200 = 250 is white; -50 is a quarter of the way: 16,383.75
    step = Window(source="values", centre=50, width=400)
    found = window(hounsfield(-1000, -150, -50, 50, 250, 900), step, CT)
    assert found.tolist() == [[0, 0, 16384, 32768, 65535, 65535]]


@pytest.mark.parametrize(
    ("preset", "black", "white"),
    # W 1500 L -600; W 1800 L 400; W 80 L 40; W 400 L 50
    [("lung", -1350, 150), ("bone", -500, 1300), ("brain", 0, 80), ("soft_tissue", -150, 250)],
)
def test_presets_are_those_of_radiologists(preset, black, white):
    step = Window(source="preset", preset=preset)
    assert step.ends == (black, white)
    middle = (black + white) // 2
    values = [max(black, -1024), middle, white - 1, white]
    found = window(hounsfield(*values), step, CT)[0].tolist()
    assert found[1] == 32768
    assert found[2] < found[3] == 65535
    if black >= -1024:
        assert found[0] == 0


def test_every_preset_has_a_label_and_a_width():
    assert set(PRESETS) == {"lung", "bone", "brain", "soft_tissue"}
    assert all(row.label and row.width > 0 for row in PRESETS.values())


def test_the_window_of_the_file_is_what_is_shown_without_this_step():
    pixels = noise(20, 20, dtype=np.uint16)
    assert np.array_equal(window(pixels, Window(), CT), shown(pixels, CT))
    assert window(pixels, Window(), None) is pixels


def test_percentiles_are_of_the_stored_values_whatever_the_file_shows():
    # of 100 pixels 0 to 99, 10 % do not exceed 9 and 90 % do not exceed 89
    pixels = np.arange(100, dtype=np.uint16).reshape(10, 10)
    step = Window(source="percentiles", low_percent=10, high_percent=90)
    found = window(pixels, step, Tone(1.0, -1024.0, -1024.0, -1023.0))
    assert (found == 0).sum() == 10
    assert (found == 65535).sum() == 11  # 89 to 99
    assert found[4, 9] == 32768  # 49 is half the way from 9 to 89


def test_percentiles_that_are_one_value_leave_what_little_there_is():
    pixels = np.zeros((100, 100), np.uint16)
    pixels[0, 0], pixels[0, 1] = 50, 200
    found = window(pixels, Window(source="percentiles", low_percent=1, high_percent=99), None)
    assert found[0, :3].tolist() == [16384, 65535, 0]


def test_sixteen_bits_without_a_tone_have_a_window_in_stored_values():
    # from 1000 to 3000 out of 65,536 values: 1500 is a quarter of the way
    image = decode(encode_png(np.array([[0, 1000, 1500, 3000, 60000]], np.uint16)), name="deep.png", max_pixels=100)
    step = Window(source="values", centre=2000, width=2000)
    assert window(image.pixels, step, image.tone).tolist() == [[0, 0, 16384, 65535, 65535]]


@pytest.mark.parametrize("channels", [None, 3])
def test_presets_leave_pictures_without_measured_values_alone(channels):
    pixels = noise(5, 6, channels)
    assert window(pixels, Window(source="preset", preset="lung"), None) is pixels


def test_where_low_is_bright_the_window_is_the_same_and_the_picture_inverted():
    # pixels 0 to 4 mean 4 to 0
    step = Window(source="values", centre=2, width=2)
    assert window(np.arange(5, dtype=np.uint8)[None], step, Tone(-1.0, 4.0)).tolist() == [[0, 0, 127, 255, 255]]


def test_the_window_comes_before_everything_else():
    with pytest.raises(BadSetting, match="window must be the first step"):
        Recipe.checked({"steps": (Colour(), Window(), Resize())})


def test_a_recipe_sees_stored_values_only_through_its_window():
    pixels = noise(16, 16, dtype=np.uint16)
    plain = Recipe(steps=(Colour(), Clahe(), Resize(side_px=8)))
    lung = Recipe(steps=(Window(source="preset", preset="lung"), *plain.steps))
    assert np.array_equal(build(plain)(pixels, CT), build(plain)(shown(pixels, CT)))
    through = window(pixels, lung.steps[0], CT)
    assert np.array_equal(build(lung)(pixels, CT), build(plain)(through))
    assert not np.array_equal(build(lung)(pixels, CT), build(plain)(pixels, CT))


def test_the_stages_begin_with_the_window():
    pixels = hounsfield(-150, 250)
    recipe = Recipe(steps=(Window(source="preset", preset="soft_tissue"), Colour(), Resize(side_px=8)))
    titles, images = zip(*build(recipe).stages(pixels, CT), strict=True)
    assert titles == ("Window", "Colour", "Resize")
    assert images[0].tolist() == [[0, 255]]
    assert np.array_equal(images[-1], build(recipe)(pixels, CT)[..., 0])
