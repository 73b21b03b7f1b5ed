import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import numpy as np
import pytest

from core.images import build
from core.specs import (
    Clahe,
    Colour,
    CropBox,
    CropCentre,
    Denoise,
    Equalize,
    IntensityRange,
    Recipe,
    Resize,
    Rotate,
)
from tests.core.images.files import noise

FULL = (
    Colour(mode="rgb"),
    Rotate(),
    CropCentre(),
    CropBox(),
    IntensityRange(),
    Denoise(),
    Equalize(),
    Clahe(),
    Resize(side_px=24),
)


@pytest.mark.parametrize("mode", ["grey", "rgb"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 5, 1), (7, 5, 3), (40, 60), (40, 60, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_image_becomes_the_promised_array(mode, shape, dtype):
    recipe = Recipe(steps=(Colour(mode=mode), *FULL[1:]))
    image = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape, dtype=dtype)
    prepared = build(recipe)(image)
    assert prepared.shape == recipe.shape == (24, 24, 3 if mode == "rgb" else 1)
    assert prepared.dtype == np.uint8
    assert prepared.flags.c_contiguous


def test_the_steps_run_in_the_order_of_the_recipe():
    image = noise(10, 20)
    left_half = CropBox(left=0, top=0, width=50, height=100)
    resize = Resize(side_px=10)
    first_cut = build(Recipe(steps=(Colour(), left_half, Rotate(), resize)))(image)
    assert np.array_equal(first_cut[..., 0], np.rot90(image[:, :10]))
    first_turned = build(Recipe(steps=(Colour(), Rotate(), left_half, resize)))(image)
    # turned to the left, 20 rows of 10: its left half is the upper half of the original, 20 x 5, padded by 2 and 3
    assert np.abs(first_turned[:, 2:8, 0]).any()
    assert not first_turned[:, :2].any()


@pytest.mark.parametrize("crop", [CropCentre(width=50, height=50), CropBox(unit="px", width=3, height=7)])
def test_any_order_gives_the_promised_shape(crop):
    for steps in permutations((Colour(), Rotate(), crop, Resize(side_px=16))):
        assert build(Recipe(steps=steps))(noise(30, 20)).shape == (16, 16, 1)


def test_a_crop_after_the_resize_is_brought_to_size_again_and_the_stages_say_so():
    prepare = build(Recipe(steps=(Colour(), Resize(side_px=16), CropCentre(width=50, height=50))))
    titles = [title for title, _ in prepare.stages(noise(30, 20))]
    assert titles == ["Colour", "Resize", "Crop (centre)", "Resize (again, after the crop)"]


def test_the_stages_end_with_the_prepared_image():
    prepare = build(Recipe(steps=FULL))
    image = noise(40, 60, 3, np.uint16)
    stages = prepare.stages(image)
    assert [title for title, _ in stages] == [step.title for step in FULL]
    assert all(stage.dtype == np.uint8 for _, stage in stages)
    assert np.array_equal(stages[-1][1], prepare(image))
    grey = build(Recipe(steps=(Colour(), Resize(side_px=8))))
    assert np.array_equal(grey.stages(image)[-1][1], grey(image)[..., 0])


def test_sixteen_bits_become_eight_at_the_end():
    # 257 * 9 = 2313, and one more is nearer to 9 than to 10
    image = np.full((8, 8), 2314, np.uint16)
    assert (build(Recipe(steps=(Colour(), Resize(side_px=8))))(image) == 9).all()


def test_a_step_before_the_end_sees_all_sixteen_bits():
    # values 1000 and 1002 are the same in 8 bits; stretched first they are black and white
    image = np.array([[1000, 1002] * 4] * 8, np.uint16)
    stretch = IntensityRange(low_percent=0, high_percent=100)
    prepared = build(Recipe(steps=(Colour(), stretch, Resize(side_px=8))))(image)
    assert set(np.unique(prepared)) == {0, 255}


def test_the_result_is_memory_of_its_own():
    image = noise(8, 8)
    prepare = build(Recipe(steps=(Colour(), Resize(side_px=8))))
    prepare(image)[:] = 0
    for _, stage in prepare.stages(image):
        stage[:] = 0
    assert np.array_equal(image, noise(8, 8))


def test_arrays_that_are_not_contiguous_are_welcome():
    image = noise(30, 40, 3)
    prepare = build(Recipe(steps=FULL))
    assert np.array_equal(prepare(image[::-1, ::-2]), prepare(image[::-1, ::-2].copy()))


def test_the_same_bits_from_every_thread_and_from_a_recipe_that_was_stored():
    recipe = Recipe(steps=FULL)
    image = noise(60, 50, 3)
    expected = build(recipe)(image)
    again = build(Recipe.model_validate_json(recipe.model_dump_json()))
    together = threading.Barrier(4)

    def many(_):
        together.wait()
        return all(np.array_equal(again(image), expected) for _ in range(20))

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(many, range(4)))


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (4, 4, 4), (2, 4, 4, 3), (0, 4), (4, 0, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="Received"):
        build(Recipe())(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("dtype", [np.float32, np.int16, bool])
def test_other_types_are_refused(dtype):
    with pytest.raises(TypeError, match="Received"):
        build(Recipe())(np.zeros((4, 4), dtype))
