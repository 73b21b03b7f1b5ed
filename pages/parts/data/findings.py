"""What checks found, worst first: a badge, a sentence, a remedy, and the names folded away."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from core.specs import Finding, Severity
from pages.parts import numbers, page

SEVERITIES = {
    Severity.ERROR: ("Error", "red", ":material/error:"),
    Severity.WARNING: ("Warning", "orange", ":material/warning:"),
    Severity.NOTE: ("Note", "gray", ":material/info:"),
}
MOST_NAMED = 200


def show(findings: Sequence[Finding], key: str) -> None:
    """Each finding as two sentences; nothing where there are none.

    Args:
        findings: in any order; what they name is hostile text and is escaped here.
        key: begins the key of each, `<key>_0`, `<key>_1`, ...
    """
    order = list(Severity)
    for number, finding in enumerate(sorted(findings, key=lambda found: order.index(found.severity))):
        _show_one(finding, f"{key}_{number}")


def _show_one(finding: Finding, key: str) -> None:
    word, colour, icon = SEVERITIES[finding.severity]
    with st.container(gap="xsmall", key=key):
        st.markdown(f":{colour}-badge[{icon} {word}] **{page.safe(finding.what)}** {page.safe(finding.remedy)}")
        if finding.where:
            with st.expander(f"Named one by one ({numbers.count(len(finding.where))})", type="compact"):
                st.html(names_html(finding.where))


def names_html(names: Sequence[str]) -> str:
    """Strangers' names as an escaped list, the first two hundred of them."""
    lines = "".join(f"<li>{html.escape(name)}</li>" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    rest = f"<p>and {numbers.count(more)} more</p>" if more > 0 else ""
    return f'<ul style="margin:0;padding-left:1.2rem;overflow-wrap:anywhere;font-size:.85rem">{lines}</ul>{rest}'
