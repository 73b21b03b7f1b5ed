"""What was changed so far, and larger changes: a sample, a merge, class names, patients read off the names."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState, Merge, PatientsFromNames, RenameClass, Sample
from pages.parts import datasets, numbers, page, session, tables
from pages.parts.data import edits as data_edits
from pages.parts.data import exporting as data_exporting
from pages.parts.data import resplitting as data_resplitting
from pages.parts.data import revisions as data_revisions

HIGHEST_SEED = 2_147_483_647
USABLE = (DatasetState.REVIEW, DatasetState.ACCEPTED)


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """The list of changes, the forms for more, and where the data set stands in its family."""
    _so_far(card)
    st.markdown("#### Change more")
    if row.state is DatasetState.ACCEPTED:
        st.caption(data_edits.NEW_REVISION)
    if row.state is DatasetState.ACCEPTED:
        with st.expander("Divide it differently: another fold, or another split", icon=":material/call_split:"):
            data_resplitting.show(row, card)
    with st.expander("Take a sample: fewer images, or as many of each class", icon=":material/filter_alt:"):
        _sample(row, card)
    with st.expander("Merge with another data set", icon=":material/merge:"):
        _merge(row)
    with st.expander("Rename a class, or put two together", icon=":material/label:"):
        _rename(row, card)
    if card.names_kept:
        with st.expander("Read the patients off the names of the images", icon=":material/group:"):
            _patients(row, card)
    data_exporting.show(row, card)
    data_revisions.show(row)


def _so_far(card: DatasetCard) -> None:
    st.markdown("#### Changes so far")
    if not card.changes:
        st.markdown("None: the images are as they came in.")
        return
    rows: list[list[tables.Cell | str]] = [
        [numbers.count(change.revision), change.what, numbers.count(change.images)] for change in reversed(card.changes)
    ]
    columns = [tables.Column("Revision"), tables.Column("What was changed"), tables.Column("Images", number=True)]
    tables.show_table(columns, rows)


def _sample(row: actions.DatasetRow, card: DatasetCard) -> None:
    totals = [sum(by_split.values()) for by_split in card.counts]
    fewest, most = min(totals), max(totals)
    left, right = st.columns(2, vertical_alignment="bottom")
    per_class = left.number_input(
        "Images of each class, at most",
        1,
        max(1, most),
        max(1, fewest),
        key=f"data_sample_per_class_{row.id}",
        help="Keeps so many images of each class, drawn at random; whole patients are not divided. The smallest class"
        " gives a balanced sample; choose less for a quick first try.",
    )
    seed = right.number_input(
        "Seed of the sample",
        0,
        HIGHEST_SEED,
        0,
        key=f"data_sample_seed_{row.id}",
        help="The number from which the random choice follows. Keep it to get the same sample again.",
    )
    kept = sum(min(total, per_class) for total in totals)
    st.caption(
        f"The smallest class has {data_edits.images(fewest)}, the largest {numbers.count(most)}."
        f" About {numbers.count(kept)} of {data_edits.images(card.images)} would stay."
    )
    data_edits.button(
        row, "Take the sample", Sample(per_class=per_class, seed=seed), key="data_sample", disabled=kept == card.images
    )


def _merge(row: actions.DatasetRow) -> None:
    others = {
        other.id: f"{other.name} · {datasets.contents(other)}"
        for other in actions.list_datasets(session.home())
        if other.id != row.id and other.state in USABLE and other.card is not None
    }
    if not others:
        st.caption("There is no other data set. Bring one in; then it can be merged with this one.")
        return
    other_id = st.selectbox(
        "Data set whose images are added",
        list(others),
        format_func=others.__getitem__,
        key=f"data_merge_with_{row.id}",
        help="Adds all its images here; classes of the same name become one. The other data set stays as it is. Use it"
        " for more images of the same kind, from another day or another place.",
    )
    data_edits.button(row, "Add its images", Merge(dataset_id=other_id), key="data_merge")


def _rename(row: actions.DatasetRow, card: DatasetCard) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    index = left.selectbox(
        "Class",
        range(len(card.classes)),
        format_func=card.classes.__getitem__,
        key=f"data_rename_class_{row.id}",
        help="The class whose name changes. Its images stay as they are.",
    )
    name = right.text_input(
        "New name",
        max_chars=120,
        key=f"data_rename_to_{row.id}",
        help="What the class is called from now on. The name of another class puts the two together, for example where"
        " a class has too few images.",
    ).strip()
    if name in card.classes and name != card.classes[index]:
        st.caption(f"{page.safe(card.classes[index])} and {page.safe(name)} become one class.")
    renamed = bool(name) and name != card.classes[index]
    edit = RenameClass(class_index=index, label=name or "?")
    data_edits.button(row, "Rename", edit, key="data_rename_class", disabled=not renamed)


def _patients(row: actions.DatasetRow, card: DatasetCard) -> None:
    found = actions.gallery(session.home(), row.id, page=0, per_page=5)
    if found.items:
        names = ", ".join(item.name.rpartition("/")[2] for item in found.items)
        st.caption(f"The first names: {page.safe(names)}")
    pattern = st.text_input(
        "Pattern",
        placeholder="{patient}_*",
        max_chars=200,
        key=f"data_patients_pattern_{row.id}",
        help="Says where in the name the patient stands: {patient} takes it, * stands for anything. Use it where the"
        " images of one patient share a part of their name, so that they stay in one split.",
    ).strip()
    with st.container(horizontal=True):
        fits = "{patient}" in pattern
        edit = PatientsFromNames(pattern=pattern)
        data_edits.button(row, "Read the patients", edit, key="data_patients", disabled=not fits)
        if card.patients:
            forget = PatientsFromNames(pattern="")
            data_edits.button(row, "Forget the patients", forget, key="data_patients_forget", type="tertiary")
