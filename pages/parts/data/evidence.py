"""What the checks found, worst first: a sentence, a remedy, the evidence folded away, and the way to the cure."""

from __future__ import annotations

import html

import streamlit as st

from core import actions
from core.specs import DatasetCard, DatasetState, Finding, Severity
from pages.parts import numbers, page, tables
from pages.parts.data import divided as data_divided
from pages.parts.data import going
from pages.parts.data import guards as data_guards

SEVERITIES = {
    Severity.ERROR: ("Error", "red", ":material/error:"),
    Severity.WARNING: ("Warning", "orange", ":material/warning:"),
    Severity.NOTE: ("Note", "gray", ":material/info:"),
}
STYLE = '<style>[class*="st-key-data_finding_"] [data-testid="stExpander"]{padding-top:.3rem}</style>'
MOST_NAMED = 200
FEW_NOTES = 3
"""More notes than this are folded away below what is more than a note."""
LOOK = "Look at the images"
CURES = {
    "conflicting_labels": ("copies", LOOK),
    "exact_duplicate": ("copies", LOOK),
    "near_duplicate": ("copies", LOOK),
    "patient_in_two_splits": ("copies", LOOK),
    "blank": ("odd", LOOK),
    "too_dark": ("odd", LOOK),
    "too_bright": ("odd", LOOK),
    "blurred": ("odd", LOOK),
    "odd_shape": ("odd", LOOK),
    "burned_in_text": ("odd", LOOK),
    "imbalance": ("changes", "Take a balanced sample"),
    "few_images": ("changes", "Put classes together"),
    "one_patient_class": ("changes", "Put classes together"),
}
"""Of a rule: where it can be mended, and what the way there is called."""


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Every finding with its evidence and its cure."""
    if not card.findings:
        st.markdown(
            ":green-badge[:material/check: Nothing found] The checks for unreadable files, rare classes, copies,"
            f"{' patients in two splits,' if data_divided.all_patients_known(card) else ''} shortcuts and odd images"
            " found nothing."
        )
        return
    order = list(Severity)
    found = sorted(card.findings, key=lambda finding: order.index(finding.severity))
    st.html(STYLE)
    st.markdown("#### What the checks found")
    notes = [finding for finding in found if finding.severity is Severity.NOTE]
    fold = len(notes) > FEW_NOTES and len(notes) < len(found)
    for number, finding in enumerate(found[: -len(notes)] if fold else found):
        _finding(row, card, finding, f"data_finding_{number}")
    if fold:
        with st.expander(numbers.count(len(notes), "note"), key="data_notes"):
            for number, finding in enumerate(notes, len(found) - len(notes)):
                _finding(row, card, finding, f"data_finding_{number}")


def pressing(card: DatasetCard) -> int:
    """How many findings are more than a note."""
    return sum(finding.severity is not Severity.NOTE for finding in card.findings)


def _finding(row: actions.DatasetRow, card: DatasetCard, finding: Finding, key: str) -> None:
    with st.container(gap="xsmall", key=key):
        _say(row, card, finding, key)


def _say(row: actions.DatasetRow, card: DatasetCard, finding: Finding, key: str) -> None:
    word, colour, icon = SEVERITIES[finding.severity]
    st.markdown(f":{colour}-badge[{icon} {word}] **{page.safe(finding.what)}** {page.safe(finding.remedy)}")
    if finding.where and finding.rule == "shortcut":
        tables.show_table(*evidence_table(finding.where))
        return
    with st.container(horizontal=True, gap="small", key=f"{key}_more"):
        _cure(row, card, finding, key)
        if finding.where:
            with st.expander(f"Named one by one ({numbers.count(len(finding.where))})", type="compact"):
                st.html(names_html(finding.where))


def _cure(row: actions.DatasetRow, card: DatasetCard, finding: Finding, key: str) -> None:
    in_review = row.state is DatasetState.REVIEW
    if finding.rule == "patient_in_two_splits" and in_review and data_guards.keeps_patients_apart(card):
        data_guards.keep_patients_button(row, card, f"{key}_patients")
    if finding.rule in CURES:
        section, words = CURES[finding.rule]
        way = {"on_click": going.to, "args": (row.id, section), "icon": ":material/arrow_forward:"}
        st.button(words, key=f"{key}_go", type="tertiary", **way)


def evidence_table(where: tuple[str, ...]) -> tuple[list[tables.Column], list[list[tables.Cell | str]]]:
    """Evidence written as "class: fact", a line each, as a table; a line without a colon is all fact."""
    rows: list[list[tables.Cell | str]] = []
    for line in where[:MOST_NAMED]:
        name, colon, fact = line.partition(": ")
        rows.append([name, fact] if colon else ["", line])
    return [tables.Column("Class"), tables.Column("Can be told by")], rows


def names_html(names: tuple[str, ...]) -> str:
    """Strangers' names as an escaped list, the first two hundred of them."""
    lines = "".join(f"<li>{html.escape(name)}</li>" for name in names[:MOST_NAMED] if name)
    more = len(names) - MOST_NAMED
    rest = f"<p>and {numbers.count(more)} more</p>" if more > 0 else ""
    return f'<ul style="margin:0;padding-left:1.2rem;overflow-wrap:anywhere;font-size:.85rem">{lines}</ul>{rest}'
