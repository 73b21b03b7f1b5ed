"""What may be changed in a data set: each change makes a new revision, and stands in its card."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.specs.base import Spec
from core.specs.dataset import SplitConfig
from core.specs.task import Split


class Exclude(Spec):
    """Leave images out."""

    edit: Literal["exclude"] = "exclude"
    item_ids: tuple[int, ...]


class Relabel(Spec):
    """Give images another class, an existing one by its name or a new one."""

    edit: Literal["relabel"] = "relabel"
    item_ids: tuple[int, ...]
    label: str = Field(min_length=1, max_length=120)


class RenameClass(Spec):
    """Give a class another name; the name of another class puts the two together."""

    edit: Literal["rename_class"] = "rename_class"
    class_index: int
    label: str = Field(min_length=1, max_length=120)


class Place(Spec):
    """Put images into one split, with all that belongs to them (their patient, their volume)."""

    edit: Literal["place"] = "place"
    item_ids: tuple[int, ...]
    split: Split


class SettleCopies(Spec):
    """Settle every group of copies at once: keep one image of each, or put each group on one side of the split."""

    edit: Literal["settle_copies"] = "settle_copies"
    how: Literal["drop", "together"] = "drop"
    near: bool = False


class Sample(Spec):
    """Keep a part of the images, by seed: at most `per_class` of each class (whole patients are not divided)."""

    edit: Literal["sample"] = "sample"
    per_class: int = Field(ge=1)
    seed: int = Field(0, ge=0, le=2_147_483_647)


class Merge(Spec):
    """Add the images of another data set; classes of the same name become one."""

    edit: Literal["merge"] = "merge"
    dataset_id: str


class PatientsFromNames(Spec):
    """Read the patient off the names of the images, by a pattern with `{patient}`; "" forgets the patients."""

    edit: Literal["patients_from_names"] = "patients_from_names"
    pattern: str


class DrawSplit(Spec):
    """Divide the images anew: for another fold, or another seed, of an accepted set (in review the split is set)."""

    edit: Literal["draw_split"] = "draw_split"
    split: SplitConfig


Edit = Annotated[
    Exclude | Relabel | RenameClass | Place | SettleCopies | Sample | Merge | PatientsFromNames | DrawSplit,
    Field(discriminator="edit"),
]


class Edits(Spec):
    """Changes that are made together, in order."""

    edits: tuple[Edit, ...] = Field(min_length=1)
