"""The leak guard: images that belong together, side by side, with what can be done about each group by one click."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, DatasetState, SettleCopies
from pages.parts import numbers, page, session
from pages.parts.data import divided as data_divided
from pages.parts.data import edits as data_edits
from pages.parts.data import found as data_found
from pages.parts.data import guard_group as data_group

AT_ONCE = 8
STYLE = """<style>
.st-key-data_group_list,.st-key-data_quiet_list{display:grid;align-items:start;
 grid-template-columns:repeat(auto-fill,minmax(min(22rem,100%),1fr))}
:is(.st-key-data_group_list,.st-key-data_quiet_list) button[kind=secondary]{padding-inline:.55rem}
</style>"""
WHY = (
    "A network that has seen an image, a copy of it or another image of the same patient in training knows it in the"
    " test: its figures look better than they are. Each group can be put on one side of the split, or its copies left"
    " out."
)


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """What needs an eye on it, worst first; what is settled is folded away."""
    groups = data_found.groups(row, card)
    pressing = sorted(filter(data_found.is_pressing, groups), key=lambda group: not data_found.is_torn(group))
    quiet = [group for group in groups if not data_found.is_pressing(group)]
    st.html(STYLE)
    accepted = row.state is DatasetState.ACCEPTED
    st.caption(f"{WHY} {data_edits.NEW_REVISION if accepted else data_edits.UNDONE}")
    if not pressing:
        st.markdown(f":green-badge[:material/check: Clean] {nothing_crosses(card)}")
    _all_at_once(row, card, groups)
    _list(row, card, pressing, "data_group")
    if quiet:
        with st.expander(f"{numbers.count(len(quiet), 'group')} on one side of the split: nothing has to be done"):
            st.caption("Each copy counts as an image of its own in training; leave copies out if they are not meant.")
            _list(row, card, quiet, "data_quiet")


def nothing_crosses(card: DatasetCard) -> str:
    """What can be said of a set of which no group stands on two sides; of patients only if all are known."""
    if data_divided.all_patients_known(card):
        return "No picture and no patient stands on two sides of the split."
    if card.patients:
        return "No picture and no known patient stands on two sides of the split; of some images it is not known whose."
    return "No picture stands on two sides of the split. Whose the images are is not known."


def _all_at_once(row: actions.DatasetRow, card: DatasetCard, groups: list[actions.Suspects]) -> None:
    """Two buttons for every group of copies; and one that keeps patients together."""
    if any(group.kind == "patient" for group in groups):
        _keep_patients(row, card)
    near = any(group.kind == "near" for group in groups)
    copies = [group for group in groups if group.kind != "patient"]
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
        chosen = [group for group in copies if with_near or group.kind != "near"]
        copied, crossing = how_many_copies(chosen), any(group.crossing for group in chosen)
        with st.container(horizontal=True):
            left_out = numbers.count(copied, "copy", "copies") if copied else "the copies"
            words = f"Keep one of each, leave {left_out} out"
            drop = SettleCopies(how="drop", near=with_near)
            data_edits.button(row, words, drop, key="data_settle_drop", disabled=not copied)
            together = SettleCopies(how="together", near=with_near)
            words = "Put each group into one split"
            data_edits.button(row, words, together, key="data_settle_together", disabled=not crossing)
        if near and not (with_near or copied or crossing):
            st.caption("There is nothing to settle at once without the near-copies.")


def how_many_copies(groups: Sequence[actions.Suspects]) -> int:
    """How many images go when one of each group and class stays; no image goes twice."""
    near = {item_id for group in groups if group.kind == "near" for item_id in group.item_ids}
    counted = [group for group in groups if group.kind == "near" or not near.issuperset(group.item_ids)]
    return sum(len(group.item_ids) - len(set(group.class_indices)) for group in counted)


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
    busy = data_edits.under_way(row.id)
    with st.container(key=f"{key}_list"):
        for number, group in enumerate(groups[:shown]):
            with st.container(border=True, gap="small", height="stretch", key=f"{key}_{number}"):
                data_group.show(row, card, group, f"{key}_{number}", busy)
    if len(groups) > shown:
        left = numbers.count(len(groups) - shown)
        st.button(f"Show more ({left})", key=f"{key}_more", on_click=lambda: drafts.update({many: shown + 3 * AT_ONCE}))
