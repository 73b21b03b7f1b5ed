"""What a DICOM file says: an allow-list of coded values is kept; of everything else no more than the tag's keyword.

A coded value is one that the standard lists, or a number. Even there a stranger may have written a name, so a value
that is not on the list, or is no number, counts as dropped.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from typing import Any

import pydicom
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

from core.images import dicom
from core.images.inflate import GZIP, inflated
from core.images.told import LABEL_TAGS
from core.specs import GROUP_TAGS, Told

_MODALITIES = "CR CT DX ES GM IO IVOCT KO MG MR NM OCT OP OPM OPT OT PT PX RF RG RTIMAGE SC SM TG US XA XC"
_PARTS = """
    ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST BRONCHUS CALCANEUS CALF
    CAROTID CEREBELLUM CERVIX CHEEK CHEST CHESTABDOMEN CHESTABDPELVIS CLAVICLE COCCYX COLON CORNEA
    CORONARYARTERY CSPINE CTSPINE DUODENUM EAR ELBOW ESOPHAGUS EXTREMITY EYE EYELID FACE FEMUR FINGER FOOT
    FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS ILEUM ILIUM JAW JEJUNUM KIDNEY KNEE LARYNX LEG
    LIVER LSPINE LSSPINE LUMBAR LUNG MAXILLA MEDIASTINUM MOUTH NECK NECKCHEST NECKCHESTABDOMEN NOSE ORBIT OVARY
    PANCREAS PAROTID PATELLA PELVIS PENIS PHARYNX PROSTATE RECTUM RIB SACRUM SCALP SCAPULA SCLERA SCROTUM
    SHOULDER SKULL SPINE SPLEEN SSPINE STERNUM STOMACH TESTIS THIGH THUMB THYMUS THYROID TIBIA TLSPINE TOE
    TONGUE TRACHEA TSPINE URETER URETHRA UTERUS VAGINA VULVA WHOLEBODY WRIST
"""
_LISTED = {  # PS3.3, C.7 and C.8; the parts of the body: PS3.16, annex L
    "Modality": _MODALITIES,
    "BodyPartExamined": _PARTS,
    "ViewPosition": "AP PA LL RL RLD LLD RLO LLO LAO RAO LATERAL OBLIQUE CC MLO ML LM XCCL XCCM FB ISO SIO SQA",
    "Laterality": "L R",
    "ImageLaterality": "L R U B",
    "PatientSex": "M F O",
    "PatientPosition": "HFP HFS HFDR HFDL FFDR FFDL FFP FFS LFP LFS RFP RFS AFDR AFDL PFDR PFDL",
    "PhotometricInterpretation": "MONOCHROME1 MONOCHROME2 PALETTE_COLOR RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_420 "
    "YBR_ICT YBR_RCT",
    "ScanningSequence": "SE IR GR EP RM",
    "SequenceVariant": "SK MTC SS TRSS SP MP OSP NONE",
    "BurnedInAnnotation": "YES NO",
    "LossyImageCompression": "00 01",
    "PresentationLUTShape": "IDENTITY INVERSE",
    "ConversionType": "DV DI DF WSD SD SI DRW SYN",
}
_NUMBERS = """
    Rows Columns SamplesPerPixel BitsAllocated BitsStored PixelRepresentation NumberOfFrames PixelSpacing
    ImagerPixelSpacing SliceThickness SpacingBetweenSlices KVP XRayTubeCurrent ExposureTime Exposure
    MagneticFieldStrength RepetitionTime EchoTime InversionTime FlipAngle RescaleSlope RescaleIntercept
    WindowCenter WindowWidth
"""
_NUMBER = re.compile(r"[-+]?[0-9]{0,10}\.?[0-9]{1,10}([eE][-+]?[0-9]{1,3})?\Z")
_NUMERIC = frozenset(_NUMBERS.split())
_VALUES = {
    keyword: frozenset(term.replace("_COLOR", " COLOR") for term in terms.split()) for keyword, terms in _LISTED.items()
}
_KEPT = {keyword: Tag(keyword) for keyword in (*_VALUES, *sorted(_NUMERIC))}
_LABELS = {keyword: Tag(keyword) for keyword in (*LABEL_TAGS, *GROUP_TAGS)}
_ENDS_OF_META = ("SourceApplicationEntityTitle", "SendingApplicationEntityTitle", "ReceivingApplicationEntityTitle")
_META = (*_ENDS_OF_META, "PrivateInformation")
_WORDS = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
_LONGEST, _MOST_VALUES = 64, 16
_MOST_TAGS, _DEEPEST = 20_000, 8
_HOW_PIXELS_ARE, _SILENT = 0x0028, frozenset((0x00080005, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0xFFFCFFFC))


def told(data: bytes, name: str) -> Told:
    """What the file says; of a damaged one, what can be read.

    Args:
        data: the whole file, maybe compressed with gzip.
        name: what to call it in an error.

    Raises:
        TooLarge: compressed as a whole, and larger than we care to hold.
    """
    try:
        return told_of(_dataset(data, name))
    except dicom.FAILS:
        return Told()


def told_of(dataset: Dataset) -> Told:
    """The same of elements that are read already."""
    try:
        return _told(dataset)
    except dicom.FAILS:
        return Told()


def _told(dataset: Dataset) -> Told:
    labels = {keyword: value for keyword, tag in _LABELS.items() if (value := _text(dataset, tag))}
    kept = {keyword: value for keyword, tag in _KEPT.items() if (value := _coded(dataset, keyword, tag))}
    dropped = {word for word in _walk(dataset, 0, [_MOST_TAGS]) if word not in kept}
    return Told(
        kept=kept,
        patient_id=labels.get("PatientID", ""),
        dropped=tuple(sorted(dropped | _beside(dataset))),
        labels=labels,
    )


def _dataset(data: bytes, name: str) -> Dataset:
    if data.startswith(b"\x1f\x8b"):
        data = inflated(data, GZIP, name)
    dicom.refuse_deflate_bomb(data, name)
    return pydicom.dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)


def _coded(dataset: Dataset, keyword: str, tag: int) -> str:
    """A value that stands on its list, or numbers; else nothing."""
    text = _text(dataset, tag)
    if not text:
        return ""
    listed, values = _VALUES.get(keyword), text.split("\\")
    if listed is None:
        return text if all(_NUMBER.match(value) for value in values) else ""
    return text if listed.issuperset(values) else ""


def _text(dataset: Dataset, tag: int) -> str:
    """A tag's value in words, several with a backslash between; empty where there is none."""
    if tag not in dataset:
        return ""
    try:
        value: Any = dataset[tag].value
        if value is None:
            return ""
        several = value if isinstance(value, list | pydicom.multival.MultiValue) else [value]
        return "\\".join(str(one).strip() for one in several[:_MOST_VALUES])[:_LONGEST]
    except dicom.FAILS:
        return ""


def _walk(dataset: Dataset, depth: int, left: list[int]) -> Iterator[str]:
    """Keywords of all that has a value, also within sequences; how the pixels are stored says nothing of a patient."""
    elements: Any = list(dataset.values())  # raw: no value is looked into
    for element in elements:
        left[0] -= 1
        if left[0] < 0:
            return
        tag = element.tag
        kind = element.VR or _kind_of(tag)
        if kind == "SQ":
            yield from _within(dataset, tag, depth, left)
        elif tag in _SILENT or tag.element == 0 or not _holds(element):
            continue
        elif tag.group != _HOW_PIXELS_ARE or kind in _WORDS:
            yield _called(tag)


def _holds(element: Any) -> bool:
    """Whether there is a value; a number of 0 is one."""
    value = element.value
    return value is not None and (not hasattr(value, "__len__") or len(value) > 0)


def _within(dataset: Dataset, tag: BaseTag, depth: int, left: list[int]) -> Iterator[str]:
    try:
        items = list(dataset[tag].value or ()) if depth < _DEEPEST else []
    except dicom.FAILS:
        items = []
        yield _called(tag)
    for item in items:
        yield from _walk(item, depth + 1, left)


@functools.lru_cache(maxsize=10_000)
def _kind_of(tag: BaseTag) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


@functools.lru_cache(maxsize=10_000)
def _called(tag: BaseTag) -> str:
    """The standard's keyword; never what a private creator calls it, as anything may stand there."""
    if tag.is_private:
        return "private tags"
    return keyword_for_tag(tag) or "unknown tags"


def _beside(dataset: Dataset) -> set[str]:
    meta: Any = getattr(dataset, "file_meta", None) or {}
    found = {keyword for keyword in _META if meta.get(keyword)}
    preamble = getattr(dataset, "preamble", None) or b""
    return found | ({"DICOM preamble"} if preamble.strip(b"\0") else set())
