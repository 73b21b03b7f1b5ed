"""The words in which a network is written down: plain layers in order, from which arithmetic and Keras both read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Image:
    """The image as it comes in: values 0 to 255, any number type."""

    name: str


@dataclass(frozen=True)
class Rescale:
    """Values 0 to 255 become 0 to 1."""

    name: str


@dataclass(frozen=True)
class Conv:
    """A convolution with bias that keeps height and width (`padding="same"`, stride 1)."""

    name: str
    filters: int
    kernel_size: int


@dataclass(frozen=True)
class Norm:
    """Batch normalisation over the channels."""

    name: str


@dataclass(frozen=True)
class Activation:
    """A curve applied to every value."""

    name: str
    curve: str


@dataclass(frozen=True)
class Pool:
    """The maximum of each `size` x `size` window; rows and columns that do not fill a window are dropped."""

    name: str
    size: int
    block: int


@dataclass(frozen=True)
class Dropout:
    """While training, a share `rate` of the values is switched off at random."""

    name: str
    rate: float


@dataclass(frozen=True)
class Flatten:
    """All values in one row."""

    name: str


@dataclass(frozen=True)
class Dense:
    """A fully connected layer with bias."""

    name: str
    units: int
    curve: Literal["relu", "tanh", "sigmoid", "softmax"]
    is_output: bool = False


Layer = Image | Rescale | Conv | Norm | Activation | Pool | Dropout | Flatten | Dense
