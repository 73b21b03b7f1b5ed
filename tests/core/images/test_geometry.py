import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images import build
from core.images.geometry import about, apply, scale, shift, then
from core.specs import Colour, CropBox, CropCentre, Recipe, Resize, Rotate
from tests.core.images.files import noise


def test_matrices_are_applied_in_their_order():
    # (3, 4) moved by (1, 0) is (4, 4); twice as large about (-0.5, -0.5): (4 + 0.5) * 2 - 0.5 = 8.5
    assert apply(then(shift(1, 0), scale(2, 2)), np.array([[3, 4]])).tolist() == [[8.5, 8.5]]
    # first (3 + 0.5) * 2 - 0.5 = 6.5, then moved
    assert apply(then(scale(2, 2), shift(1, 0)), np.array([[3, 4]])).tolist() == [[7.5, 8.5]]


def test_a_change_about_a_point_leaves_it_where_it_is():
    matrix = about(5, 7, np.array([[0.0, 3.0], [-2.0, 1.0]]))
    assert apply(matrix, np.array([[5, 7]])).tolist() == [[5, 7]]


def test_the_outer_corners_of_an_image_become_those_of_the_prepared_one():
    geometry = build(Recipe(steps=(Colour(), Resize(side_px=64, fit="stretch")))).geometry(30, 100)
    corners = apply(geometry.matrix, np.array([[-0.5, -0.5], [99.5, 29.5]]))
    assert np.allclose(corners, [[-0.5, -0.5], [63.5, 63.5]])


def test_a_map_of_another_size_is_refused():
    geometry = build(Recipe(steps=(Colour(), Resize(side_px=8)))).geometry(20, 20)
    with pytest.raises(ValueError, match=r"\(9, 9\)"):
        geometry.carry_back(np.zeros((9, 9)))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_map_keeps_its_type_and_gets_the_size_of_the_original(dtype):
    geometry = build(Recipe(steps=(Colour(), Resize(side_px=8)))).geometry(21, 30)
    carried = geometry.carry_back(np.ones((8, 8), dtype))
    assert carried.dtype == dtype
    assert carried.shape == (21, 30)
    assert (carried == 1).all()  # also at the rim, where a pixel lies beyond the map's outermost centres


def test_labels_of_a_mask_are_not_mixed():
    labels = np.kron([[0, 4], [7, 4]], np.ones((4, 4))).astype(np.uint8)
    geometry = build(Recipe(steps=(Colour(), Resize(side_px=8, fit="stretch")))).geometry(21, 30)
    carried = geometry.carry_back(labels, nearest=True)
    assert set(np.unique(carried)) == {0, 4, 7}
    assert (carried[0, 0], carried[0, 29], carried[20, 0], carried[20, 29]) == (0, 4, 7, 4)
    assert len(np.unique(geometry.carry_back(labels))) > 3


def test_where_a_crop_left_nothing_to_know_the_map_is_empty():
    recipe = Recipe(steps=(Colour(), CropBox(unit="px", left=4, top=2, width=10, height=8), Resize(side_px=16)))
    carried = build(recipe).geometry(20, 30).carry_back(np.ones((16, 16), np.float32))
    expected = np.zeros((20, 30))
    expected[2:10, 4:14] = 1  # and not where the padding of the prepared image comes to lie
    assert np.array_equal(carried, expected)


def test_a_very_long_image_is_served_too():
    geometry = build(Recipe(steps=(Colour(), Resize(side_px=8, fit="stretch")))).geometry(70_000, 1)
    assert (geometry.carry_back(np.ones((8, 8), np.float32)) == 1).all()


MOVES = (
    st.builds(Rotate, quarter_turns=st.sampled_from([1, 2, 3])),
    st.builds(
        CropCentre, unit=st.sampled_from(["px", "percent"]), width=st.integers(1, 120), height=st.integers(1, 120)
    ),
    st.builds(
        CropBox,
        unit=st.sampled_from(["px", "percent"]),
        left=st.integers(0, 120),
        top=st.integers(0, 120),
        width=st.integers(1, 120),
        height=st.integers(1, 120),
    ),
    st.builds(Resize, side_px=st.integers(8, 64), fit=st.sampled_from(["pad", "stretch"])),
)


@st.composite
def recipes(draw, moves=MOVES):
    """Geometric steps in any order, each at most once, with the one resize among them."""
    chosen = [draw(move) for move in moves[:-1] if draw(st.booleans())] + [draw(moves[-1])]
    return Recipe(steps=(Colour(mode="rgb"), *draw(st.permutations(chosen))))


sizes = st.tuples(st.integers(1, 60), st.integers(1, 60))


def places(height, width):
    """An image whose values say where a pixel was: 4x, 4y, and white where there was one."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 4, y * 4, np.full((height, width), 255)]).astype(np.uint8)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(recipes(), sizes)
def test_every_prepared_pixel_is_carried_back_to_where_it_was(recipe, size):
    prepare = build(recipe)
    prepared = prepare(places(*size))
    rows, columns = np.nonzero(prepared[..., 2] == 255)
    came_from = apply(np.linalg.inv(prepare.geometry(*size).matrix), np.stack([columns, rows], axis=1))
    # where a crop follows the resize its few pixels are enlarged: half of one of them may be more than one pixel
    coarse = 0 if isinstance(recipe.steps[-1], Resize) else max(size) / recipe.side_px / 2
    assert np.abs(came_from - prepared[rows, columns, :2] / 4).max(initial=0) <= max(1, 0.5 + coarse)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(recipes(), sizes)
def test_the_places_carried_back_as_a_map_are_those_of_the_original(recipe, size):
    prepare = build(recipe)
    geometry = prepare.geometry(*size)
    side = recipe.side_px
    v, u = np.mgrid[:side, :side]
    back = np.linalg.inv(geometry.matrix)
    came_from = apply(back, np.stack([u.reshape(-1), v.reshape(-1)], axis=1)).reshape(side, side, 2)
    y, x = np.mgrid[: size[0], : size[1]]
    goes_to = apply(geometry.matrix, np.stack([x.reshape(-1), y.reshape(-1)], axis=1)).reshape(*size, 2)
    within = ((goes_to >= 0) & (goes_to <= side - 1)).all(axis=2)  # beyond the outermost centres a map is level
    left, top, width, height = geometry.seen
    seen = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
    finest = np.abs(back[:2, :2]).max() / 32  # OpenCV interpolates in steps of 1/32 of a pixel of the map
    for axis, expected in enumerate((x, y)):
        carried = geometry.carry_back(came_from[..., axis])
        assert carried.shape == size
        assert np.abs(carried - expected)[within & seen].max(initial=0) <= finest
        assert (carried[~seen] == 0).all()


@settings(derandomize=True, max_examples=150, deadline=None)
@given(recipes(), sizes)
def test_what_is_seen_is_what_leaves_a_trace_in_the_prepared_image(recipe, size):
    prepare = build(recipe)
    seen = prepare.geometry(*size).seen
    assert 0 <= seen.left <= seen.left + seen.width <= size[1]
    assert 0 <= seen.top <= seen.top + seen.height <= size[0]
    outside = np.full((*size, 3), 255, np.uint8)
    outside[seen.top : seen.top + seen.height, seen.left : seen.left + seen.width] = 0
    if isinstance(recipe.steps[-1], Resize):  # crops of the original itself: to the pixel
        assert not prepare(outside).any()
        assert prepare(255 - outside).any()


@settings(derandomize=True, max_examples=100, deadline=None)
@given(recipes((*MOVES[:3], st.just(Resize(side_px=40)))), st.integers(0, 99))
def test_a_mask_that_was_only_cut_and_turned_comes_back_as_it_was(recipe, seed):
    labels = noise(40, 40, seed=seed) % 5 + 1
    prepare = build(Recipe(steps=(Colour(), *recipe.steps[1:])))
    geometry = prepare.geometry(40, 40)
    if not np.allclose(np.abs(np.linalg.det(geometry.matrix)), 1):
        return  # a crop came before the resize, which then enlarged
    carried = geometry.carry_back(prepare(labels)[..., 0], nearest=True)
    assert set(np.unique(carried[carried != 0] - labels[carried != 0])) <= {0}
