"""Which architectures there are: each is asked for its plan and for its model by the config's `architecture`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.models import cnn
from core.models.building import build_from
from core.models.planning import plan_of
from core.specs import CnnConfig, NetworkPlan

if TYPE_CHECKING:
    import keras

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Architecture:
    """How a config of one kind becomes a plan (without Keras) and a model (with it)."""

    plan: Callable[[CnnConfig, Shape, int, int, str], NetworkPlan]
    build: Callable[[CnnConfig, Shape, int, int, str], keras.Model]


def plan(config: CnnConfig, shape: Shape, classes: int, batch_size: int, optimizer: str) -> NetworkPlan:
    """What a config will become, known before it is built; never imports Keras.

    Args:
        config: the network's settings.
        shape: of one prepared image, `(H, W, C)` in px.
        classes: number of classes, 2 or more.
        batch_size: images in one step; full-batch descent takes all training images.
        optimizer: one of `TrainingConfig.optimizer`.

    Raises:
        UnbuildableNetwork: the layers do not fit the image; names the block and the cure.
    """
    return ARCHITECTURES[config.architecture].plan(config, shape, classes, batch_size, optimizer)


def build(config: CnnConfig, shape: Shape, classes: int, seed: int, precision: str = "float32") -> keras.Model:
    """The Keras model of a config, not compiled; the same seed gives the same initial weights.

    Args:
        config: the network's settings.
        shape: of one prepared image, `(H, W, C)` in px; the model takes values 0 to 255, `uint8` or floats.
        classes: two give one sigmoid unit `(N, 1)`, the probability of class 1; more give a softmax `(N, classes)`.
        seed: 0 to 2³¹ - 1.
        precision: in which numbers it computes: "float32", "mixed_bfloat16" or "mixed_float16"; the weights are float32
            and the same in each.

    Raises:
        UnbuildableNetwork: the layers do not fit the image; names the block and the cure.
    """
    plan(config, shape, classes, 1, "sgd")
    return ARCHITECTURES[config.architecture].build(config, shape, classes, seed, precision)


def _plan_cnn(config: CnnConfig, shape: Shape, classes: int, batch_size: int, optimizer: str) -> NetworkPlan:
    return plan_of(cnn.layers(config, classes), shape, batch_size, optimizer)


def _build_cnn(config: CnnConfig, shape: Shape, classes: int, seed: int, precision: str) -> keras.Model:
    return build_from(
        cnn.layers(config, classes),
        shape,
        initializer=config.initializer,
        seed=seed,
        name=config.architecture,
        precision=precision,
    )


ARCHITECTURES: dict[str, Architecture] = {"cnn": Architecture(_plan_cnn, _build_cnn)}
