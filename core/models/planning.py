"""A network as arithmetic: shapes, parameters, receptive field and memory of a list of layers, without Keras.

Sources: the receptive field's recurrence, Araujo, Norris and Sim, "Computing receptive fields of convolutional neural
networks", Distill 2019; parameter counts as Keras counts them (a test builds both and compares).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from core.errors import UnbuildableNetwork
from core.models.layers import Activation, Conv, Dense, Dropout, Flatten, Image, Layer, Norm, Pool, Rescale
from core.specs import LayerRow, NetworkPlan

FLOAT_BYTES = 4
SLOTS = {"adam": 2, "sgd": 1, "rmsprop": 1, "full_batch": 0}

Shape = tuple[int, ...]


@dataclass(frozen=True)
class _Sized:
    """A layer with what it gives out and what it learns."""

    layer: Layer
    shape: Shape
    trained: int
    untrained: int


def plan_of(layers: Sequence[Layer], shape: Shape, batch_size: int, optimizer: str) -> NetworkPlan:
    """The table, the receptive field and the memory of a network.

    Args:
        layers: from the image to the answer.
        shape: of one prepared image, `(H, W, C)` in px.
        batch_size: images in one step, 1 or more.
        optimizer: one of `TrainingConfig.optimizer`; it decides how much is remembered per weight.

    Raises:
        UnbuildableNetwork: a pooling leaves less than one pixel; names the block and the cure.
    """
    sized = _sizes(layers, shape)
    rows = tuple(
        LayerRow(name=row.layer.name, output_shape=row.shape, parameters=row.trained + row.untrained) for row in sized
    )
    return NetworkPlan(
        layers=rows,
        parameters=sum(row.parameters for row in rows),
        receptive_field_px=receptive_field_px(layers),
        memory_bytes=_memory_bytes(sized, batch_size, optimizer),
    )


def receptive_field_px(layers: Sequence[Layer]) -> int:
    """The side, in px, of the square of the image that one value after the last block sees.

    Each window of side `k` adds `k - 1` steps, and a step is as long as the product of the strides before it.
    """
    field, step = 1, 1
    for layer in layers:
        match layer:
            case Conv():
                field += (layer.kernel_size - 1) * step
            case Pool():
                field += (layer.size - 1) * step
                step *= layer.size
    return field


def _sizes(layers: Sequence[Layer], shape: Shape) -> list[_Sized]:
    sized = []
    current = shape
    for layer in layers:
        if isinstance(layer, Pool) and min(current[:2]) < layer.size:
            blocks = sum(isinstance(each, Pool) for each in layers)
            raise _unbuildable(layer, blocks, current, shape)
        trained, untrained = _parameters(layer, current)
        current = _output_shape(layer, current)
        sized.append(_Sized(layer, current, trained, untrained))
    return sized


def _output_shape(layer: Layer, shape: Shape) -> Shape:
    match layer:
        case Conv():
            return (*shape[:2], layer.filters)
        case Pool():
            return (shape[0] // layer.size, shape[1] // layer.size, shape[2])
        case Flatten():
            return (prod(shape),)
        case Dense():
            return (layer.units,)
        case Image() | Rescale() | Norm() | Activation() | Dropout():
            return shape


def _parameters(layer: Layer, shape: Shape) -> tuple[int, int]:
    """Trained and untrained parameters of a layer that is given `shape`."""
    match layer:
        case Conv():
            return (layer.kernel_size**2 * shape[-1] + 1) * layer.filters, 0
        case Norm():
            return 2 * shape[-1], 2 * shape[-1]
        case Dense():
            return (shape[-1] + 1) * layer.units, 0
        case _:
            return 0, 0


def _memory_bytes(sized: Sequence[_Sized], batch_size: int, optimizer: str) -> int:
    """Weights, their gradients and the optimizer's slots; and each layer's answers, counted once.

    While the gradients of answers come, answers that are no longer needed go, so once is what a step takes: the peak of
    TensorFlow on a CPU lay between 0.94 and 1.11 times this estimate (ReLU and tanh, with and without normalisation,
    64 and 128 px, 64 to 400 images). Flattening makes no copy and counts for nothing.
    """
    trained = sum(row.trained for row in sized)
    untrained = sum(row.untrained for row in sized)
    answers = sum(prod(row.shape) for row in sized if not isinstance(row.layer, Flatten))
    weights = trained * (2 + SLOTS[optimizer]) + untrained
    return FLOAT_BYTES * (weights + batch_size * answers)


def _unbuildable(layer: Pool, blocks: int, current: Shape, image: Shape) -> UnbuildableNetwork:
    fitting = layer.block - 1
    fewer = f"at most {fitting} block{'s' * (fitting > 1)}, " if fitting else ""
    return UnbuildableNetwork(
        f"Block {layer.block} cannot pool by {layer.size}: only {current[0]} × {current[1]} px of the"
        f" {image[0]} × {image[1]} px image are left there.",
        f"Use {fewer}a smaller pool size, or an image side of at least {layer.size**blocks} px.",
    )
