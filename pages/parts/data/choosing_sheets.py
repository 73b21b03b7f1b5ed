"""The tables of the preview as HTML, every text escaped: first rows of a table, first images, DICOM tags."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence

from core.specs import LabelledRow, OriginKind, TableLook, TagLook
from pages.parts import numbers
from pages.parts.data.choosing_draft import Draft

LONGEST = 40  # letters of a cell
MOST_EXAMPLES = 4
NOTHING = '<span class="none">–</span>'
STYLE = """<style>
.lb-sheet{overflow-x:auto;border:1px solid color-mix(in srgb,currentColor 16%,transparent);border-radius:.5rem}
.lb-sheet table{border-collapse:collapse;font-size:.85rem;line-height:1.35;white-space:nowrap;min-width:100%}
.lb-sheet th,.lb-sheet td{padding:.4rem .8rem;text-align:left;vertical-align:top;
 border-bottom:1px solid color-mix(in srgb,currentColor 12%,transparent)}
.lb-sheet tr:last-child td{border-bottom:0}
.lb-sheet th span{display:block;font-weight:400;font-size:.78rem;opacity:.72}
.lb-sheet .used{background:color-mix(in srgb,light-dark(#0e7c86,#4fc3cd) 11%,transparent)}
.lb-sheet th em{display:inline-block;font-style:normal;font-size:.72rem;font-weight:600;padding:.02rem .45rem;
 margin-bottom:.2rem;border-radius:.5rem;background:light-dark(#0e7c86,#4fc3cd);color:light-dark(#fff,#11191c)}
.lb-sheet th b{display:block;font-weight:600}
.lb-sheet .none{opacity:.55}
</style>"""


def sheet_html(table: TableLook, roles: Mapping[str, str]) -> str:
    """The first rows of a table as HTML, every text escaped; the columns of `roles` first and marked."""
    ranks = {name: rank for rank, name in enumerate(roles)}
    order = sorted(range(len(table.columns)), key=lambda at: ranks.get(table.columns[at].name, len(ranks)))
    heads = "".join(_head(table, at, roles.get(table.columns[at].name, "")) for at in order)
    used = {at for at in order if table.columns[at].name in roles}
    body = "".join(
        "<tr>" + "".join(_data(row[at] if at < len(row) else "", at in used) for at in order) + "</tr>"
        for row in table.first_rows
    )
    return f'<div class="lb-sheet"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _head(table: TableLook, at: int, role: str) -> str:
    column = table.columns[at]
    chip = f"<em>{html.escape(role)}</em>" if role else ""
    about = numbers.count(column.distinct, "value")
    about += f", {numbers.count(column.empty)} empty" if column.empty else ""
    return f"<th{_used(bool(role))}>{chip}<b>{html.escape(cut(column.name))}</b><span>{about}</span></th>"


def _data(text: str, used: bool) -> str:
    return f"<td{_used(used)}>{html.escape(cut(text)) or NOTHING}</td>"


def _used(is_used: bool) -> str:
    return ' class="used"' if is_used else ""


def cut(text: str) -> str:
    """A text of at most forty letters."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def rows_html(rows: Sequence[LabelledRow], draft: Draft) -> str:
    """Name, class, patient and split of images as HTML, every text escaped; what nothing says is left out."""
    shown = [role for role in ("label", "patient", "split") if _is_told(role, rows, draft)]
    titles = {"label": "Class", "patient": "Patient", "split": "Split"}
    head = "<th><b>File</b></th>" + "".join(f"<th><b>{titles[role]}</b></th>" for role in shown)
    body = "".join(
        f"<tr><td>{html.escape(row.name)}</td>" + "".join(_data(getattr(row, role), False) for role in shown) + "</tr>"
        for row in rows
    )
    return f'<div class="lb-sheet"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _is_told(role: str, rows: Sequence[LabelledRow], draft: Draft) -> bool:
    """Whether a column of its own is worth it: asked for in the table or the names, or there in any of the rows."""
    asked = draft.kinds[role] in (OriginKind.COLUMN, OriginKind.PATTERN)
    classes = role == "label" and draft.kinds[role] is OriginKind.FOLDER
    return asked or classes or any(getattr(row, role) for row in rows)


def tags_html(tags: Sequence[TagLook], chosen: Collection[str]) -> str:
    """DICOM tags with some of their values as HTML, every text escaped; the chosen ones first and marked."""
    body = "".join(
        f"<tr><td{_used(tag.keyword in chosen)}><b>{html.escape(tag.keyword)}</b></td>"
        f"<td>{numbers.count(tag.distinct, 'value')}</td>"
        f"<td>{html.escape(', '.join(map(cut, tag.examples[:MOST_EXAMPLES])))}</td></tr>"
        for tag in sorted(tags, key=lambda tag: tag.keyword not in chosen)
    )
    return f'<div class="lb-sheet"><table><tbody>{body}</tbody></table></div>'
