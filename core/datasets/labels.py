"""Read class, split and patient of every image off the places that a labelling names: folders, a table, a pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.datasets.folders import nested_places, places
from core.specs import Finding, Labelling, OriginKind

_NO_REMEDY = "Nothing needs to be done."


@dataclass(frozen=True)
class Labels:
    """Class, split ("train", "val", "test") and patient of each image in order; "" where nothing says.

    `findings` say what in the table or the names could not be used.
    """

    label: list[str]
    split: list[str]
    patient: list[str]
    findings: list[Finding] = field(default_factory=list)


def read_labels(names: Sequence[str], labelling: Labelling) -> Labels:
    """What a labelling says of images.

    Args:
        names: of the images inside their source.
        labelling: where to look.
    """
    read = Labels([""] * len(names), [""] * len(names), [""] * len(names))
    kinds = {labelling.label.kind, labelling.split.kind, labelling.patient.kind}
    if OriginKind.FOLDER in kinds:
        _from_folders(names, labelling, read)
    return read


def _from_folders(names: Sequence[str], labelling: Labelling, read: Labels) -> None:
    both = labelling.label.kind is labelling.patient.kind is OriginKind.FOLDER
    found = nested_places(names) if both else places(names)
    if labelling.label.kind is OriginKind.FOLDER:
        read.label[:] = [place.class_name for place in found]
    if labelling.split.kind is OriginKind.FOLDER:
        read.split[:] = [place.split for place in found]
    if labelling.patient.kind is OriginKind.FOLDER:
        read.patient[:] = [place.patient if both else place.class_name for place in found]
