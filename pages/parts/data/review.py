"""The review of a data set before it is accepted: its split, its finding, and the decision."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import DatasetCard, Knob, Severity, SplitConfig, knobs
from pages.parts import numbers, page, session
from pages.parts.data import evidence as data_evidence
from pages.parts.data import manage as data_manage
from pages.parts.data import words as data_words

GIVEN, DRAWN = "given", "drawn"
SOURCES = {GIVEN: "As the data set brings it", DRAWN: "Draw a new one"}
KNOBS: dict[str, Knob] = {row.name: row for row in knobs(SplitConfig)}


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Decisions on the left, evidence on the right; nothing is for good until Accept."""
    left, right = page.two_columns()
    with left:
        st.markdown(f"### {page.safe(row.name)}")
        st.markdown(page.safe(data_words.summary(card)))
        data_manage.rename(row)
        card = _split(row, card)
        positive = _positive(row, card)
        _decide(row, card, positive)
    with right:
        data_evidence.show(row, card)


def _split(row: actions.DatasetRow, card: DatasetCard) -> DatasetCard:
    """The form of the split; what is shown is what is used, so a change made here is carried out at once.

    Only a change made here: somebody else may have drawn another split since, and then the form shows that one.
    """
    st.markdown("#### Split")
    st.caption(
        "Images are divided into three parts: the network learns from the **training** images, you compare settings on"
        " the **validation** images, and the **test** images are kept back for the final figures."
    )
    wanted = _wanted_split(row, card)
    drafts = session.visitor().drafts
    if wanted is not None and drafts.pop(_changed(row), False) and wanted != card.split:
        try:
            card = actions.set_split(session.home(), row.id, wanted)
        except LightboxError as error:
            page.show_error(error)
    st.caption(data_words.split_counts(card))
    return card


def _changed(row: actions.DatasetRow) -> str:
    """The draft that says that a widget of the split was changed here, and not carried out yet."""
    return f"data_split_changed:{row.id}"


def _follow(row: actions.DatasetRow, key: str, value: object, name: str) -> dict[str, Any]:
    """What a widget of the split begins with: the card's value, unless it was just changed here; and who is told."""
    drafts = session.visitor().drafts
    start: dict[str, Any] = {"on_change": lambda: drafts.update({_changed(row): True})}
    if st.session_state.get(key, value) != value and not drafts.get(_changed(row)):
        st.session_state[key] = value
        return start
    return start | {name: st.session_state.get(key, value)}


def _wanted_split(row: actions.DatasetRow, card: DatasetCard) -> SplitConfig | None:
    """What the widgets ask for; None where the shares leave nothing for the test split."""
    source = card.split.source
    if card.has_given_split:
        key = f"data_split_source_{row.id}"
        source = st.segmented_control(
            "Which split",
            list(SOURCES),
            format_func=SOURCES.__getitem__,
            key=key,
            required=True,
            **_follow(row, key, card.split.source, "default"),
        )
        if source == GIVEN:
            return card.split.model_copy(update={"source": GIVEN})
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        train = _number(row, card, "train_percent")
    with right:
        val = _number(row, card, "val_percent")
    rest = 100 - train - val
    with left:
        st.text_input("Test (%), what remains", str(max(rest, 0)), disabled=True, help=KNOBS["test_percent"].help)
    with right:
        seed = _number(row, card, "seed")
    if rest < 1:
        st.error(
            f"Training and validation take {train + val} % together, so nothing is left for the test split."
            " Lower one of them.",
            icon=":material/error:",
        )
        return None
    return SplitConfig(source=DRAWN, train_percent=train, val_percent=val, test_percent=rest, seed=seed)


def _number(row: actions.DatasetRow, card: DatasetCard, name: str) -> int:
    knob = KNOBS[name]
    label = f"{knob.label} ({knob.unit})" if knob.unit else knob.label
    key, limits = f"data_split_{name}_{row.id}", (int(knob.low or 0), int(knob.high or 0))
    start = _follow(row, key, getattr(card.split, name), "value")
    return int(st.number_input(label, *limits, step=1, key=key, help=knob.help, **start))


def _positive(row: actions.DatasetRow, card: DatasetCard) -> int | None:
    """With two classes: which one is the finding. The user says it, nothing is chosen beforehand."""
    if len(card.classes) != 2:
        return None
    drafts, name = session.visitor().drafts, f"data_positive:{row.id}"
    st.markdown("#### Which class is the finding?")
    chosen = st.radio(
        "The finding is what you look for: the disease, the defect, the infected cell. In reports it is called the"
        " positive class.",
        [0, 1],
        index=drafts.get(name, card.positive_class),
        format_func=lambda index: page.safe(card.classes[index]),
        key=f"data_positive_{row.id}",
    )
    drafts[name] = chosen
    return chosen


def _decide(row: actions.DatasetRow, card: DatasetCard, positive: int | None) -> None:
    st.markdown("#### Accept or discard")
    undecided = len(card.classes) == 2 and positive is None
    st.caption("An accepted data set stays as it is, so that every run on it can be compared.")
    errors = sum(finding.severity is Severity.ERROR for finding in card.findings)
    if errors:
        st.markdown(
            f":red-badge[:material/error: {numbers.count(errors, 'error')}] Look at what the checks found first."
        )
    if undecided:
        st.markdown("Say first which class is the finding.")
    with st.container(horizontal=True, key="data_decide"):
        accept = st.button("Accept", type="primary", key="data_accept", icon=":material/check:", disabled=undecided)
        data_manage.delete(row, label="Discard", title="Discard this data set?", sure="Discard it")
    if accept:
        try:
            actions.accept(session.home(), row.id, positive)
        except LightboxError as error:
            page.show_error(error)
        else:
            st.rerun()
