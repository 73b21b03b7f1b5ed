"""The leak guard: images that belong together, side by side, with what can be done about each group by one click."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, DatasetState, Exclude, Place, SettleCopies, Split
from pages.parts import numbers, page, session, thumbnails
from pages.parts.data import edits as data_edits
from pages.parts.data import found as data_found
from pages.parts.thumbnails import SMALL_PX, Thumbnail

AT_ONCE = 8
MOST_SHOWN = 8
SIDE_PX = 200
HEADS = {
    "conflict": ("Two labels", "The same picture stands in more than one class: one of the labels must be wrong."),
    "same_pixels": ("Copies", "Pixel for pixel the same picture."),
    "near": ("Near-copies", "The same picture turned, mirrored, saved again or resized."),
    "patient": ("One patient", "Images of one patient in more than one split."),
}
STYLE = """<style>
.st-key-data_group_list,.st-key-data_quiet_list{display:grid;align-items:start;
 grid-template-columns:repeat(auto-fill,minmax(min(22rem,100%),1fr))}
</style>"""
WHY = (
    "A network that has seen an image, a copy of it or another image of the same patient in training knows it in the"
    " test: its figures look better than they are. Each group can be put on one side of the split, or its copies left"
    " out."
)


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """What needs an eye on it, worst first; what is settled is folded away."""
    groups = data_found.groups(row, card)
    pressing = sorted(filter(data_found.is_pressing, groups), key=lambda group: group.kind != "conflict")
    quiet = [group for group in groups if not data_found.is_pressing(group)]
    st.html(STYLE)
    accepted = row.state is DatasetState.ACCEPTED
    st.caption(f"{WHY} {data_edits.NEW_REVISION if accepted else data_edits.UNDONE}")
    if not pressing:
        st.markdown(":green-badge[:material/check: Clean] No picture and no patient stands on two sides of the split.")
    _all_at_once(row, card, groups)
    _list(row, card, pressing, "data_group")
    if quiet:
        with st.expander(f"{numbers.count(len(quiet), 'group')} on one side of the split: nothing has to be done"):
            st.caption("Each copy counts as an image of its own in training; leave copies out if they are not meant.")
            _list(row, card, quiet, "data_quiet")


def _all_at_once(row: actions.DatasetRow, card: DatasetCard, groups: list[actions.Suspects]) -> None:
    """Two buttons for every group of copies; and one that keeps patients together."""
    if any(group.kind == "patient" for group in groups):
        _keep_patients(row, card)
    near = any(group.kind == "near" for group in groups)
    copies = [group for group in groups if group.kind in ("same_pixels", "near")]
    if len(copies) < 2:
        return
    with st.container(border=True, key="data_all_at_once"):
        st.markdown("**All groups of copies at once**")
        with_near = near and st.toggle(
            "Near-copies too",
            key=f"data_near_{row.id}",
            help="Counts images as copies that are one another turned, mirrored, saved again or resized. Look at the"
            " groups before: images of one scene may be so alike without being copies.",
        )
        chosen = [group for group in copies if with_near or group.kind == "same_pixels"]
        copied = sum(len(group.item_ids) - 1 for group in chosen)
        with st.container(horizontal=True):
            words = f"Keep one of each, leave {numbers.count(copied, 'copy', 'copies')} out"
            drop = SettleCopies(how="drop", near=with_near)
            data_edits.button(row, words, drop, key="data_settle_drop", disabled=not chosen)
            together = SettleCopies(how="together", near=with_near)
            data_edits.button(
                row, "Put each group into one split", together, key="data_settle_together", disabled=not chosen
            )


def _keep_patients(row: actions.DatasetRow, card: DatasetCard) -> None:
    """One click for all patients, while the split may still be drawn."""
    if row.state is not DatasetState.REVIEW or not keeps_patients_apart(card):
        return
    with st.container(border=True, key="data_keep_patients"):
        st.markdown("**Patients stand in more than one split.** One new split keeps each of them together.")
        keep_patients_button(row, card, "data_keep_patients_button")


def keeps_patients_apart(card: DatasetCard) -> bool:
    """Whether another split would keep patients together that this one tears apart."""
    return bool(card.patients) and (card.split.by != "patient" or card.split.source == "given")


def keep_patients_button(row: actions.DatasetRow, card: DatasetCard, key: str) -> None:
    """Draws the split anew by patient."""
    if st.button("Keep patients together", key=key, icon=":material/group:", disabled=data_edits.under_way(row.id)):
        split = card.split.model_copy(update={"by": "patient", "source": "drawn"})
        try:
            actions.set_split(session.home(), row.id, split)
        except LightboxError as error:
            page.show_error(error)
            return
        st.rerun()


def _list(row: actions.DatasetRow, card: DatasetCard, groups: list[actions.Suspects], key: str) -> None:
    drafts = session.visitor().drafts
    many = f"{key}_shown:{row.id}"
    shown = int(drafts.get(many, AT_ONCE))
    with st.container(key=f"{key}_list"):
        for number, group in enumerate(groups[:shown]):
            with st.container(border=True, gap="small", height="stretch", key=f"{key}_{number}"):
                _group(row, card, group, f"{key}_{number}")
    if len(groups) > shown:
        left = numbers.count(len(groups) - shown)
        st.button(f"Show more ({left})", key=f"{key}_more", on_click=lambda: drafts.update({many: shown + 3 * AT_ONCE}))


def _group(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects, key: str) -> None:
    """What the group is, its images, and the clicks that settle it."""
    word, sentence = HEADS[group.kind]
    colour = "red" if group.kind == "conflict" else "orange" if group.crossing else "gray"
    torn = " In more than one class." if group.kind == "near" and len(set(group.class_indices)) > 1 else ""
    where = " across the split" if group.crossing and group.kind != "patient" else ""
    st.markdown(f":{colour}-badge[{word}{where}] {sentence}{torn}")
    images = [_thumbnail(row, group, place) for place in range(min(len(group.item_ids), MOST_SHOWN))]
    small = card.max_side_px <= SMALL_PX
    thumbnails.show(images, row.id, side_px=SIDE_PX, small=small, version=data_found.version(card))
    if len(group.item_ids) > MOST_SHOWN:
        st.caption(f"and {numbers.count(len(group.item_ids) - MOST_SHOWN)} more")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_do"):
        if group.kind == "conflict":
            _which_is_right(row, card, group, key)
        elif group.crossing:
            _sides(row, group, key)
        if group.kind in ("same_pixels", "near"):
            _keep_one(row, group, key)


def _thumbnail(row: actions.DatasetRow, group: actions.Suspects, place: int) -> Thumbnail:
    item = actions.item(session.home(), row.id, group.item_ids[place])
    split = Split(group.splits[place]).label
    return Thumbnail(item.item_id, item.name, [("", group.labels[place], ""), (split, "", "")])


def _sides(row: actions.DatasetRow, group: actions.Suspects, key: str) -> None:
    st.caption("Keep all in", width="content")
    for split in Split:
        edit = Place(item_ids=group.item_ids, split=split)
        data_edits.button(row, split.label, edit, key=f"{key}_{split.value}")


def _keep_one(row: actions.DatasetRow, group: actions.Suspects, key: str) -> None:
    copies = group.item_ids[1:]
    words = f"Keep the first, leave {numbers.count(len(copies), 'copy', 'copies')} out"
    data_edits.button(row, words, Exclude(item_ids=copies), key=f"{key}_drop", icon=":material/content_copy:")


def _which_is_right(row: actions.DatasetRow, card: DatasetCard, group: actions.Suspects, key: str) -> None:
    st.caption("The right class is", width="content")
    for index in sorted(set(group.class_indices)):
        wrong = tuple(
            number for number, other in zip(group.item_ids, group.class_indices, strict=True) if other != index
        )
        name = page.safe(card.classes[index])
        data_edits.button(row, name, Exclude(item_ids=wrong), key=f"{key}_class_{index}")
    data_edits.button(row, "Leave all out", Exclude(item_ids=group.item_ids), key=f"{key}_out", type="tertiary")
