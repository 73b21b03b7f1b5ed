"""Tables and figure cards as plain HTML: every text in them is escaped here, colours follow the theme."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

LONG = 24  # letters; a longer value would be broken over many lines
STYLE = """<style>
.lb-scroll{overflow-x:auto}
.lb-table{width:100%;border-collapse:collapse;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums}
.lb-table th,.lb-table td{padding:.4rem .7rem .4rem 0;text-align:left;vertical-align:top;
 border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)}
.lb-table th{font-weight:600;white-space:nowrap;border-bottom-color:color-mix(in srgb,currentColor 35%,transparent)}
.lb-table .num{text-align:right;white-space:nowrap}
.lb-table th.num:last-child,.lb-table td.num:last-child{padding-right:.2rem}
.lb-table tr.sum td{border-bottom:0;font-weight:600}
.lb-table td:first-child{overflow-wrap:anywhere;min-width:min(8rem,13vw)}
.lb-quiet{opacity:.68;font-weight:400;font-size:.8rem}
.lb-table .lb-quiet{display:block;white-space:normal;max-width:14rem}
.lb-table .num .lb-quiet{margin-left:auto}
.lb-bar{display:inline-block;height:.55rem;border-radius:2px;background:light-dark(#0e7c86,#4fc3cd);opacity:.75}
.lb-facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr));gap:.6rem .9rem;
 margin:0!important;padding:0!important}
.lb-facts div.wide{grid-column:1/-1}
.lb-facts dt{opacity:.68;font-size:.8rem;line-height:1.3}
.lb-facts dd{margin:0!important;font-size:.9rem;line-height:1.35;overflow-wrap:anywhere}
.lb-cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem}
.lb-card{padding:.7rem .9rem;border:1px solid color-mix(in srgb,currentColor 16%,transparent);border-radius:.5rem}
.lb-card b{display:block;font-size:1.55rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.lb-card span{display:block}
</style>"""


@dataclass(frozen=True)
class Column:
    """A column's title, a quiet line under it, and whether it holds numbers (set to the right)."""

    title: str
    note: str = ""
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """A text with a quiet line under it; `share` (0 to 1) draws a bar of that length beside it."""

    text: str
    detail: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Card:
    """One figure: what it is, its value, and a quiet sentence that says how to read it."""

    label: str
    value: str
    note: str = ""
    sentence: str = ""


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]], *, sums: int = 0) -> None:
    """A table on the page; its last `sums` rows are totals."""
    st.html(STYLE + table_html(columns, rows, sums=sums))


def show_cards(cards: Sequence[Card]) -> None:
    """Figure cards side by side, as many in a row as the page is wide."""
    st.html(f'{STYLE}<div class="lb-cards">{"".join(map(_card, cards))}</div>')


def show_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Names with their values beneath, as many side by side as fit; long values take a whole row."""
    items = "".join(map(_fact, facts))
    st.html(f'{STYLE}<dl class="lb-facts">{items}</dl>')


def table_html(columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]], *, sums: int = 0) -> str:
    """The table as HTML, with every text escaped."""
    head = "".join(f"<th{_align(c)}>{html.escape(c.title)}{_quiet(c.note)}</th>" for c in columns)
    first_sum = len(rows) - sums
    body = "".join(
        f"<tr{' class=sum' if at >= first_sum else ''}>"
        + "".join(f"<td{_align(column)}>{_cell(cell)}</td>" for column, cell in zip(columns, row, strict=True))
        + "</tr>"
        for at, row in enumerate(rows)
    )
    return (
        f'<div class="lb-scroll"><table class="lb-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _fact(fact: tuple[str, str]) -> str:
    name, value = fact
    kind = " class=wide" if len(value) > LONG else ""
    return f"<div{kind}><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"


def _align(column: Column) -> str:
    return ' class="num"' if column.number else ""


def _cell(cell: Cell | str) -> str:
    if isinstance(cell, str):
        return html.escape(cell)
    bar = "" if cell.share is None else f'<span class="lb-bar" style="width:{6 * cell.share:.2f}rem"></span> '
    return bar + html.escape(cell.text) + _quiet(cell.detail)


def _quiet(text: str) -> str:
    return f'<span class="lb-quiet">{html.escape(text)}</span>' if text else ""


def _card(card: Card) -> str:
    note = f'<span class="lb-quiet">{html.escape(card.note)}</span>' if card.note else ""
    sentence = f'<span class="lb-quiet">{html.escape(card.sentence)}</span>' if card.sentence else ""
    return (
        f'<div class="lb-card"><span>{html.escape(card.label)}</span>'
        f"<b>{html.escape(card.value)}</b>{note}{sentence}</div>"
    )
