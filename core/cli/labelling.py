"""Flags of the command line become a labelling: where the class, the split and the patient are written."""

from __future__ import annotations

import argparse

from core.errors import BadSetting
from core.specs import Labelling, Origin, OriginKind, SourceLook

_COLUMNS = ("label_column", "patient_column", "split_column")


def is_told(arguments: argparse.Namespace) -> bool:
    """Whether any flag says where something is written."""
    named = (*_COLUMNS, "table", "image_column", "label_tag", "patient_tag", "pattern")
    return any(getattr(arguments, name) for name in named)


def needs_look(arguments: argparse.Namespace) -> bool:
    """Whether the source has to be looked into to know which table, or which of its columns, is meant."""
    columns = any(getattr(arguments, name) for name in _COLUMNS)
    return columns and not (arguments.table and arguments.image_column)


def labelling_from(arguments: argparse.Namespace, look: SourceLook | None = None) -> Labelling:
    """The labelling that the flags ask for.

    Args:
        look: what is in the source; fills in the table and the column of the images where they were not named.

    Raises:
        BadSetting: the flags do not go together, or there is not exactly one table to take.
    """
    columns = any(getattr(arguments, name) for name in _COLUMNS)
    values = {
        "label": _origin(arguments, "label", Origin(kind=OriginKind.FOLDER)),
        "split": _origin(arguments, "split", Origin(kind=OriginKind.FOLDER)),
        "patient": _origin(arguments, "patient", Origin()),
        "pattern": arguments.pattern or "",
        "table": (arguments.table or _only_table(look)) if columns else "",
        "planes": arguments.planes,
        "slice_axis": arguments.slice_axis,
        "keep_names": arguments.keep_names,
        "keep_patient_ids": arguments.keep_patient_ids,
    }
    if columns:
        proposed = look.proposal.image_column if look and look.proposal.table == values["table"] else ""
        values["image_column"] = arguments.image_column or proposed
        if not values["image_column"]:
            raise BadSetting(
                "Nothing says which column names the images.", "Name it with --image-column; `look PATH` lists them."
            )
    return Labelling.checked(values)


def as_flags(labelling: Labelling) -> list[str]:
    """The flags that ask for a labelling."""
    flags = []
    for role in ("label", "patient", "split"):
        origin: Origin = getattr(labelling, role)
        if origin.kind in (OriginKind.COLUMN, OriginKind.TAG):
            flags += [f"--{role}-{origin.kind.value}", origin.name]
    if labelling.table:
        flags += ["--table", labelling.table, "--image-column", labelling.image_column]
    return flags + (["--pattern", labelling.pattern] if labelling.pattern else [])


def _origin(arguments: argparse.Namespace, role: str, otherwise: Origin) -> Origin:
    if column := getattr(arguments, f"{role}_column"):
        return Origin(kind=OriginKind.COLUMN, name=column)
    if tag := getattr(arguments, f"{role}_tag", None):
        return Origin(kind=OriginKind.TAG, name=tag)
    if f"{{{role}}}" in (arguments.pattern or ""):
        return Origin(kind=OriginKind.PATTERN)
    return otherwise


def _only_table(look: SourceLook | None) -> str:
    names = [table.name for table in look.tables] if look else []
    if len(names) == 1:
        return names[0]
    if look and look.proposal.table:
        return look.proposal.table
    found = f"There are {len(names)}: {', '.join(names[:5])}." if names else "There is none."
    raise BadSetting(f"A column was named, but not its table. {found}", "Name it with --table.")
