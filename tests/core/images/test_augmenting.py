import numpy as np
import pytest

from core.images import augment
from core.images.augmenting import Chance
from core.specs import Augmentation, knobs
from tests.core.images.files import noise

ALL = Augmentation(
    rotation_degrees=30,
    flip_horizontal=True,
    flip_vertical=True,
    shift_percent=10,
    zoom_percent=20,
    crop_percent=20,
    brightness_percent=20,
    contrast_percent=30,
)
NEUTRAL = Chance(1, 1, 0.5, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5)


class Drawn:
    """A generator that draws what the test wants."""

    def __init__(self, **wanted):
        self.chance = NEUTRAL._replace(**wanted)

    def random(self, size):
        assert size == len(self.chance)
        return np.array(self.chance)


def test_off_gives_the_same_pixels():
    image = noise(9, 9, 3)
    assert augment(image, Augmentation(), np.random.default_rng(0)) is image


def singles():
    """Each change on its own."""
    for row in knobs(Augmentation):
        yield Augmentation(**{row.name: True if row.kind == "switch" else row.high})


@pytest.mark.parametrize("augmentation", [ALL, *singles()], ids=repr)
@pytest.mark.parametrize("shape", [(1, 1, 1), (8, 8, 1), (8, 8, 3), (7, 11, 3)])
def test_shape_and_type_are_kept_and_the_image_is_left_alone(augmentation, shape):
    image = noise(*shape)
    rng = np.random.default_rng(1)
    for _ in range(5):
        result = augment(image, augmentation, rng)
        assert result.shape == shape
        assert result.dtype == np.uint8
        assert result.flags.c_contiguous
    assert np.array_equal(image, noise(*shape))


@pytest.mark.parametrize("augmentation", [ALL, *singles()], ids=repr)
def test_the_same_seed_gives_the_same_and_another_seed_another(augmentation):
    image = noise(32, 32, 3)

    def series(seed):
        rng = np.random.default_rng(seed)
        return np.stack([augment(image, augmentation, rng) for _ in range(8)])

    assert np.array_equal(series(3), series(3))
    assert not np.array_equal(series(3), series(4))


def test_as_much_is_drawn_whatever_is_switched_on():
    following = set()
    for augmentation in (Augmentation(), ALL, Augmentation(flip_vertical=True)):
        rng = np.random.default_rng(5)
        augment(noise(8, 8, 1), augmentation, rng)
        following.add(rng.random())
    assert len(following) == 1


@pytest.mark.parametrize(
    ("setting", "mirrored"),
    [("flip_horizontal", np.s_[:, ::-1]), ("flip_vertical", np.s_[::-1])],
)
def test_a_flip_is_an_exact_mirror_image_half_of_the_time(setting, mirrored):
    image = noise(11, 8, 3)
    rng = np.random.default_rng(0)
    results = [augment(image, Augmentation(**{setting: True}), rng) for _ in range(200)]
    flipped = sum(np.array_equal(result, image[mirrored]) for result in results)
    as_it_was = sum(np.array_equal(result, image) for result in results)
    assert flipped + as_it_was == 200
    assert 70 < flipped < 130  # 100 expected, standard deviation 7


def test_a_flip_within_a_warp_is_the_same_mirror_image():
    image = noise(11, 8, 1)
    both = Augmentation(flip_horizontal=True, shift_percent=10)
    assert np.array_equal(augment(image, both, Drawn(flip_horizontal=0)), image[:, ::-1])


def test_a_rotation_turns_to_the_left_for_high_numbers():
    image = noise(9, 9, 1)
    quarter = Augmentation(rotation_degrees=90)
    assert np.array_equal(augment(image, quarter, Drawn(angle=1)), np.rot90(image))
    assert np.array_equal(augment(image, quarter, Drawn(angle=0)), np.rot90(image, -1))
    assert np.array_equal(augment(image, quarter, Drawn()), image)


def test_a_shift_moves_by_up_to_its_share_of_the_side():
    image = noise(8, 16, 3)
    quarter = Augmentation(shift_percent=25)  # 4 of 16 columns, 2 of 8 rows
    assert np.array_equal(augment(image, quarter, Drawn(right=1))[:, 4:], image[:, :-4])
    assert np.array_equal(augment(image, quarter, Drawn(right=0))[:, :-4], image[:, 4:])
    assert np.array_equal(augment(image, quarter, Drawn(down=1))[2:], image[:-2])
    # what comes in from outside is the mirror image of what lies within
    assert np.array_equal(augment(image, quarter, Drawn(right=1))[:, :4], image[:, 4:0:-1])


def across(width):
    """Columns that say where they were, in steps of 4."""
    return np.repeat(np.arange(width, dtype=np.uint8)[None, :, None] * 4, width, axis=0)


def test_a_zoom_enlarges_about_the_middle():
    # twice as large about column 7.5 would be zoom 1; by half, column x shows what was at 7.5 + (x - 7.5) / 1.5
    result = augment(across(16), Augmentation(zoom_percent=50), Drawn(zoom=1))[8, :, 0]
    expected = 4 * (7.5 + (np.arange(16) - 7.5) / 1.5)
    assert np.abs(result - expected).max() <= 0.6


@pytest.mark.parametrize(("left", "first"), [(0, 0), (0.5, 4), (1, 8)])
def test_a_random_crop_enlarges_a_window_to_the_whole(left, first):
    # half of 16 columns is kept: column x shows what was at first + (x + 0.5) / 2 - 0.5
    result = augment(across(16), Augmentation(crop_percent=50), Drawn(crop=1, crop_left=left))[8, :, 0]
    expected = 4 * (first + (np.arange(16) + 0.5) / 2 - 0.5)
    inside = slice(1, 15)  # the outermost half pixel mixes with the mirror image
    assert np.abs(result[inside] - expected[inside]).max() <= 0.6


def test_a_random_crop_moves_down_by_its_share_of_the_height():
    # 16 rows and 4 columns; half of the rows from row 8 on: row y shows what was at 8 + (y + 0.5) / 2 - 0.5
    rows = np.repeat(np.arange(16, dtype=np.uint8)[:, None, None] * 4, 4, axis=1)
    result = augment(rows, Augmentation(crop_percent=50), Drawn(crop=1, crop_top=1))[1:15, 2, 0]
    assert np.abs(result - 4 * (8 + (np.arange(1, 15) + 0.5) / 2 - 0.5)).max() <= 0.6


def test_brightness_is_a_share_of_the_full_range():
    # 20 % of 255 is 51
    image = np.array([[[0], [100], [250]]], np.uint8)
    brighter = Augmentation(brightness_percent=20)
    assert augment(image, brighter, Drawn(brightness=1)).reshape(-1).tolist() == [51, 151, 255]
    assert augment(image, brighter, Drawn(brightness=0)).reshape(-1).tolist() == [0, 49, 199]


def test_contrast_is_about_the_mean():
    # mean 100; differences of 50 become 75, or 25
    image = np.array([[[50], [150], [100]]], np.uint8)
    contrast = Augmentation(contrast_percent=50)
    assert augment(image, contrast, Drawn(contrast=1)).reshape(-1).tolist() == [25, 175, 100]
    assert augment(image, contrast, Drawn(contrast=0)).reshape(-1).tolist() == [75, 125, 100]
