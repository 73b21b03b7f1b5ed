"""Where class, patient and split may be written in a source: only what it has, and only what may be kept."""

from __future__ import annotations

from core.specs import GROUP_TAGS, OriginKind, SourceLook, TagLook
from pages.parts.data.choosing_draft import Draft, Role
from pages.parts.data.choosing_words import PLACES


def places(role: Role, draft: Draft, look: SourceLook) -> list[OriginKind]:
    """Where a role may be written in this source; what the draft says is always among them."""
    possible = {
        OriginKind.NONE: role != "label",
        OriginKind.FOLDER: role == "split" or (role == "label" and len(look.classes_by_folder) > 1),
        OriginKind.COLUMN: bool(look.tables),
        OriginKind.TAG: bool(tags(role, look)) and role != "split",
        OriginKind.PATTERN: True,
    }
    return [kind for kind in PLACES if possible[kind] or kind is draft.kinds[role]]


def tags(role: Role, look: SourceLook) -> list[TagLook]:
    """The tags that may be chosen for a role: the class is kept as it stands, so it is none that tells people apart."""
    return [tag for tag in look.tags if role != "label" or tag.keyword not in GROUP_TAGS]
