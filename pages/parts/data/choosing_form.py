"""The choosing form: where class, patient and split are written, and what is kept of names; each change is a draft."""

from __future__ import annotations

import streamlit as st

from core.specs import FREE_TEXT_TAGS, OriginKind, SourceLook
from pages.parts import numbers
from pages.parts.data import choosing_words as words
from pages.parts.data.choosing_draft import ROLE_WORDS, ROLES, Draft, Role, table_of
from pages.parts.data.choosing_fields import now, pick, side_by_side, switch
from pages.parts.data.choosing_places import places, tags

PLANES = {"each": "Each of them", "middle": "The middle one"}
AXES = {2: "Axial", 1: "Coronal", 0: "Sagittal"}


def ask(draft: Draft, look: SourceLook, key: str) -> Draft:
    """Draw the form and read it.

    Args:
        draft: what it shows.
        look: what may be chosen from.
        key: begins the key of each widget.
    """
    if look.kind == "npz":
        st.markdown(words.NPZ)
        return draft
    for role in ROLES:
        st.markdown(f"#### {words.TITLES[role]}")
        st.caption(words.WHY[role])
        draft = _role(role, draft, look, key)
        if role == "label" and not look.tables and draft.kinds[role] in (OriginKind.FOLDER, OriginKind.PATTERN):
            st.caption(words.NO_TABLE)
    if look.volumes:
        draft = _volumes(draft, key)
    return _kept(draft, key)


def _role(role: Role, draft: Draft, look: SourceLook, key: str) -> Draft:
    kind = side_by_side(
        words.ASK[role],
        places(role, draft, look),
        draft.kinds[role],
        f"{key}_{role}_kind",
        words.PLACES.__getitem__,
        words.HELP[role],
    )
    draft = draft.with_kind(role, kind)
    if means := words.MEANS[role].get(kind, ""):
        st.caption(means)
    if kind is OriginKind.TAG:
        return _tag(role, draft, look, key)
    if kind is OriginKind.COLUMN:
        draft = _column(role, draft, look, key)
    if kind is OriginKind.PATTERN:
        draft = _pattern(role, draft, key)
    if role == "label":
        st.caption(words.CLASSES_KEPT)
    return draft


def _tag(role: Role, draft: Draft, look: SourceLook, key: str) -> Draft:
    about = {tag.keyword: numbers.count(tag.distinct, "value") for tag in tags(role, look)}
    chosen = pick("DICOM tag", list(about), draft.tags.get(role), f"{key}_{role}_tag", about, words.TAG_HELP[role])
    if role == "label" and chosen in FREE_TEXT_TAGS:
        st.warning(words.FREE_TEXT_WARNING, icon=":material/warning:")
    return draft.with_tag(role, chosen)


def _first_of(kind: OriginKind, role: Role, draft: Draft) -> bool:
    """Whether this role is the first that is written there, so that what they share is asked for once."""
    return next(each for each in ROLES if draft.kinds[each] is kind) == role


def _column(role: Role, draft: Draft, look: SourceLook, key: str) -> Draft:
    if _first_of(OriginKind.COLUMN, role, draft):
        draft = _table(draft, look, key)
    table = table_of(look, draft)
    columns = table.columns if table is not None else ()
    about = {column.name: numbers.count(column.distinct, "value") for column in columns}
    chosen = pick(
        f"Column of the {ROLE_WORDS[role]}",
        [column.name for column in columns],
        draft.columns.get(role),
        f"{key}_{role}_column",
        about,
        words.COLUMN_HELP[role],
    )
    return draft.with_column(role, chosen)


def _table(draft: Draft, look: SourceLook, key: str) -> Draft:
    table = table_of(look, draft)
    if table is None:
        return draft
    name = table.name
    if len(look.tables) > 1:
        about = {each.name: numbers.count(each.rows, "row") for each in look.tables}
        name = pick("Table", list(about), name, f"{key}_table", about, words.TABLE_HELP)
        draft = draft.with_rest(table=name)
        table = table_of(look, draft) or table
    columns = [column.name for column in table.columns]
    about = {column.name: numbers.count(column.distinct, "value") for column in table.columns}
    chosen = draft.rest.get("image_column")
    image = pick("Column that names the image", columns, chosen, f"{key}_image", about, words.IMAGE_HELP)
    return draft.with_rest(table=name, image_column=image)


def _pattern(role: Role, draft: Draft, key: str) -> Draft:
    if not _first_of(OriginKind.PATTERN, role, draft):
        st.caption(f"Write `{{{role}}}` into the pattern above.")
        return draft
    written = st.text_input(
        "Pattern of the file names",
        str(now(f"{key}_pattern", draft.rest.get("pattern", ""))),
        max_chars=300,
        key=f"{key}_pattern",
        placeholder="{patient}_*_{label}",
        help=words.PATTERN_HELP,
        live=True,
    )
    st.caption("`{label}`, `{patient}` and `{split}` are read, `#` is a number, `*` is anything. The preview follows.")
    return draft.with_rest(pattern=(written or "").strip())


def _volumes(draft: Draft, key: str) -> Draft:
    st.markdown("#### Files that hold several images")
    planes = side_by_side(
        "Which of them to bring in",
        list(PLANES),
        draft.rest["planes"],
        f"{key}_planes",
        PLANES.__getitem__,
        words.PLANES_HELP,
    )
    axis = side_by_side(
        "Direction of NIfTI slices",
        list(AXES),
        draft.rest["slice_axis"],
        f"{key}_axis",
        AXES.__getitem__,
        words.AXIS_HELP,
    )
    return draft.with_rest(planes=planes, slice_axis=axis)


def _kept(draft: Draft, key: str) -> Draft:
    st.markdown("#### What is kept of people")
    st.caption(words.DROPPED)
    names = switch("Keep file names", f"{key}_names", draft.rest["keep_names"], words.NAMES_HELP, words.NAMES_WARNING)
    patients = bool(draft.rest["keep_patient_ids"])
    if draft.kinds["patient"] is not OriginKind.NONE:
        patients = switch("Keep patient ids", f"{key}_patients", patients, words.PATIENTS_HELP, words.PATIENTS_WARNING)
    return draft.with_rest(keep_names=names, keep_patient_ids=patients)
