"""What a file says beside its pixels."""

from __future__ import annotations

from core.images.sniff import kind_of
from core.specs import Told

LABEL_TAGS = (
    "Modality",
    "BodyPartExamined",
    "ViewPosition",
    "Laterality",
    "ImageLaterality",
    "PatientSex",
    "StudyDescription",
    "SeriesDescription",
    "PhotometricInterpretation",
)


def told(data: bytes, name: str) -> Told:
    """What a file says of itself and of its patient.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        BadImage, NotHandledYet: it is no image.
    """
    kind_of(data, name)
    return Told()
