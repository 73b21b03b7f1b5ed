"""The evidence about a data set: images per class and split, findings, a gallery, the sizes."""

from __future__ import annotations

import html

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
from core.specs import DatasetCard, Finding, Severity, Split
from pages.parts import numbers, page, session, tables
from pages.parts.data import gallery as data_gallery

SEVERITIES = {
    Severity.ERROR: ("Error", "red", ":material/error:"),
    Severity.WARNING: ("Warning", "orange", ":material/warning:"),
    Severity.NOTE: ("Note", "gray", ":material/info:"),
}
MOST_NAMED = 200
MANY_CLASSES = 14


def show(row: actions.DatasetRow, card: DatasetCard) -> None:
    """Everything that can be seen of a data set, most pressing first."""
    findings(card)
    _counts(card)
    st.markdown("#### The images")
    data_gallery.show(row.id, card)
    _sizes(row)


def findings(card: DatasetCard) -> None:
    """What the checks found, worst first: a sentence, a remedy, and the names folded away."""
    if not card.findings:
        st.markdown(
            ":green-badge[:material/check: Nothing found] The checks for unreadable files, rare classes and"
            " duplicates found nothing."
        )
        return
    order = list(Severity)
    st.markdown("#### What the checks found")
    for number, finding in enumerate(sorted(card.findings, key=lambda found: order.index(found.severity))):
        _finding(finding, number)


def _finding(finding: Finding, number: int) -> None:
    word, colour, icon = SEVERITIES[finding.severity]
    with st.container(gap="xsmall", key=f"data_finding_{number}"):
        st.markdown(f":{colour}-badge[{icon} {word}] **{page.safe(finding.what)}** {page.safe(finding.remedy)}")
        if finding.where:
            with st.expander(f"Named one by one ({numbers.count(len(finding.where))})", type="compact"):
                st.html(names_html(finding.where))


def names_html(names: tuple[str, ...]) -> str:
    """Strangers' names as an escaped list, the first two hundred of them."""
    lines = "".join(f"<li>{html.escape(name)}</li>" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    rest = f"<p>and {numbers.count(more)} more</p>" if more > 0 else ""
    return f'<ul style="margin:0;padding-left:1.2rem;overflow-wrap:anywhere;font-size:.85rem">{lines}</ul>{rest}'


def _counts(card: DatasetCard) -> None:
    facts = class_counts_facts(card)
    st.markdown("#### Images per class and split")
    many = len(facts.classes) > MANY_CLASSES
    with st.container(height=480 if many else "content", border=many, key="data_counts"):
        st.plotly_chart(draw_class_counts(facts), key="data_counts_chart", config=NO_BUTTONS, alt=_counts_words(facts))
    with st.expander("As a table") if many else st.container():
        tables.show_table(*_counts_table(facts), sums=1)


def _counts_table(facts: ClassCountsFacts) -> tuple[list[tables.Column], list[list[tables.Cell | str]]]:
    columns = [tables.Column("Class"), *(tables.Column(split.label, number=True) for split in Split)]
    rows: list[list[tables.Cell | str]] = []
    for index, name in enumerate(facts.classes):
        note = "the finding" if index == facts.positive_class else ""
        counts = [numbers.count(facts.counts[split][index]) for split in Split]
        rows.append([tables.Cell(name, note), *counts, numbers.count(facts.totals[index])])
    totals = [numbers.count(facts.split_totals[split]) for split in Split]
    rows.append(["All", *totals, numbers.count(sum(facts.totals))])
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
