"""The classification report on the page: headline figures, a row for each class, the confusion matrix, the terms."""

from __future__ import annotations

import streamlit as st

from core.actions import DISCLAIMER
from core.figures import NO_BUTTONS, confusion_facts, draw_confusion
from core.specs import ClassRow, Figure, Report
from pages.parts import numbers, page
from pages.parts.tables import Card, Cell, Column, show_cards, show_table

COLUMNS = (
    Column("Class"),
    Column("Precision", "of the answers with this class, how many are right", number=True),
    Column("Recall", "of the images of this class, how many were found", number=True),
    Column("F1", "one figure for both: their harmonic mean", number=True),
    Column("Images", "of this class (support)", number=True),
)
AVERAGES = 2


def show(report: Report, run_name: str) -> None:
    """Everything that was measured on one split."""
    st.subheader(f"{page.safe(run_name)} on the {report.split.label.lower()} split", anchor=False)
    st.markdown(_about(report))
    show_cards(_cards(report))
    st.caption(
        "In brackets or beneath a figure: its 95 % interval. Intervals made in this way hold the true figure 95 times"
        " out of 100; few images make them wide."
    )
    show_table(COLUMNS, [_row(report, row) for row in report.rows], sums=AVERAGES)
    st.caption("The macro average counts every class alike; the weighted average counts every image alike.")
    _confusion(report)
    st.caption(f"{DISCLAIMER}{' The images are synthetic: Lightbox drew them.' if report.synthetic else ''}")


def _about(report: Report) -> str:
    words = [f"{numbers.count(report.images, 'image')} that the network did not learn from"]
    if report.positive_class is not None:
        words.append(f"the finding (positive class) is **{page.safe(report.classes[report.positive_class])}**")
    if report.loss is not None:
        words.append(f"loss {numbers.figure(report.loss)}")
    return " · ".join(words) + (" · **synthetic images**" if report.synthetic else "")


def _cards(report: Report) -> list[Card]:
    accuracy = _card("Accuracy", report.accuracy, f"Share of right answers, n = {numbers.count(report.images)}.")
    return [accuracy, *(_finding_cards(report) if report.positive_class is not None else _class_cards(report))]


def _finding_cards(report: Report) -> list[Card]:
    """For two classes, the clinic's words: sensitivity and specificity."""
    positive = report.positive_class or 0
    finding, other = report.rows[positive], report.rows[1 - positive]
    return [
        _card("Sensitivity", finding.recall, f"Of the images with {finding.name}, the share that was found."),
        _card("Specificity", other.recall, f"Of the images with {other.name}, the share not called {finding.name}."),
        _card("Precision", finding.precision, f"Of the images called {finding.name}, the share that is."),
    ]


def _class_cards(report: Report) -> list[Card]:
    macro = report.rows[len(report.classes)]
    seen = [row for row in report.rows[: len(report.classes)] if row.recall.value is not None]
    weakest = min(seen, key=lambda row: row.recall.value or 0.0, default=None)
    cards = [_card("F1, all classes", macro.f1, "Precision and recall in one figure, every class counted alike.")]
    if weakest is not None:
        cards.append(_card("Weakest recall", weakest.recall, f"Of the images of {weakest.name}, the share found."))
    return cards


def _card(label: str, figure: Figure, sentence: str) -> Card:
    interval = numbers.interval(figure.low, figure.high)
    return Card(label, numbers.figure(figure.value), f"({interval})" if interval else figure.reason, sentence)


def _row(report: Report, row: ClassRow) -> list[Cell | str]:
    finding = report.positive_class is not None and row.class_index == report.positive_class
    name = row.name if row.class_index is not None else row.name.capitalize()
    support = numbers.count(row.support)
    return [Cell(name, "the finding" if finding else ""), *map(_cell, (row.precision, row.recall, row.f1)), support]


def _cell(figure: Figure) -> Cell:
    interval = numbers.interval(figure.low, figure.high).replace(" ", "\u00a0")  # stays on one line, a reason need not
    return Cell(numbers.figure(figure.value), interval or figure.reason)


def _confusion(report: Report) -> None:
    facts = confusion_facts(report)
    st.markdown("### Which classes are confused")
    st.caption("Confusion matrix: a row holds the images of one true class, a column those given one answer.")
    dark = st.context.theme.type == "dark"
    st.plotly_chart(draw_confusion(facts, dark=dark), key=f"confusion_{report.split.value}", config=NO_BUTTONS)
    if facts.worst is not None:
        true, answer, times = facts.worst
        st.markdown(
            f"Most often, **{page.safe(report.classes[true])}** was taken for **{page.safe(report.classes[answer])}**:"
            f" {numbers.count(times, 'image')}."
        )
    with st.expander("The matrix as a table"):
        columns = [Column("True class"), *(Column(name, "answered", number=True) for name in report.classes)]
        show_table(columns, [_counts(facts.classes[at], row) for at, row in enumerate(facts.counts)])


def _counts(name: str, row: tuple[int, ...]) -> list[Cell | str]:
    total = sum(row)
    return [
        name,
        *(Cell(numbers.count(count), numbers.percent(count / total, 1) if total else "") for count in row),
    ]
