"""The contract that every step of a recipe passes by being registered."""

import numpy as np
import pytest

from core.images.geometry import apply
from core.images.recipe import KINDS
from core.specs import STEPS, knobs
from tests.core.images.files import noise

SIZES = [(1, 1), (1, 9), (7, 5), (48, 64)]
IMAGES = [noise(*size, channels, dtype) for size in SIZES for channels in (None, 3) for dtype in (np.uint8, np.uint16)]


def variants():
    """Every step with its defaults, and with each of its settings at either end or at each choice."""
    for spec in STEPS:
        yield spec()
        for row in knobs(spec):
            for value in row.choices or (row.low, row.high):
                whole = row.kind == "integer"
                yield spec(**{row.name: int(value) if whole else value})
                if "unit" in spec.model_fields and row.name != "unit":
                    yield spec(unit="px", **{row.name: int(value)})


VARIANTS = sorted(set(variants()), key=repr)
every_step = pytest.mark.parametrize("step", VARIANTS, ids=repr)
MOVING = [step for step in VARIANTS if step.nature == "geometric"]


def test_every_step_is_registered():
    assert set(KINDS) == set(STEPS)


@every_step
def test_a_step_gives_an_image_and_leaves_its_own_alone(step):
    for image in IMAGES:
        before = image.copy()
        result = KINDS[type(step)].change(image, step)
        assert np.array_equal(image, before)
        assert result.dtype in (np.uint8, image.dtype)
        assert result.ndim in (2, 3)
        assert result.shape[2:] in ((), (3,))
        assert result.size > 0


@every_step
def test_a_step_gives_the_same_for_the_same(step):
    for image in IMAGES:
        first, second = (KINDS[type(step)].change(image.copy(), step) for _ in range(2))
        assert np.array_equal(first, second)


@every_step
def test_only_a_geometric_step_changes_the_size_and_it_says_how(step):
    kind = KINDS[type(step)]
    assert (kind.move is not None) == (step.nature == "geometric")
    for image in IMAGES:
        size = kind.change(image, step).shape[:2]
        if kind.move is None:
            assert size == image.shape[:2]
        else:
            move = kind.move(step, *image.shape[:2])
            assert size == (move.height, move.width)


@pytest.mark.parametrize("step", MOVING, ids=repr)
@pytest.mark.parametrize("size", SIZES)
def test_the_inverse_of_a_geometric_step_carries_pixels_back(step, size):
    # An image whose values say where a pixel was: x and y in hundredths of the range, and 1 where there was one.
    y, x = np.mgrid[: size[0], : size[1]]
    where = np.dstack([x * 1000, y * 1000, np.full(size, 65535)]).astype(np.uint16)
    moved = KINDS[type(step)].change(where, step)
    back = np.linalg.inv(KINDS[type(step)].move(step, *size).matrix)
    rows, columns = np.nonzero(moved[..., 2] == 65535)
    few = slice(None, None, 1 + len(rows) // 10_000)
    rows, columns = rows[few], columns[few]
    assert len(rows)
    came_from = apply(back, np.stack([columns, rows], axis=1))
    assert np.abs(came_from - moved[rows, columns, :2] / 1000).max() <= 0.51  # half a pixel at the rim


@pytest.mark.parametrize("step", [step for step in VARIANTS if step.nature == "photometric"], ids=repr)
def test_a_photometric_step_leaves_an_even_image_even(step):
    for white in (0, 90, 255):
        image = np.full((20, 30, 3), white, np.uint8)
        result = KINDS[type(step)].change(image, step)
        assert len(np.unique(result.reshape(600, -1), axis=0)) == 1
