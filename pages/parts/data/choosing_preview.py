"""What the choices would give, before anything is imported: figures, findings, classes, the table, the first images."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.errors import LightboxError
from core.specs import Finding, LabellingPreview, OriginKind, SourceLook, TableLook
from pages.parts import numbers, page, tables
from pages.parts.data import findings as data_findings
from pages.parts.data import words as data_words
from pages.parts.data.choosing_draft import Draft, table_of
from pages.parts.data.choosing_sheets import STYLE, cut, rows_html, sheet_html, tags_html

MOST_CLASSES = 12
MOST_ROWS = 8


def show(look: SourceLook, draft: Draft, preview: LabellingPreview | None, error: LightboxError | None) -> None:
    """The evidence beside the form.

    Args:
        preview: what the choices would give; None where they make no labelling.
        error: why not.
    """
    if error is not None:
        st.warning(f"**{page.safe(error.what)}** {page.safe(error.remedy)}", icon=":material/edit:")
    if preview is not None:
        _figures(look, draft, preview)
        data_findings.show(_findings(look, draft, preview), "data_choose_finding")
        _classes(look, draft, preview)
    if draft.uses(OriginKind.COLUMN) and (table := table_of(look, draft)) is not None:
        _table(table, draft.roles_of_columns())
    if preview is not None and _worth_showing(preview, draft):
        _rows(preview, draft)
    if look.tags:
        _tags(look, draft)


def _worth_showing(preview: LabellingPreview, draft: Draft) -> bool:
    """Whether the first images tell anything: names at least, unless all that counts stands inside the files."""
    told = any(row.label or row.patient or row.split for row in preview.rows)
    return told or (bool(preview.rows) and draft.kinds["label"] is not OriginKind.TAG)


def _findings(look: SourceLook, draft: Draft, preview: LabellingPreview) -> list[Finding]:
    """What was found in the source, in the table in use, and by the preview; each told once."""
    table = table_of(look, draft) if draft.uses(OriginKind.COLUMN) else None
    all_found = [*preview.findings, *(table.findings if table is not None else ()), *look.findings]
    return list({(found.rule, found.what): found for found in all_found}.values())


def _figures(look: SourceLook, draft: Draft, preview: LabellingPreview) -> None:
    by_tag = draft.kinds["label"] is OriginKind.TAG
    without = max(0, preview.images - preview.labelled)
    left_out = f"{numbers.count(without)} without, left out" if without and not by_tag else ""
    cards = [
        tables.Card("Images", numbers.count(preview.images), data_words.kinds(look.formats) if look.formats else ""),
        tables.Card("With a class", "read later" if by_tag else numbers.count(preview.labelled), left_out),
        tables.Card("Classes", "read later" if by_tag else numbers.count(len(preview.classes))),
    ]
    if preview.patients is not None:
        cards.append(tables.Card("Patients", numbers.count(preview.patients), _per_patient(preview)))
    elif draft.kinds["patient"] is OriginKind.NONE:
        cards.append(tables.Card("Patients", "not known", "every image by itself"))
    else:
        cards.append(tables.Card("Patients", "read later", "when the files are opened"))
    tables.show_cards(cards)


def _per_patient(preview: LabellingPreview) -> str:
    if not preview.patients:
        return ""
    return f"{preview.labelled / preview.patients:.1f} images each, on average"


def _classes(look: SourceLook, draft: Draft, preview: LabellingPreview) -> None:
    st.markdown("#### Classes")
    if draft.kinds["label"] is OriginKind.TAG:
        st.markdown(_told_by_tag(look, draft.tags.get("label", "")))
        return
    if not preview.classes:
        st.markdown("No image gets a class this way.")
        return
    largest = max(preview.classes.values())
    ranked = sorted(preview.classes.items(), key=lambda pair: -pair[1])
    columns = [tables.Column("Class"), tables.Column("Images", number=True), tables.Column("")]
    rows = [[name, numbers.count(images), tables.Cell("", share=images / largest)] for name, images in ranked]
    tables.show_table(columns, rows[:MOST_CLASSES])
    if len(rows) > MOST_CLASSES:
        with st.expander(numbers.count(len(rows) - MOST_CLASSES, "smaller class", "smaller classes")):
            tables.show_table(columns, rows[MOST_CLASSES : MOST_CLASSES + 200])


def _told_by_tag(look: SourceLook, keyword: str) -> str:
    """What is known of classes that stand in the headers, before every file has been opened."""
    tag = next((tag for tag in look.tags if tag.keyword == keyword), None)
    if tag is None:
        return "They are known when every file has been opened."
    values = ", ".join(f"**{page.safe(cut(value))}**" for value in tag.examples)
    return (
        f"In a sample of {numbers.count(tag.files, 'file')} the tag {page.safe(keyword)} has"
        f" {numbers.count(tag.distinct, 'value')}, such as {values}. All are known when every file has been opened."
    )


def _table(table: TableLook, roles: Mapping[str, str]) -> None:
    st.markdown(f"#### The table {page.safe(table.name)}")
    st.caption(
        f"The first {numbers.count(len(table.first_rows), 'row')} of {numbers.count(table.rows)}."
        " The columns in use stand first, marked with what they are for."
    )
    st.html(STYLE + sheet_html(table, roles))


def _rows(preview: LabellingPreview, draft: Draft) -> None:
    st.markdown("#### How Lightbox reads the first images")
    st.html(STYLE + rows_html(preview.rows[:MOST_ROWS], draft))


def _tags(look: SourceLook, draft: Draft) -> None:
    """What the headers say; folded away where nothing is taken from them."""
    chosen = {draft.tags.get(role, "") for role, kind in draft.kinds.items() if kind is OriginKind.TAG}
    title = "What the DICOM headers say"
    if chosen:
        st.markdown(f"#### {title}")
    with st.container() if chosen else st.expander(title):
        st.caption(
            "From a sample of the files. Only what is chosen here, and a short list of coded values, is kept; names,"
            " dates and numbers of people are dropped."
        )
        st.html(STYLE + tags_html(look.tags, chosen))
