"""What stands in the choosing form: every choice that was made, also those that are not in use just now.

A visitor who tries the file name and goes back to the table finds the column as it was. Promises: a draft that makes
no labelling says why in two sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.errors import BadSetting
from core.specs import Labelling, Origin, OriginKind, SourceLook, TableLook

Role = Literal["label", "patient", "split"]
ROLES: tuple[Role, ...] = ("label", "patient", "split")
ROLE_WORDS: dict[str, str] = {"label": "class", "patient": "patient", "split": "split", "image": "image"}


@dataclass(frozen=True)
class Draft:
    """The choices of a visitor; `columns` and `tags` by role, `kinds` says which of them count.

    Attributes:
        kinds: where each role is written.
        columns: of each role the column of the table; "" while none is chosen.
        tags: of each role the DICOM tag; "" while none is chosen.
        rest: the fields of `Labelling` that have no role (`table`, `image_column`, `pattern`, `planes` ...).
    """

    kinds: Mapping[str, OriginKind]
    columns: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    def uses(self, kind: OriginKind) -> bool:
        """Whether any role is written there."""
        return kind in self.kinds.values()

    def with_kind(self, role: Role, kind: OriginKind) -> Draft:
        """The draft with a role written elsewhere."""
        return replace(self, kinds={**self.kinds, role: kind})

    def with_column(self, role: Role, column: str) -> Draft:
        """The draft with another column for a role."""
        return replace(self, columns={**self.columns, role: column})

    def with_tag(self, role: Role, tag: str) -> Draft:
        """The draft with another DICOM tag for a role."""
        return replace(self, tags={**self.tags, role: tag})

    def with_rest(self, **changes: Any) -> Draft:
        """The draft with other settings that have no role."""
        return replace(self, rest={**self.rest, **changes})

    def roles_of_columns(self) -> dict[str, str]:
        """What each column in use is for, in words: {"projection": "class"}; an unused table gives nothing."""
        if not self.uses(OriginKind.COLUMN):
            return {}
        used = {str(self.rest["image_column"]): "image"} if self.rest.get("image_column") else {}
        for role in ROLES:
            if self.kinds[role] is OriginKind.COLUMN and self.columns.get(role):
                used.setdefault(self.columns[role], ROLE_WORDS[role])
        return used


def draft_of(labelling: Labelling) -> Draft:
    """The draft that makes this labelling."""
    origins: dict[str, Origin] = {role: getattr(labelling, role) for role in ROLES}
    return Draft(
        kinds={role: origin.kind for role, origin in origins.items()},
        columns={role: origin.name for role, origin in origins.items() if origin.kind is OriginKind.COLUMN},
        tags={role: origin.name for role, origin in origins.items() if origin.kind is OriginKind.TAG},
        rest={name: value for name, value in labelling if name not in ROLES},
    )


def table_of(look: SourceLook, draft: Draft) -> TableLook | None:
    """The table that is chosen; where none is, the first; None where there is no table."""
    named = (table for table in look.tables if table.name == draft.rest.get("table"))
    return next(named, look.tables[0] if look.tables else None)


def labelling_of(draft: Draft) -> Labelling:
    """The labelling that the draft makes.

    Raises:
        BadSetting: something is missing or chosen twice.
    """
    _refuse_missing(draft)
    _refuse_twice(draft)
    rest = dict(draft.rest)
    if not draft.uses(OriginKind.COLUMN):
        rest |= {"table": "", "image_column": ""}
    if not draft.uses(OriginKind.PATTERN):
        rest["pattern"] = ""
    return Labelling.checked({role: _origin(draft, role) for role in ROLES} | rest)


def _refuse_missing(draft: Draft) -> None:
    if draft.uses(OriginKind.COLUMN) and not draft.rest.get("image_column"):
        raise BadSetting("It is not said yet which column names the image.", "Choose it under the table.")
    for role in ROLES:
        kind, word = draft.kinds[role], ROLE_WORDS[role]
        if kind is OriginKind.COLUMN and not draft.columns.get(role):
            raise BadSetting(f"It is not said yet which column holds the {word}.", "Choose one, or another place.")
        if kind is OriginKind.TAG and not draft.tags.get(role):
            raise BadSetting(f"It is not said yet which DICOM tag holds the {word}.", "Choose one, or another place.")
        if kind is OriginKind.PATTERN and f"{{{role}}}" not in str(draft.rest.get("pattern", "")):
            raise BadSetting(
                f"The pattern does not say where in the file name the {word} stands.",
                f"Write {{{role}}} there, and * for anything else.",
            )
    if draft.kinds["label"] is OriginKind.NONE:
        raise BadSetting("It is not said yet where the class of an image is written.", "Choose a place for it.")


def _refuse_twice(draft: Draft) -> None:
    taken: dict[str, str] = {}
    roles = {"image": str(draft.rest.get("image_column", ""))} if draft.uses(OriginKind.COLUMN) else {}
    roles |= {role: draft.columns[role] for role in ROLES if draft.kinds[role] is OriginKind.COLUMN}
    for role, column in roles.items():
        if column in taken:
            raise BadSetting(
                f"The column {column} is chosen twice: for the {ROLE_WORDS[taken[column]]}"
                f" and for the {ROLE_WORDS[role]}.",
                "Choose a column of its own for each.",
            )
        taken[column] = role


def _origin(draft: Draft, role: Role) -> dict[str, str]:
    kind = draft.kinds[role]
    names = {OriginKind.COLUMN: draft.columns, OriginKind.TAG: draft.tags}.get(kind, {})
    return {"kind": kind.value, "name": names.get(role, "")}
