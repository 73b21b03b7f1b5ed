"""Plans, worked by hand; no Keras here."""

import pytest

from core.errors import UnbuildableNetwork
from core.models import plan
from core.specs import CnnConfig

SMALL = CnnConfig(filters=(2, 4), kernel_size=3, pool_size=2, dense_units=(5,))


def test_plan_small_network_every_layer_by_hand():
    found = plan(SMALL, (8, 8, 1), classes=2, batch_size=1, optimizer="sgd")
    # conv 1: (3*3*1 + 1) * 2 = 20; conv 2: (3*3*2 + 1) * 4 = 76
    # 8 / 2 / 2 = 2 px, 2 * 2 * 4 = 16 values; dense: (16 + 1) * 5 = 85; answer: (5 + 1) * 1 = 6
    assert [(row.name, row.output_shape, row.parameters) for row in found.layers] == [
        ("image", (8, 8, 1), 0),
        ("rescale", (8, 8, 1), 0),
        ("block1_conv", (8, 8, 2), 20),
        ("block1_activation", (8, 8, 2), 0),
        ("block1_pool", (4, 4, 2), 0),
        ("block2_conv", (4, 4, 4), 76),
        ("block2_activation", (4, 4, 4), 0),
        ("block2_pool", (2, 2, 4), 0),
        ("flatten", (16,), 0),
        ("dense1", (5,), 85),
        ("answer", (1,), 6),
    ]
    assert found.parameters == 20 + 76 + 85 + 6


def test_plan_of_the_defaults_at_28_px_in_three_classes():
    found = plan(CnnConfig(), (28, 28, 3), classes=3, batch_size=32, optimizer="adam")
    # 28 -> 14 -> 7 -> 3 px. conv: (27+1)*32 = 896, (288+1)*64 = 18,496, (576+1)*128 = 73,856
    # dense: (3*3*128 + 1) * 128 = 147,584; answer: (128 + 1) * 3 = 387
    assert found.parameters == 896 + 18_496 + 73_856 + 147_584 + 387
    assert found.layers[-1].output_shape == (3,)


@pytest.mark.parametrize(
    ("blocks", "kernel", "pool", "expected"),
    [
        (1, 3, 2, 4),  # conv: 1 + 2*1 = 3; pool: 3 + 1*1 = 4, step 2
        (2, 3, 2, 10),  # conv: 4 + 2*2 = 8; pool: 8 + 1*2 = 10, step 4
        (3, 3, 2, 22),  # conv: 10 + 2*4 = 18; pool: 18 + 1*4 = 22
        (2, 5, 1, 9),  # no pooling: 1 + 4 + 4
        (2, 5, 3, 25),  # 1 + 4 = 5; + 2 = 7, step 3; + 4*3 = 19; + 2*3 = 25
        (1, 1, 1, 1),  # a single pixel
    ],
)
def test_receptive_field(blocks, kernel, pool, expected):
    config = CnnConfig(filters=(1,) * blocks, kernel_size=kernel, pool_size=pool)
    assert plan(config, (64, 64, 1), 2, 1, "sgd").receptive_field_px == expected


def test_memory_counts_weights_gradients_slots_and_answers():
    config = CnnConfig(filters=(1,), kernel_size=1, pool_size=1, dense_units=())
    # parameters: conv (1*1*1 + 1) * 1 = 2, answer (4 + 1) * 1 = 5: 7
    # answers of one image: image 4, rescale 4, conv 4, activation 4, answer 1: 17 (flatten makes no copy)
    for optimizer, per_weight in {"adam": 4, "sgd": 3, "rmsprop": 3, "full_batch": 2}.items():
        found = plan(config, (2, 2, 1), 2, 10, optimizer)
        assert found.memory_bytes == 4 * (7 * per_weight + 10 * 17), optimizer


def test_memory_of_untrained_parameters_is_one_value_each():
    with_norm = CnnConfig(filters=(1,), kernel_size=1, pool_size=1, dense_units=(), batch_normalization=True)
    plain = with_norm.model_copy(update={"batch_normalization": False})
    more = plan(with_norm, (2, 2, 1), 2, 1, "adam").memory_bytes - plan(plain, (2, 2, 1), 2, 1, "adam").memory_bytes
    # the norm of one channel: 2 trained (weight, gradient, 2 slots), 2 untrained; and 4 more answers
    assert more == 4 * (2 * 4 + 2 + 4)


def test_pooling_below_one_pixel_names_the_block_and_the_cure():
    config = CnnConfig(filters=(2,) * 5, pool_size=3)
    with pytest.raises(UnbuildableNetwork) as refused:
        plan(config, (28, 28, 1), 2, 32, "adam")
    # 28 -> 9 -> 3 -> 1, so block 4 finds 1 px; three blocks fit; five need 3**5 = 243 px
    assert refused.value.what == "Block 4 cannot pool by 3: only 1 × 1 px of the 28 × 28 px image are left there."
    assert refused.value.remedy == "Use at most 3 blocks, a smaller pool size, or an image side of at least 243 px."


@pytest.mark.parametrize("side", [1, 2, 3])
def test_an_image_smaller_than_one_pool_window(side):
    with pytest.raises(UnbuildableNetwork, match="Block 1 cannot pool by 4"):
        plan(CnnConfig(filters=(2,), pool_size=4), (side, side, 1), 2, 1, "sgd")


def test_the_cure_builds():
    blocks_that_fit = CnnConfig(filters=(2,) * 3, pool_size=3)
    assert plan(blocks_that_fit, (28, 28, 1), 2, 1, "sgd").layers[-3].output_shape == (2,)
    assert plan(CnnConfig(filters=(2,) * 5, pool_size=3), (243, 243, 1), 2, 1, "sgd").parameters > 0
    assert plan(CnnConfig(filters=(2,) * 5, pool_size=1), (28, 28, 1), 2, 1, "sgd").parameters > 0


def test_the_shorter_side_decides():
    with pytest.raises(UnbuildableNetwork, match="4 × 1 px of the 16 × 4 px"):
        plan(CnnConfig(filters=(2,) * 3), (16, 4, 1), 2, 1, "sgd")
