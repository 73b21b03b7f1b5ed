"""Recipes under a name: start from one, keep one, forget one; and the way on to training."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import Augmentation, DatasetCard, default_recipe
from pages.parts import page, session
from pages.parts.prepare.draft import Draft

DEFAULT = "default"
ASKED = "prepare_forget_asked"


def start_from(row: actions.DatasetRow, card: DatasetCard, draft: Draft) -> None:
    """Load a saved recipe or the default one into the draft, or forget a saved one."""
    saved = {recipe.id: recipe for recipe in actions.recipes(session.home(), row.id)}
    names = {DEFAULT: "Default for these images"} | {recipe.id: recipe.name for recipe in saved.values()}

    def load(chosen: str) -> None:
        if chosen in saved:
            draft.load(saved[chosen].recipe, saved[chosen].augmentation)
        else:
            draft.load(default_recipe(card), Augmentation())

    def ask(chosen: str) -> None:
        session.visitor().drafts[ASKED] = chosen

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="prepare_from"):
        chosen = st.selectbox(
            "Start from a recipe",
            list(names),
            format_func=lambda key: names.get(key, "?"),
            key=f"prepare_from_{row.id}",
            width=320,
            help="A recipe is the list of steps with their settings. It travels with every model trained on it.",
        )
        st.button("Load", key="prepare_load", on_click=load, args=(chosen,))
        if chosen in saved:
            st.button("Delete", key="prepare_forget", icon=":material/delete:", on_click=ask, args=(chosen,))
    asked = session.visitor().drafts.get(ASKED)
    if asked in saved:
        dialog = st.dialog("Delete this recipe?", on_dismiss=lambda: session.visitor().drafts.pop(ASKED, None))
        dialog(_ask_forget)(asked, names[asked])


def keep(row: actions.DatasetRow, draft: Draft) -> None:
    """Save the draft under a name, and go on to training."""
    drafts, where = session.visitor().drafts, f"prepare_name:{row.id}"
    st.markdown("#### Keep this recipe")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="prepare_keep"):
        name = st.text_input(
            "Name", drafts.get(where, ""), max_chars=80, placeholder="for example: grey 64 px", width=320
        )
        drafts[where] = name
        if st.button("Save", key="prepare_save"):
            _save(row, draft, name)
        if st.button("Go on to Train", type="primary", key="prepare_go_on", icon=":material/arrow_forward:"):
            page.go("train")
    _tell_saved()
    st.caption("Going on to Train takes these steps along, saved or not.")


def _save(row: actions.DatasetRow, draft: Draft, name: str) -> None:
    try:
        actions.save_recipe(session.home(), name, row.id, draft.recipe, draft.augmentation)
    except LightboxError as error:
        page.show_error(error)
        return
    session.visitor().drafts["prepare_told"] = name
    st.rerun()


def _tell_saved() -> None:
    name = session.visitor().drafts.pop("prepare_told", None)
    if name:
        st.success(f"Saved as **{page.safe(name)}**. You find it at the top of this page.", icon=":material/check:")


def _ask_forget(recipe_id: str, name: str) -> None:
    drafts = session.visitor().drafts
    st.markdown(f"**{page.safe(name)}**\n\nRuns that were trained with it keep their own copy. This cannot be undone.")
    with st.container(horizontal=True):
        sure = st.button("Delete it for good", type="primary", key="prepare_forget_sure")
        if sure:
            actions.delete_recipe(session.home(), recipe_id)
        if st.button("Keep it", key="prepare_forget_not") or sure:
            drafts.pop(ASKED, None)
            st.rerun()
