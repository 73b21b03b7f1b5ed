"""Where the class, the split and the patient of each image are written, and what a look into a source found."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from core.specs.base import Spec
from core.specs.dataset import Finding

GROUP_TAGS = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
"""DICOM tags that say what belongs together: never a class, as the names of classes are kept as they stand."""

FREE_TEXT_TAGS = ("StudyDescription", "SeriesDescription", "ProtocolName", "ContrastBolusAgent", "Manufacturer")
"""DICOM tags that may be the class, and hold whatever somebody typed."""


class OriginKind(StrEnum):
    """The places where a label may be written."""

    NONE = "none"
    FOLDER = "folder"
    COLUMN = "column"
    TAG = "tag"
    PATTERN = "pattern"


class Origin(Spec):
    """One such place; `name` is the column of the table or the keyword of the DICOM tag, else empty."""

    kind: OriginKind = OriginKind.NONE
    name: str = ""

    @model_validator(mode="after")
    def _named(self) -> Origin:
        if (self.kind in (OriginKind.COLUMN, OriginKind.TAG)) != bool(self.name):
            raise ValueError("a column and a DICOM tag need a name, and nothing else has one")
        return self


class Labelling(Spec):
    """How a source is to be read.

    Attributes:
        label, split, patient: where the class, the given split and the patient of an image are written. `patient` may
            be any column whose images belong together (a slide, a site).
        table: the file in the source that is the table; needed when anything is a column.
        image_column: the column of the table that names the image.
        pattern: on the file name: `{patient}_*_{label}`; with `{label}`, `{patient}`, `{split}`, `*`, `#` for a number.
        planes: of files that hold several images: each of them, or the middle one.
        slice_axis: of NIfTI volumes, the axis along which slices are taken (0 sagittal, 1 coronal, 2 axial).
        keep_names: keep file names as they are. They may name patients; otherwise Lightbox numbers the images.
        keep_patient_ids: keep patient ids as they are instead of salted hashes.
    """

    label: Origin = Origin(kind=OriginKind.FOLDER)
    split: Origin = Origin(kind=OriginKind.FOLDER)
    patient: Origin = Origin()
    table: str = ""
    image_column: str = ""
    pattern: str = ""
    planes: Literal["each", "middle"] = "each"
    slice_axis: Literal[0, 1, 2] = 2
    keep_names: bool = False
    keep_patient_ids: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Labelling:
        if self.label.kind is OriginKind.TAG and self.label.name in GROUP_TAGS:
            raise ValueError(f"{self.label.name} tells people and examinations apart and cannot be the class")
        origins = (self.label, self.split, self.patient)
        columns = [origin.name for origin in origins if origin.kind is OriginKind.COLUMN]
        if columns and not (self.table and self.image_column):
            raise ValueError("a column needs its table and the column that names the images")
        used = [*columns, self.image_column] if columns else []
        twice = sorted({name for name in used if used.count(name) > 1})
        if twice:
            raise ValueError(f"the column {twice[0]!r} is chosen twice; every role needs a column of its own")
        if any(origin.kind is OriginKind.PATTERN for origin in origins) and not self.pattern:
            raise ValueError("a label taken from the file name needs a pattern")
        return self


class ColumnLook(Spec):
    """One column of a table: how many different values it has, how many rows are empty, and a few of its values."""

    name: str
    distinct: int
    empty: int
    examples: tuple[str, ...] = ()


class TableLook(Spec):
    """One table of a source: its file, its columns, its first rows (hostile text, shown and never kept)."""

    name: str
    rows: int
    columns: tuple[ColumnLook, ...]
    first_rows: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()


class TagLook(Spec):
    """One DICOM tag in the files that were looked into: its keyword, in how many, how many different values."""

    keyword: str
    files: int
    distinct: int
    examples: tuple[str, ...] = ()


class SourceLook(Spec):
    """What is in a source before it is imported; lies beside the upload until then, and is deleted with it.

    Attributes:
        kind: "zip", "folder", "files" or "npz".
        images: files that may be images.
        formats: how many of each ending.
        classes_by_folder: images per class as the folders have it; empty where they do not say.
        tables: tables beside the images.
        tags: DICOM tags of a sample of the files that can be the label or the patient.
        names: a sample of file names, for the preview of a pattern.
        volumes: whether there are files of several images.
        proposal: what Lightbox would do.
        ask: whether the user should be asked; False where class folders or an NPZ leave no question.
        same_as: id of a data set with the same content; empty where there is none.
    """

    kind: Literal["zip", "folder", "files", "npz"]
    images: int
    formats: dict[str, int] = Field(default_factory=dict)
    classes_by_folder: dict[str, int] = Field(default_factory=dict)
    tables: tuple[TableLook, ...] = ()
    tags: tuple[TagLook, ...] = ()
    names: tuple[str, ...] = ()
    volumes: bool = False
    findings: tuple[Finding, ...] = ()
    proposal: Labelling = Labelling()
    ask: bool = False
    same_as: str = ""


class LabelledRow(Spec):
    """One image as a labelling reads it; empty where it says nothing. Hostile text."""

    name: str
    label: str = ""
    split: str = ""
    patient: str = ""


class LabellingPreview(Spec):
    """What a labelling would give, before anything is imported.

    Attributes:
        images: files that may be images.
        labelled: images that get a class.
        classes: images per class, as far as known before files are read (not for DICOM tags).
        patients: different patients; None where nothing says.
        rows: the first images.
        findings: rows without an image, images without a row, contradictory rows ...; an ERROR stops the import.
    """

    images: int
    labelled: int
    classes: dict[str, int] = Field(default_factory=dict)
    patients: int | None = None
    rows: tuple[LabelledRow, ...] = ()
    findings: tuple[Finding, ...] = ()


class Told(Spec):
    """What a file says beside its pixels.

    Attributes:
        kept: the tags that an allow-list lets through, coded values only (`Modality`: "CT").
        patient_id: of a DICOM file; to be hashed before it is kept anywhere.
        dropped: names (never values) of what else it says: "PatientName", "EXIF GPS position", "PNG text".
        labels: values of the tags that may be a label (`LABEL_TAGS`), to be used as class names.
    """

    kept: dict[str, str] = Field(default_factory=dict)
    patient_id: str = ""
    dropped: tuple[str, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
