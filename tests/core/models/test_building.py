"""Models as Keras builds them: equal to their plans, seeded, and the same after saving and loading."""

import itertools

import numpy as np
import pytest

from core.errors import DataGone, UnbuildableNetwork
from core.models import ARCHITECTURES, build, load, plan, save
from core.specs import CnnConfig

CONFIGS = [
    CnnConfig(filters=filters, kernel_size=kernel, pool_size=pool, dense_units=dense, **switched)
    for (filters, pool), kernel, dense, switched in itertools.product(
        [((3,), 1), ((3, 2), 2), ((2, 4, 3), 2), ((2, 3), 3), ((4,), 4), ((2,) * 5, 1)],
        [1, 4],
        [(), (6, 3, 5)],
        [{}, {"batch_normalization": True, "dropout": 0.2}],
    )
]


def table(model):
    return [(layer.name, tuple(layer.output.shape[1:]), layer.count_params()) for layer in model.layers]


@pytest.mark.parametrize(("shape", "classes"), [((9, 9, 1), 2), ((11, 9, 3), 4)])
def test_a_plan_equals_the_model_that_is_built(shape, classes):
    for config in CONFIGS:
        model, planned = build(config, shape, classes, seed=1), plan(config, shape, classes, 8, "adam")
        assert table(model) == [(row.name, row.output_shape, row.parameters) for row in planned.layers], config
        assert model.count_params() == planned.parameters


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_every_architecture_gives_probabilities_for_any_number_type(name):
    config = CnnConfig(architecture=name, filters=(2,), dense_units=())
    images = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    for classes, width in ((2, 1), (3, 3)):
        model = build(config, (8, 8, 3), classes, seed=0)
        answers = model.predict_on_batch(images)
        assert answers.shape == (5, width)
        assert answers.dtype == np.float32
        assert ((answers >= 0) & (answers <= 1)).all()
        assert np.allclose(answers.sum(axis=1), 1) == (classes == 3)
        np.testing.assert_allclose(model.predict_on_batch(images.astype("float32")), answers, rtol=1e-5)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    config = CnnConfig(filters=(4, 4), kernel_size=3, dense_units=(4, 4), dropout=0.5)
    first, again, other = (build(config, (8, 8, 1), 3, seed).get_weights() for seed in (7, 7, 8))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    # biases start at zero for every seed; kernels differ
    assert all(not np.array_equal(a, b) for a, b in zip(first, other, strict=True) if a.ndim > 1)


def test_equal_layers_do_not_start_with_equal_weights():
    config = CnnConfig(filters=(4, 4, 4), kernel_size=1, pool_size=1, dense_units=())
    kernels = [weights for weights in build(config, (8, 8, 1), 2, 0).get_weights() if weights.shape == (1, 1, 4, 4)]
    assert len(kernels) == 2
    assert not np.array_equal(*kernels)


@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal", "lecun_normal", "random_normal"])
def test_initial_weights_have_the_spread_of_their_rule(initializer):
    config = CnnConfig(filters=(8,), kernel_size=3, pool_size=1, dense_units=(200,), initializer=initializer)
    kernel = max(build(config, (10, 10, 1), 2, 0).get_weights(), key=lambda weights: weights.size)
    # the dense kernel: 10 * 10 * 8 = 800 in, 200 out
    spread = {
        "glorot_uniform": (2 / (800 + 200)) ** 0.5,
        "he_normal": (2 / 800) ** 0.5,
        "lecun_normal": (1 / 800) ** 0.5,
        "random_normal": 0.05,
    }[initializer]
    assert kernel.shape == (800, 200)
    assert kernel.std() == pytest.approx(spread, rel=0.03)  # 160,000 draws: the estimate is good to about 1 %


def test_build_refuses_what_plan_refuses():
    with pytest.raises(UnbuildableNetwork, match="Block 4"):
        build(CnnConfig(filters=(2,) * 4), (8, 8, 1), 2, 0)


def test_saving_and_loading_keeps_the_answers(tmp_path):
    config = CnnConfig(filters=(3,), dense_units=(4,), batch_normalization=True, dropout=0.3)
    model = build(config, (8, 8, 1), 3, seed=5)
    images = np.random.default_rng(1).integers(0, 256, (4, 8, 8, 1), dtype=np.uint8)
    save(model, tmp_path / "runs" / "model.keras")
    assert [file.name for file in (tmp_path / "runs").iterdir()] == ["model.keras"]
    np.testing.assert_array_equal(
        load(tmp_path / "runs" / "model.keras").predict_on_batch(images), model.predict_on_batch(images)
    )


def test_a_save_that_fails_keeps_the_old_file_and_leaves_nothing_else(tmp_path, monkeypatch):
    class Torn:
        def save(self, path):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

    (tmp_path / "model.keras").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        save(Torn(), tmp_path / "model.keras")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"model.keras": b"old"}


def test_a_missing_and_a_damaged_model_say_what_to_do(tmp_path):
    with pytest.raises(DataGone, match="no longer there"):
        load(tmp_path / "model.keras")
    save(build(CnnConfig(filters=(2,)), (8, 8, 1), 2, 0), tmp_path / "model.keras")
    whole = (tmp_path / "model.keras").read_bytes()
    (tmp_path / "model.keras").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataGone, match="damaged"):
        load(tmp_path / "model.keras")


def test_code_in_a_model_file_is_not_run(tmp_path):
    import keras

    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(inputs)).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="unsafe"):
        load(tmp_path / "model.keras")
