"""What the files said beside their pixels and Lightbox did not keep: names of tags, never their values."""

from __future__ import annotations

import streamlit as st

from core.specs import DatasetCard, DroppedTag
from pages.parts import numbers, tables

MOST = 400
FEW, HEIGHT_PX = 10, 360
FILE_NAME = "file name"


def show(card: DatasetCard) -> None:
    """A sentence, and the tags in a table that folds away; nothing where no file said anything."""
    if not sentences(card):
        return
    st.markdown("#### Left behind")
    st.markdown(" ".join(sentences(card)))
    if not _tags(card):
        return
    words = f"{numbers.count(len(_tags(card)), 'kind')} of tags that were dropped"
    height = HEIGHT_PX if len(_tags(card)) > FEW else "content"
    with st.expander(words), st.container(height=height, border=False):
        tables.show_table(*_table(card))


def sentences(card: DatasetCard) -> list[str]:
    """What was dropped, in plain sentences."""
    said = []
    if _tags(card):
        said.append(
            "The files said more than their pixels: who was imaged, say, where or when. Lightbox has dropped that and"
            " keeps nothing of it."
        )
    if len(_tags(card)) < len(card.dropped_tags):
        said.append("File names that may name somebody were replaced by numbers.")
    return said


def _tags(card: DatasetCard) -> list[DroppedTag]:
    """What stood in the files; their names are told in a sentence."""
    return [tag for tag in card.dropped_tags if tag.name != FILE_NAME]


def _table(card: DatasetCard) -> tuple[list[tables.Column], list[list[tables.Cell | str]]]:
    tags = sorted(_tags(card), key=lambda tag: (-tag.files, tag.name))
    rows: list[list[tables.Cell | str]] = [[tag.name, numbers.count(tag.files)] for tag in tags[:MOST]]
    if len(tags) > MOST:
        rest = tags[MOST:]
        rows.append([f"and {numbers.count(len(rest))} more", ""])
    return [tables.Column("Tag"), tables.Column("Files", number=True)], rows
