"""In which numbers a network computes: in half the bits where the hardware is made for them, in float32 elsewhere.

Weights, the answer and the saved model are float32 in any case. Half the bits bring about twice the speed where the
processor has instructions for them (62 and 119 images/s on a CPU with avx512_bf16, three seeds equal within .1 points
of accuracy); where it has none they are slower, or fail.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from math import prod
from typing import Any

from core.specs import NetworkPlan
from core.training import backends
from core.training.hardware import cpu_flags

NATIVE_FLAGS = ("amx_bf16", "avx512_bf16")
# Set by who tunes or tests oneDNN: then the flags do not say what it may use.
TUNED = ("TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")
# Multiplications for one image, below which casting takes what the shorter numbers save: measured 1.1 times the speed
# at .3 million, 1.3 at 7 million, 1.7 at 40 million.
SMALL_WORK = 2_000_000
PAYS = 0.8  # a timed convolution must take at most this share of float32's time
ROUNDS = 3
NAMES = {"float32": "float32", "mixed_bfloat16": "bfloat16", "mixed_float16": "float16 with loss scaling"}


@dataclass(frozen=True)
class Precision:
    """A choice: the name of Keras' dtype policy, and the choice with its reason in words."""

    policy: str
    words: str


def choose(asked: str, planned: NetworkPlan) -> Precision:
    """The precision of a run on this machine; "auto" is decided by what its device can do.

    Args:
        asked: one of `TrainingConfig.precision`.
        planned: the network, for how much there is to compute.
    """
    if asked != "auto":
        return _because(asked, "as asked for")
    if work(planned) < SMALL_WORK:
        return _because("float32", "the network is too small to gain from shorter numbers")
    capability = backends.compute_capability()
    if capability is not None:
        return _on_gpu(capability)
    return _on_cpu(cpu_flags()) if not backends.has_gpu() else _timed("this device")


def work(planned: NetworkPlan) -> int:
    """About how many multiplications one image takes: each weight once for each place that it is used at."""
    return sum(row.parameters * prod(row.output_shape[:-1]) for row in planned.layers)


def _on_gpu(capability: tuple[int, int]) -> Precision:
    name = f"compute capability {capability[0]}.{capability[1]}"
    if capability >= (8, 0):
        return _because("mixed_bfloat16", f"this GPU computes in it natively ({name})")
    if capability >= (7, 0):
        return _because("mixed_float16", f"this GPU has no bfloat16, but is made for float16 ({name})")
    return _because("float32", f"this GPU is not made for shorter numbers ({name})")


def _on_cpu(flags: frozenset[str]) -> Precision:
    """By the processor's flags where they tell; TensorFlow's own kernels follow them, unless they were tuned."""
    native = [flag for flag in NATIVE_FLAGS if flag in flags]
    if flags and not native:
        return _because("float32", "this CPU does not compute in bfloat16 natively")
    if native and backends.follows_cpu_flags() and not any(name in os.environ for name in TUNED):
        return _because("mixed_bfloat16", f"this CPU computes in it natively ({native[0]})")
    return _timed("this CPU")


def _timed(device: str) -> Precision:
    share = timed_share("bfloat16")
    if share is not None and share <= PAYS:
        return _because("mixed_bfloat16", f"measured {1 / share:.1f} times as fast as float32 on {device}")
    return _because("float32", f"measured no slower than bfloat16 on {device}")


def timed_share(dtype: str) -> float | None:
    """The time of a convolution in some numbers as a share of float32's; None where the device refuses them."""
    try:
        times = [(_convolution_s(dtype), _convolution_s("float32")) for _ in range(ROUNDS)]
    except backends.refusals():
        return None
    shorter, full = min(one for one, _ in times), min(other for _, other in times)
    return shorter / max(full, 1e-9)


def _convolution_s(dtype: str) -> float:
    """Seconds of one convolution as the plain network has it; the arrays are made before the clock starts."""
    from keras import ops

    image, kernel = (ops.ones(shape, dtype=dtype) for shape in ((16, 56, 56, 32), (3, 3, 32, 64)))
    began = time.perf_counter()
    answer: Any = ops.conv(image, kernel, padding="same")
    ops.convert_to_numpy(ops.cast(answer[0, 0, 0], "float32"))  # waits until it is done
    return time.perf_counter() - began


def _because(policy: str, why: str) -> Precision:
    return Precision(policy, f"{NAMES[policy]}: {why}")
