"""What the form will become: the layers with their shapes, what each sees, and what it costs; or why it cannot be."""

from __future__ import annotations

import re

import streamlit as st

from core.errors import LightboxError
from core.specs import DatasetCard, NetworkPlan, RunConfig, Split
from pages.parts import numbers, page
from pages.parts.tables import Card, Cell, Column, show_cards, show_table
from pages.parts.train.form import Choice

PLACES = {
    "image": "Image",
    "rescale": "Values brought to 0 to 1",
    "flatten": "Laid out in one row",
    "answer": "Answer",
}
KINDS = {
    "conv": "convolution",
    "norm": "batch normalisation",
    "activation": "activation",
    "pool": "max pooling",
    "dropout": "dropout",
}


def show(choice: Choice, card: DatasetCard) -> None:
    """The network beside its form, drawn anew with each change."""
    st.markdown("### The network as it will be built")
    if choice.error is not None:
        _refused(choice.error)
    if choice.plan is None:
        return
    show_cards(_cards(choice.plan, choice.config, card))
    show_table(
        [Column("Layer"), Column("Output", "height × width × channels"), Column("Parameters", number=True)],
        _rows(choice.plan),
        sums=1,
    )
    st.caption(
        f"It learns from {numbers.count(card.count(Split.TRAIN), 'training image')}"
        f" and is checked on {numbers.count(card.count(Split.VALIDATION), 'validation image')} after each epoch;"
        f" {numbers.count(card.count(Split.TEST), 'test image')} stay untouched."
    )


def _refused(error: LightboxError) -> None:
    page.show_error(error)
    st.caption("Start is off until this is changed on the left.")


def _cards(plan: NetworkPlan, config: RunConfig, card: DatasetCard) -> list[Card]:
    side = config.recipe.side_px
    return [
        Card("Parameters", numbers.count(plan.parameters), sentence="The numbers that training sets."),
        Card(
            "Receptive field",
            f"{plan.receptive_field_px} px",
            sentence=f"How much of the {side} px image one value of the last block sees.",
        ),
        Card("Memory", numbers.size(plan.memory_bytes), sentence="To train one batch, as an estimate."),
        _length(config, card.count(Split.TRAIN)),
    ]


def _length(config: RunConfig, images: int) -> Card:
    training = config.training
    if training.batch_auto and training.optimizer != "full_batch" and training.limit == "epochs":
        return Card("Length", numbers.count(training.epochs, "epoch"), sentence="The batch size is found at the start.")
    batches = 1 if training.optimizer == "full_batch" else -(-images // training.batch_size)
    if training.limit == "epochs":
        steps = numbers.count(batches * training.epochs, "step")
        words = f"{numbers.count(training.epochs, 'epoch')} of {numbers.count(batches, 'batch', 'batches')} each."
    else:
        steps = numbers.count(training.iterations, "step")
        words = f"About {training.iterations / max(1, batches):.1f} passes over the images."
    return Card("Length at most", steps, sentence=words)


def _rows(plan: NetworkPlan) -> list[list[Cell | str]]:
    largest = max((layer.parameters for layer in plan.layers), default=0) or 1
    rows: list[list[Cell | str]] = [
        [
            in_words(layer.name),
            "\u00a0×\u00a0".join(map(str, layer.output_shape)),
            _parameters(layer.parameters, largest),
        ]
        for layer in plan.layers
    ]
    return [*rows, ["All layers", "", numbers.count(plan.parameters)]]


def in_words(layer: str) -> str:
    """A layer's name as people read it: `block2_conv` is `Block 2: convolution`."""
    place, _, kind = layer.partition("_")
    named = PLACES.get(place) or re.sub(r"^block(\d+)$", r"Block \1", re.sub(r"^dense(\d+)$", r"Dense layer \1", place))
    return f"{named}: {KINDS.get(kind, kind)}" if kind else named


def _parameters(own: int, largest: int) -> Cell:
    return Cell(numbers.count(own) if own else numbers.UNKNOWN, share=own / largest if own else None)
