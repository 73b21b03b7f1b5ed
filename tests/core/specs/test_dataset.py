"""A data set's card counts its images, and its split adds up."""

import pytest

from core.errors import BadSetting
from core.specs import Colour, DatasetCard, Resize, Split, SplitConfig, default_recipe


def card(width=100, height=100, grey=True):
    counts = ({Split.TRAIN: 7, Split.VALIDATION: 2, Split.TEST: 1}, {Split.TRAIN: 3, Split.TEST: 4})
    sizes = {"median_width_px": width, "median_height_px": height, "min_side_px": 1, "max_side_px": 999}
    return DatasetCard(source="drawn", classes=("a", "b"), counts=counts, images=17, grey=grey, **sizes)


def test_the_images_of_a_split_are_counted_over_all_classes():
    # training 7 + 3, validation 2 + none, test 1 + 4
    assert [card().count(split) for split in Split] == [10, 2, 5]


@pytest.mark.parametrize(
    ("width", "height", "side"),
    [(28, 28, 28), (100, 60, 80), (1000, 800, 224), (3, 4, 8)],  # (100 + 60) / 2 = 80; at most 224, at least 8
)
def test_the_default_side_is_the_median_within_limits(width, height, side):
    assert card(width, height).default_side_px == side


def test_the_default_recipe_follows_the_colours_and_the_size_of_the_data():
    assert default_recipe(card(grey=True)).steps == (Colour(mode="grey"), Resize(side_px=100))
    assert default_recipe(card(300, 300, grey=False)).steps == (Colour(mode="rgb"), Resize(side_px=224))


def test_shares_that_do_not_add_up_are_refused_with_their_sum():
    with pytest.raises(BadSetting) as caught:
        SplitConfig.checked({"train_percent": 60})  # 60 + 15 + 15 = 90
    assert caught.value.what == "The three shares must add up to 100 %, they add up to 90 %."


def test_a_card_comes_back_from_json_with_its_splits():
    before = card()
    after = DatasetCard.model_validate_json(before.model_dump_json())
    assert after == before
    assert after.counts[0][Split.TRAIN] == 7
