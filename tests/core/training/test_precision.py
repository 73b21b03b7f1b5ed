"""Which numbers a run computes in, on played hardware; and that the model that is kept is float32 in any case."""

import keras
import numpy as np
import pytest

from core.models import build, load, plan
from core.specs import CnnConfig
from core.training import backends, precision, train
from core.training.hardware import cpu_flags
from core.training.objective import compile_model
from tests.core.training.test_train import Tape, config, toy

WIDE = plan(CnnConfig(filters=(16, 16)), (64, 64, 3), 3, 32, "adam")
SMALL = plan(CnnConfig(filters=(4,)), (8, 8, 1), 2, 32, "adam")


@pytest.fixture
def play(monkeypatch):
    """A machine: the flags of its CPU, the capability of its GPU, and what a timed convolution would say."""
    for name in precision.TUNED:
        monkeypatch.delenv(name, raising=False)

    def go(*, flags=(), capability=None, share=None, follows=True, asked="auto", planned=WIDE):
        monkeypatch.setattr(precision, "cpu_flags", lambda: frozenset(flags))
        monkeypatch.setattr(precision, "timed_share", lambda dtype: share)
        monkeypatch.setattr(backends, "compute_capability", lambda: capability)
        monkeypatch.setattr(backends, "has_gpu", lambda: capability is not None)
        monkeypatch.setattr(backends, "follows_cpu_flags", lambda: follows)
        return precision.choose(asked, planned)

    return go


@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        (("avx2", "avx512f", "avx512_bf16"), "mixed_bfloat16"),
        (("avx2", "amx_bf16"), "mixed_bfloat16"),
        (("avx2", "avx512f"), "float32"),
    ],
)
def test_a_cpu_is_known_by_its_flags(play, flags, policy):
    found = play(flags=flags)
    assert found.policy == policy
    assert "natively" in found.words


@pytest.mark.parametrize(
    ("capability", "policy"),
    [((9, 0), "mixed_bfloat16"), ((8, 0), "mixed_bfloat16"), ((7, 5), "mixed_float16"), ((6, 1), "float32")],
)
def test_a_gpu_is_known_by_its_capability_whatever_the_cpu_is(play, capability, policy):
    found = play(capability=capability, flags=("avx512_bf16",))
    assert found.policy == policy
    assert f"{capability[0]}.{capability[1]}" in found.words


@pytest.mark.parametrize(("share", "policy"), [(0.5, "mixed_bfloat16"), (0.9, "float32"), (None, "float32")])
def test_where_flags_do_not_tell_a_convolution_is_timed(play, monkeypatch, share, policy):
    assert play(share=share).policy == policy  # no flags: not an x86
    assert play(share=share, flags=("avx512_bf16",), follows=False).policy == policy  # another backend
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert play(share=share, flags=("avx512_bf16",)).policy == policy
    assert ("2.0 times" in play(share=share).words) is (share == 0.5)


def test_what_is_asked_for_is_used_and_small_networks_stay_exact(play):
    assert play(asked="mixed_float16").policy == "mixed_float16"
    assert play(asked="float32", flags=("avx512_bf16",)).words == "float32: as asked for"
    small = play(flags=("avx512_bf16",), planned=SMALL)
    assert (small.policy, "too small" in small.words) == ("float32", True)


def test_work_counts_each_weight_once_for_each_place():
    # 8 x 8 places of 9 * 4 + 4 weights; then dense layers of 4 * 4 * 4 * 128 + 128 and 128 + 1
    assert precision.work(SMALL) == 64 * 40 + 8192 + 128 + 129


def test_flags_are_read_from_the_kernels_own_list(tmp_path):
    (tmp_path / "cpuinfo").write_text(
        "processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\nprocessor\t: 1\nflags\t\t: fpu\n"
    )
    assert cpu_flags(tmp_path / "cpuinfo") == {"fpu", "avx2", "avx512_bf16"}
    assert cpu_flags(tmp_path / "none") == frozenset()


def test_a_convolution_is_timed_in_both_or_refused(monkeypatch):
    share = precision.timed_share("float32")
    assert share is not None
    assert share > 0

    def refuse(dtype):
        raise NotImplementedError

    assert all(issubclass(kind, Exception) and kind is not Exception for kind in backends.refusals())
    monkeypatch.setattr(backends, "refusals", lambda: (NotImplementedError,))
    monkeypatch.setattr(precision, "_convolution_s", refuse)
    assert precision.timed_share("bfloat16") is None


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_weights_start_equal_and_the_answer_is_exact_in_every_precision(policy):
    model = CnnConfig(filters=(4,), batch_normalization=True)
    full, short = (build(model, (8, 8, 1), 3, 7, name) for name in ("float32", policy))
    assert all(np.array_equal(a, b) for a, b in zip(full.get_weights(), short.get_weights(), strict=True))
    assert {weight.dtype for weight in short.weights} == {"float32"}
    assert short.layers[-1].compute_dtype == "float32"
    assert short.layers[2].compute_dtype == policy.removeprefix("mixed_")


def test_float16_alone_scales_its_loss():
    for policy, scales in (("float32", False), ("mixed_bfloat16", False), ("mixed_float16", True)):
        model = build(CnnConfig(filters=(2,)), (8, 8, 1), 2, 0, policy)
        compile_model(model, config(optimizer="sgd").training, 2)
        assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer) is scales


def test_a_run_in_bfloat16_learns_keeps_a_float32_model_and_says_what_it_used(tmp_path):
    data = toy(3)
    chosen = config(learning_rate=0.05, epochs=3, precision="mixed_bfloat16")
    summary = train(chosen, data, tmp_path, Tape())
    assert (summary.precision, summary.precision_words) == ("mixed_bfloat16", "bfloat16: as asked for")
    assert (summary.batch_size, summary.steps_per_execution) == (16, 1)
    assert summary.val_accuracy > 0.9
    kept = load(tmp_path / "model.keras")
    assert {layer.dtype_policy.name for layer in kept.layers} == {"float32"}
    assert "bfloat16" not in str(kept.get_config())
    answers = kept.predict_on_batch(data.images[data.val])
    assert answers.dtype == np.float32
    # in float32 an answer at the edge may fall the other way: one image of 30
    assert (answers.argmax(axis=1) == data.class_indices[data.val]).mean() == pytest.approx(
        summary.val_accuracy, abs=0.04
    )
