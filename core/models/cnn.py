"""The convolutional network of the field's textbooks (LeCun 1998, Simonyan 2014) as a list of layers.

A block is convolution, batch normalisation if asked for, activation, max pooling, dropout if asked for; then dense
layers, then the answer: one sigmoid unit, the probability of class 1, for two classes, a softmax for more.
"""

from __future__ import annotations

from core.models.layers import Activation, Conv, Dense, Dropout, Flatten, Image, Layer, Norm, Pool, Rescale
from core.specs import CnnConfig


def layers(config: CnnConfig, classes: int) -> tuple[Layer, ...]:
    """The network's layers from the image to the answer.

    Args:
        config: blocks, dense layers and what is switched on.
        classes: number of classes, 2 or more.
    """
    found: list[Layer] = [Image("image"), Rescale("rescale")]
    for number, filters in enumerate(config.filters, start=1):
        found += _block(config, number, filters)
    found.append(Flatten("flatten"))
    for number, units in enumerate(config.dense_units, start=1):
        found.append(Dense(f"dense{number}", units, config.activation))
        found += _dropout(config, f"dense{number}")
    found.append(_answer(classes))
    return tuple(found)


def _block(config: CnnConfig, number: int, filters: int) -> list[Layer]:
    """One convolution block; a pool size of 1 would change nothing, so that layer is left out."""
    name = f"block{number}"
    norm: list[Layer] = [Norm(f"{name}_norm")] if config.batch_normalization else []
    pool: list[Layer] = [Pool(f"{name}_pool", config.pool_size, number)] if config.pool_size > 1 else []
    return [
        Conv(f"{name}_conv", filters, config.kernel_size),
        *norm,
        Activation(f"{name}_activation", config.activation),
        *pool,
        *_dropout(config, name),
    ]


def _dropout(config: CnnConfig, name: str) -> list[Layer]:
    return [Dropout(f"{name}_dropout", config.dropout)] if config.dropout else []


def _answer(classes: int) -> Dense:
    if classes == 2:
        return Dense("answer", 1, "sigmoid", is_output=True)
    return Dense("answer", classes, "softmax", is_output=True)
