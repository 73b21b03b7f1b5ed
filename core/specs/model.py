"""The network's shape: the convolutional network of the field's textbooks (LeCun 1998, Simonyan 2014)."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from core.specs.base import Spec, check_items, knob


class CnnConfig(Spec):
    """Convolution blocks (convolution, activation, max pooling), then dense layers, then the output layer."""

    architecture: Literal["cnn"] = "cnn"
    filters: tuple[int, ...] = knob(
        (32, 64, 128),
        "Filters in each convolution block",
        low=1,
        high=1024,
        items=(1, 5),
        does="How many patterns each convolution block can look for; the number of entries is the number of blocks.",
        when="Add a block or filters when training accuracy stays low, take some away when validation falls behind.",
    )
    kernel_size: int = knob(
        3,
        "Kernel size",
        low=1,
        high=11,
        unit="px",
        does="The side of the window that each filter looks through.",
        when="Raise it when the patterns that matter are coarse; 3 suits most images.",
    )
    pool_size: int = knob(
        2,
        "Pool size",
        low=1,
        high=4,
        unit="px",
        does="After each block the image is made smaller by this factor, keeping the strongest answer.",
        when="Set 1 to keep full detail in small images; higher values make training faster.",
    )
    activation: Literal["relu", "tanh", "sigmoid"] = knob(
        "relu",
        "Activation",
        choice_labels=("ReLU", "tanh", "Sigmoid"),
        does="The curve that each layer's answers are passed through.",
        when="Leave it at ReLU unless you want to see how the older ones compare.",
    )
    initializer: Literal["glorot_uniform", "he_normal", "lecun_normal", "random_normal"] = knob(
        "glorot_uniform",
        "Initial weights",
        choice_labels=("Glorot uniform", "He normal", "LeCun normal", "Random normal (0.05)"),
        does="How the weights are drawn before training begins.",
        when="Try He normal with ReLU when a deep network does not start to learn.",
    )
    batch_normalization: bool = knob(
        False,
        "Batch normalisation",
        does="Brings each block's answers to mean 0 and spread 1 within a batch.",
        when="Turn it on when training is slow or unstable; it needs batches of 16 or more.",
    )
    dropout: float = knob(
        0.0,
        "Dropout",
        low=0,
        high=0.9,
        step=0.05,
        does="During training this share of each layer's answers is switched off at random.",
        when="Use 0.2 to 0.5 when training accuracy is much better than validation accuracy.",
    )
    dense_units: tuple[int, ...] = knob(
        (128,),
        "Dense units",
        low=1,
        high=4096,
        items=(0, 3),
        does="The units of each dense layer before the answer; one entry is one layer.",
        when="Lower it when validation falls behind, raise it when training accuracy stays low.",
    )

    @field_validator("filters", "dense_units")
    @classmethod
    def _entries(cls, values: tuple[int, ...], info: object) -> tuple[int, ...]:
        return check_items(values, cls, info.field_name)  # type: ignore[attr-defined]
