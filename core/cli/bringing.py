"""`look`: what is in a source, how it would be read, and what that would give."""

from __future__ import annotations

import argparse
import shlex

from core import actions
from core.cli.labelling import as_flags, is_told, labelling_from
from core.cli.show import plain, print_json, print_table
from core.specs import LabellingPreview, SourceLook


def look(arguments: argparse.Namespace) -> int:
    """Look into a source without bringing it in; nothing is kept."""
    home = actions.open_home()
    with actions.looked_at(home, arguments.path) as (found, preview):
        labelling = labelling_from(arguments, found) if is_told(arguments) else found.proposal
        given = preview(labelling)
    if arguments.json:
        print_json({"look": found.model_dump(mode="json"), "preview": given.model_dump(mode="json")})
        return 0
    _show(found)
    print("\nRead as: " + plain(shlex.join(as_flags(labelling)) or "the folders say the class"))
    _show_preview(given)
    return 0


def _show(found: SourceLook) -> None:
    formats = ", ".join(f"{count:,} {name}" for name, count in found.formats.items())
    print(plain(f"{found.kind}: {found.images:,} files that may be images ({formats})"))
    if found.same_as:
        print(f"The same content is here already: {found.same_as}.")
    for table in found.tables:
        print()
        print(plain(f"table {table.name}: {table.rows:,} rows"))
        print_table(
            ("column", "values", "empty", "examples"),
            [(one.name, one.distinct, one.empty, ", ".join(one.examples[:4])) for one in table.columns],
        )
    if found.tags:
        print("\nDICOM tags in a sample of the files")
        print_table(("tag", "files", "values"), [(tag.keyword, tag.files, tag.distinct) for tag in found.tags])


def _show_preview(given: LabellingPreview) -> None:
    print(f"{given.labelled:,} of {given.images:,} images have a class.")
    print_table(("class", "images"), list(given.classes.items()))
    if given.patients is not None:
        print(f"{given.patients:,} patients.")
    for finding in given.findings:
        print(plain(f"{finding.severity.value}: {finding.what} {finding.remedy}"))
