"""One group of the leak guard: its images side by side, and the clicks that settle it."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, Exclude, Place, Relabel, Split
from pages.parts import numbers, page, thumbnails
from pages.parts.data import edits as data_edits
from pages.parts.data import found as data_found
from pages.parts.thumbnails import SMALL_PX, Thumbnail

MOST_SHOWN = 8
SIDE_PX = 200
FEW, LEAST = 3, "5.5rem"
"""More images than this stand in narrower columns."""
TORN = " Its images are in more than one class."
HEADS = {
    "conflict": ("Two labels", "The same picture stands in more than one class: one of the labels must be wrong."),
    "same_pixels": ("Copies", "Pixel for pixel the same picture."),
    "near": ("Near-copies", "The same picture turned, mirrored, saved again or resized."),
    "patient": ("One patient", ""),
}


def show(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects, key: str, busy: bool) -> None:
    """What the group is, its images, and the clicks that settle it."""
    word, sentence = HEADS[group.kind]
    torn = data_found.is_torn(group)
    colour = "red" if torn else "orange" if group.crossing else "gray"
    where = " across the split" if group.crossing and group.kind != "patient" else ""
    more = _patient(row, card, group) if group.kind == "patient" else TORN if torn and group.kind == "near" else ""
    st.markdown(f":{colour}-badge[{word}{where}] {sentence}{more}")
    images = [_thumbnail(row, card, group, place) for place in range(min(len(group.item_ids), MOST_SHOWN))]
    small = card.max_side_px <= SMALL_PX
    least = LEAST if len(images) > FEW else thumbnails.LEAST
    thumbnails.show(images, row.id, side_px=SIDE_PX, small=small, least=least, version=data_found.version(card))
    if len(group.item_ids) > MOST_SHOWN:
        st.caption(f"and {numbers.count(len(group.item_ids) - MOST_SHOWN)} more")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"{key}_do"):
        if torn:  # first the labels; where the group stands is asked when they agree
            _which_is_right(row, card, group, key, busy)
            return
        if group.crossing:
            _sides(row, group, key, busy)
        if group.kind != "patient":
            _keep_one(row, group, key, busy)


def _patient(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects) -> str:
    """Who it is and where the images stand: `Patient pK3QX has 4 images in training, 2 in test.`"""
    name = page.safe(data_found.item(row, card, group.item_ids[0]).patient)
    counts = [(group.splits.count(split.value), split.label.lower()) for split in Split]
    first, *others = [(count, split) for count, split in counts if count]
    rest = "".join(f", {numbers.count(count)} in {split}" for count, split in others)
    return f"Patient {name} has {numbers.count(first[0], 'image')} in {first[1]}{rest}."


def _thumbnail(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects, place: int) -> Thumbnail:
    item = data_found.item(row, card, group.item_ids[place])
    split = Split(group.splits[place]).label
    return Thumbnail(item.item_id, item.name, [("", group.labels[place], ""), (split, "", "")])


def _sides(row: actions.DatasetRow, group: actions.Suspects, key: str, busy: bool) -> None:
    st.caption("Keep all in", width="content")
    for split in Split:
        edit = Place(item_ids=group.item_ids, split=split)
        data_edits.button(row, split.label, edit, key=f"{key}_{split.value}", busy=busy)


def _keep_one(row: actions.DatasetRow, group: actions.Suspects, key: str, busy: bool) -> None:
    copies = group.item_ids[1:]
    words = f"Keep the first, leave {numbers.count(len(copies), 'copy', 'copies')} out"
    data_edits.button(
        row, words, Exclude(item_ids=copies), key=f"{key}_drop", busy=busy, icon=":material/content_copy:"
    )


def _which_is_right(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects, key: str, busy: bool) -> None:
    st.caption("The right class is", width="content")
    for index in sorted(set(group.class_indices)):
        wrong = tuple(
            number for number, other in zip(group.item_ids, group.class_indices, strict=True) if other != index
        )
        name = card.classes[index]
        same = group.kind == "conflict"  # pixel for pixel: the others would be copies and no more
        edit = Exclude(item_ids=wrong) if same else Relabel(item_ids=wrong, label=name)
        data_edits.button(row, page.safe(name), edit, key=f"{key}_class_{index}", busy=busy)
    data_edits.button(
        row, "Leave all out", Exclude(item_ids=group.item_ids), key=f"{key}_out", busy=busy, type="tertiary"
    )
