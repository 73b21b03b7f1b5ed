"""What came in: what the checks found, images and patients per class and split, sizes, and what was dropped."""

from __future__ import annotations

import streamlit as st

from core import actions
from core.figures import (
    NO_BUTTONS,
    ClassCountsFacts,
    SizesFacts,
    class_counts_facts,
    draw_class_counts,
    draw_sizes,
    sizes_facts,
)
from core.specs import DatasetCard, Split
from pages.parts import numbers, session, tables
from pages.parts.data import dropped as data_dropped
from pages.parts.data import evidence as data_evidence

MANY_CLASSES = 14


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Most pressing first."""
    data_evidence.show(row, card)
    _counts(card)
    _sizes(row)
    data_dropped.show(card)


def _counts(card: DatasetCard) -> None:
    facts = class_counts_facts(card)
    st.markdown("#### Images per class and split")
    many = len(facts.classes) > MANY_CLASSES
    with st.container(height=480 if many else "content", border=many, key="data_counts"):
        st.plotly_chart(draw_class_counts(facts), key="data_counts_chart", config=NO_BUTTONS, alt=_counts_words(facts))
    with st.expander("As a table") if many else st.container():
        tables.show_table(*_counts_table(facts, card), sums=2 if card.patients else 1)


def _counts_table(
    facts: ClassCountsFacts, card: DatasetCard
) -> tuple[list[tables.Column], list[list[tables.Cell | str]]]:
    columns = [tables.Column("Class"), *(tables.Column(split.label, number=True) for split in Split)]
    rows: list[list[tables.Cell | str]] = []
    for index, name in enumerate(facts.classes):
        note = "the finding" if index == facts.positive_class else ""
        counts = [numbers.count(facts.counts[split][index]) for split in Split]
        rows.append([tables.Cell(name, note), *counts, numbers.count(facts.totals[index])])
    totals = [numbers.count(facts.split_totals[split]) for split in Split]
    rows.append(["All images", *totals, numbers.count(sum(facts.totals))])
    if card.patients:
        patients = [numbers.count(card.patients_per_split.get(split, 0)) for split in Split]
        rows.append([tables.Cell("Patients", card.patient_name), *patients, numbers.count(card.patients)])
    return [*columns, tables.Column("All", number=True)], rows


def _counts_words(facts: ClassCountsFacts) -> str:
    parts = [f"{name}: {total:,}" for name, total in zip(facts.classes, facts.totals, strict=True)]
    return "Images per class. " + "; ".join(parts[:20])


def _sizes(row: actions.DatasetRow) -> None:
    facts = sizes_facts(actions.sizes(session.home(), row.id))
    st.markdown("#### Sizes of the images as they came")
    if facts.all_equal:
        width, height, images = facts.common[0] if facts.common else (0, 0, 0)
        st.markdown(f"All {numbers.count(images, 'image')} are {width:,} × {height:,} px.")
        return
    st.plotly_chart(draw_sizes(facts), key="data_sizes_chart", config=NO_BUTTONS, alt=_sizes_words(facts))
    st.caption("px: pixels. Every image is brought to one size on the Prepare page; nothing has been changed here.")


def _sizes_words(facts: SizesFacts) -> str:
    return f"{facts.distinct:,} different sizes, sides from {facts.min_px:,} to {facts.max_px:,} pixels."
