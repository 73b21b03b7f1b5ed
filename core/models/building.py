"""From a list of layers to a Keras model with seeded initial weights; the only place that makes layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.models.layers import Activation, Conv, Dense, Dropout, Flatten, Layer, Norm, Pool, Rescale

if TYPE_CHECKING:
    import keras

# Keras' 0.99 needs some 500 steps to learn the statistics that validation uses, more than small data sets take.
NORM_MOMENTUM = 0.9


def build_from(
    layers: Sequence[Layer], shape: tuple[int, int, int], *, initializer: str, seed: int, name: str, precision: str
) -> keras.Model:
    """A Keras functional model of these layers, not compiled.

    Args:
        layers: from the image to the answer.
        shape: of one prepared image, `(H, W, C)` in px; values 0 to 255, `uint8` or floats.
        initializer: one of `CnnConfig.initializer`.
        seed: the same seed gives the same initial weights and the same dropout.
        name: the model's name.
        precision: in which numbers it computes, a name of Keras' dtype policies; weights are float32 in any case.
    """
    import keras

    image, *rest = layers
    inputs = keras.Input(shape, name=image.name)
    outputs = inputs
    for position, layer in enumerate(rest):
        outputs = _make(layer, initializer, _layer_seed(seed, position), _numbers(layer, precision))(outputs)
    return keras.Model(inputs, outputs, name=name)


def _numbers(layer: Layer, precision: str) -> str:
    """The dtype policy of a layer. The answer is always computed in float32, also where the rest is less exact."""
    return "float32" if isinstance(layer, Dense) and layer.is_output else precision


def _make(layer: Layer, initializer: str, seed: int, numbers: str) -> Any:
    from keras import layers

    common = {"name": layer.name, "dtype": numbers}
    match layer:
        case Rescale():
            return layers.Rescaling(1 / 255, **common)
        case Conv():
            weights = _initializer(initializer, seed)
            return layers.Conv2D(layer.filters, layer.kernel_size, padding="same", kernel_initializer=weights, **common)
        case Norm():
            return layers.BatchNormalization(momentum=NORM_MOMENTUM, **common)
        case Activation():
            return layers.Activation(layer.curve, **common)
        case Pool():
            return layers.MaxPooling2D(layer.size, **common)
        case Dropout():
            return layers.Dropout(layer.rate, seed=seed, **common)
        case Flatten():
            return layers.Flatten(**common)
        case Dense():
            weights = _initializer(initializer, seed)
            return layers.Dense(layer.units, layer.curve, kernel_initializer=weights, **common)
        case _:
            raise TypeError(f"Only the first layer may be the image. Received: {layer!r}")


def _initializer(name: str, seed: int) -> Any:
    from keras import initializers

    kinds = {
        "glorot_uniform": initializers.GlorotUniform,
        "he_normal": initializers.HeNormal,
        "lecun_normal": initializers.LecunNormal,
        "random_normal": initializers.RandomNormal,
    }
    return kinds[name](seed=seed)


def _layer_seed(seed: int, position: int) -> int:
    """A seed of its own for every layer, so that equal layers do not start with equal weights."""
    return int(np.random.SeedSequence([seed, position]).generate_state(1)[0] >> 1)
