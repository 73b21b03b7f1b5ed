"""What the files said beside their pixels and Lightbox did not keep: names of tags, never their values."""

from __future__ import annotations

import streamlit as st

from core.specs import DatasetCard
from pages.parts import numbers, tables

MOST = 200


def show(card: DatasetCard) -> None:
    """A sentence, and the tags in a table that folds away; nothing where no file said anything."""
    if not card.dropped_tags and card.names_kept:
        return
    st.markdown("#### Left behind")
    st.markdown(" ".join(sentences(card)))
    if card.dropped_tags:
        with st.expander(f"{numbers.count(len(card.dropped_tags), 'kind')} of tags that were dropped"):
            tables.show_table(*_table(card))


def sentences(card: DatasetCard) -> list[str]:
    """What was dropped, in plain sentences."""
    said = []
    if card.dropped_tags:
        said.append(
            "The files said more than their pixels, who was imaged, where and by whom. Lightbox has dropped that, and"
            " keeps nothing of it."
        )
    if not card.names_kept:
        said.append("File names that may name somebody were replaced by numbers.")
    return said


def _table(card: DatasetCard) -> tuple[list[tables.Column], list[list[tables.Cell | str]]]:
    tags = sorted(card.dropped_tags, key=lambda tag: (-tag.files, tag.name))
    rows: list[list[tables.Cell | str]] = [[tag.name, numbers.count(tag.files)] for tag in tags[:MOST]]
    if len(tags) > MOST:
        rest = tags[MOST:]
        rows.append([f"and {numbers.count(len(rest))} more", ""])
    return [tables.Column("Tag"), tables.Column("Files", number=True)], rows
