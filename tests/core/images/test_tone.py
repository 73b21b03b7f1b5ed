"""What stored pixels mean, and what is shown of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images import Tone, encode_png, shown
from core.images.values import stored
from tests.core.images.files import noise

HU = Tone(1.0, -1024.0, -150.0, 250.0, "HU")


def test_without_a_tone_the_pixels_are_the_picture():
    pixels = noise(3, 4)
    assert shown(pixels, None) is pixels


def test_the_window_of_the_file_is_what_is_shown():
    # -1024, -150, -50, 50, 250 and 3071 HU; -50 is a quarter of the way (16,383.75), 50 half (32,767.5, to the even)
    pixels = np.array([[0, 874, 974, 1074, 1274, 4095]], np.uint16)
    assert shown(pixels, HU).tolist() == [[0, 0, 16384, 32768, 65535, 65535]]


def test_without_a_window_the_range_of_the_image_is_shown():
    # 100 to 500; 200 is a quarter of the way
    pixels = np.array([[100, 200, 500]], np.uint16)
    assert shown(pixels, Tone(2.0, 7.0)).tolist() == [[0, 16384, 65535]]
    assert shown(np.full((2, 2), 9, np.uint16), Tone(2.0, 7.0)).tolist() == [[0, 0], [0, 0]]


def test_eight_bits_stay_eight():
    # values 0 to 510 in steps of 2; from 100 to 300: 150 is a quarter of the way (63.75)
    found = shown(np.array([[0, 50, 75, 150, 255]], np.uint8), Tone(2.0, 0.0, 100.0, 300.0))
    assert found.dtype == np.uint8
    assert found.tolist() == [[0, 0, 64, 255, 255]]


def test_under_a_negative_slope_low_values_are_bright():
    # pixels 0 to 4 mean 4 to 0; shown from 1 to 3: the middle is 2
    found = shown(np.arange(5, dtype=np.uint8)[None], Tone(-1.0, 4.0, 1.0, 3.0))
    assert found.tolist() == [[0, 0, 127, 255, 255]]  # 255 - 128


def test_large_and_small_images_are_shown_alike():
    # beyond 65,535 pixels a table is used
    pixels = noise(300, 300, dtype=np.uint16)
    whole = shown(pixels, HU)
    assert np.array_equal(whole[:10], shown(pixels[:10], HU))
    assert np.array_equal(np.array([shown(row, HU) for row in pixels]), whole)


@given(
    st.lists(st.integers(-32768, 32767), min_size=1, max_size=9),
    st.floats(0.01, 100) | st.floats(-100, -0.01),
    st.floats(-2000, 2000),
    st.booleans(),
)
def test_values_come_back_and_brighter_pixels_are_shown_brighter(numbers, slope, intercept, inverted):
    values = np.array([numbers], np.int16)
    pixels, tone = stored(values, Tone(slope, intercept), "x", inverted=inverted)
    assert np.allclose(pixels * tone.slope + tone.intercept, values * slope + intercept, atol=1e-6)
    assert (tone.slope < 0) == inverted
    order = np.argsort(pixels[0], kind="stable")
    assert (np.diff(shown(pixels, tone)[0][order].astype(int)) >= 0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.int32, np.uint32, np.int64, np.float32])
def test_whole_numbers_that_span_16_bits_are_kept_without_loss(dtype):
    values = np.array([[3, 40, 100]], dtype)
    pixels, tone = stored(values, Tone(1.0, 0.0), "x")
    assert pixels.dtype in (np.uint8, np.uint16)
    assert (pixels * tone.slope + tone.intercept).tolist() == [[3, 40, 100]]


def test_planes_of_one_span_are_kept_alike():
    planes = np.array([[[0.5, 1.0]], [[1.0, 8.5]]])
    (first, tone), (second, other) = (stored(plane, Tone(1.0, 0.0), "x", span=(0.5, 8.5)) for plane in planes)
    assert tone == other
    assert first[0, 1] == second[0, 0]


def test_an_image_of_one_value_keeps_it():
    pixels, tone = stored(np.full((2, 2), 0.25), Tone(3.0, 1.0), "x")
    assert (pixels * tone.slope + tone.intercept).tolist() == [[1.75, 1.75], [1.75, 1.75]]


def test_a_tone_that_is_shown_may_be_saved_as_png():
    assert encode_png(shown(noise(4, 5, dtype=np.uint16), HU)).startswith(b"\x89PNG")
