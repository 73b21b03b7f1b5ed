"""A network as a table, known before it is built: layers, shapes, parameters, receptive field, memory."""

from __future__ import annotations

from core.specs.base import Spec


class LayerRow(Spec):
    """One layer: its name, the shape it gives out (without the batch), its parameters."""

    name: str
    output_shape: tuple[int, ...]
    parameters: int


class NetworkPlan(Spec):
    """What a config will become.

    Attributes:
        layers: in order.
        parameters: trained and not trained, in all.
        receptive_field_px: side of the square of input pixels that one value of the last block sees.
        memory_bytes: estimate for training one batch: weights, gradients, optimizer slots, and each layer's answers.
    """

    layers: tuple[LayerRow, ...]
    parameters: int
    receptive_field_px: int
    memory_bytes: int
