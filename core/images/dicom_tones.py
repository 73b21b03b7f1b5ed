"""From the stored values of a DICOM frame to pixels, and to what is to be seen of them: the grey scale pipeline.

Grey values are kept as they are stored (PS3.4, N.2). Rescale slope and intercept say what they mean, a linear window
which of them are shown; without a window that is the range of all frames, or of the frame where they are compressed. Of
several windows the first counts. What is no straight line (a modality or VOI lookup table, a sigmoid window) is applied
as pydicom does, and the picture is kept. Unsigned values of up to 8 bits about which the file says nothing are the
picture, spread by their depth (8 bits stay as they are); so are colours. A palette is looked up. In MONOCHROME1 low is
bright.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut, apply_windowing

from core.images import refusals
from core.images.pixels import Pixels, top
from core.images.tone import Stored, Tone
from core.images.values import Numbers, Span, full_range, own_range, require_numbers, spread, stored

_MODALITY = ("ModalityLUTSequence", "RescaleSlope", "RescaleIntercept", "RescaleType")
_WINDOW = ("VOILUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction")
_PER_FRAME = ("PixelValueTransformationSequence", "FrameVOILUTSequence")
_ENDS = np.array([-1e12, 1e12])  # beyond every value; what a window makes of them are the ends of its output
_UNITS = ("HU", "HU_MOD", "OD", "MGML", "Z_EFF", "ED", "EDW", "PCT")  # PS3.3 C.11.1.1.2; another text may say anything
_FURTHEST = 1e100  # no window's end lies beyond, so that its width is a number too


def toned(values: Numbers, dataset: Dataset, plane: int, colours: str, name: str, span: Span | None = None) -> Stored:
    """One frame.

    Args:
        values: `(H, W)` or `(H, W, 3)`, as stored.
        dataset: the file's elements.
        plane: which frame it is, from 0.
        colours: the photometric interpretation of `values`.
        name: what to call the file in an error.
        span: the lowest and the highest stored value of all frames, shown where there is no window; else the frame's.

    Returns:
        `(H, W)` or `(H, W, 3)` RGB, uint8 or uint16, and what its values mean where they are not the picture.

    Raises:
        BadImage: values that are no numbers.
        NotHandledYet: colours that are neither RGB nor made so by pydicom.
    """
    if colours == "PALETTE COLOR":
        shown = apply_color_lut(values, dataset)[..., :3]
        return Stored(full_range(shown, shown.dtype.itemsize * 8), None)
    if values.ndim == 3:
        if colours != "RGB":  # pydicom leaves the rarer ones as they are
            raise refusals.not_yet(name, "a DICOM image in an unusual colour space", "Save it as RGB and use that.")
        return Stored(_as_they_are(values, int(dataset.BitsStored), name), None)
    elements, inverted = _frame_elements(dataset, plane), colours == "MONOCHROME1"
    tone = _straight(elements)
    if tone is None:
        grey = _picture(values, elements, name)
        return Stored(top(grey) - grey if inverted else grey, None)
    bits = int(elements.get("BitsStored", 64))
    if tone == Tone(1.0, 0.0) and values.dtype.kind == "u" and bits <= 8:
        grey = full_range(values, bits)
        return Stored(top(grey) - grey if inverted else grey, None)
    if span is not None and not np.isfinite(span).all():  # the frames that have such values are refused
        span = None
    return stored(_narrowed(values, bits), _over(tone, span), name, span=span, inverted=inverted)


def _over(tone: Tone, span: Span | None) -> Tone:
    """The tone with the whole span shown, where the file has no window."""
    if span is None or tone.low is not None:
        return tone
    low, high = sorted(number * tone.slope + tone.intercept for number in span)
    return replace(tone, low=low, high=high) if -_FURTHEST < low < high < _FURTHEST else tone


def _straight(elements: Dataset) -> Tone | None:
    """What a stored value means and which values are shown; None where that is no straight line."""
    if elements.get("ModalityLUTSequence") or _has_voi_lut(elements):
        return None
    window = _window(elements)
    if window is not None and elements.get("VOILUTFunction") == "SIGMOID":
        return None
    slope, intercept = (_first(elements.get(keyword)) for keyword in ("RescaleSlope", "RescaleIntercept"))
    slope, intercept = (1.0, 0.0) if slope is None or intercept is None else (slope, intercept)
    if not np.isfinite((slope, intercept)).all() or slope == 0:
        return None
    low, high = window or (None, None)
    return Tone(slope, intercept, low, high, _unit(elements))


def _narrowed(values: Numbers, bits: int) -> Numbers:
    """Few bits in the type that holds them, so that 8 bits are kept as 8 whatever pydicom unpacks them to."""
    low, high = (0, 255) if values.dtype.kind == "u" else (-128, 127)
    fits = bits <= 8 and values.dtype.kind in "ui" and values.min() >= low and values.max() <= high
    return values.astype(f"{values.dtype.kind}1") if fits else values


def _unit(elements: Dataset) -> str:
    found = str(elements.get("RescaleType") or "")
    return found if found in _UNITS else "HU" if elements.get("Modality") == "CT" and not found else ""


def _window(elements: Dataset) -> tuple[float, float] | None:
    """The values that a linear window makes black and white (PS3.3 C.11.2.1.2 and C.11.2.1.3.2)."""
    if not _has_window(elements):
        return None
    centre, width = (float(_first(elements[keyword].value) or 0) for keyword in ("WindowCenter", "WindowWidth"))
    shift, less = (0.0, 0.0) if elements.get("VOILUTFunction") == "LINEAR_EXACT" else (0.5, 1.0)
    low, high = centre - shift - (width - less) / 2, centre - shift + (width - less) / 2
    return (low, high) if -_FURTHEST < low < high < _FURTHEST else None


def _picture(values: Numbers, elements: Dataset, name: str) -> Pixels:
    """What is seen of a frame, where that takes more than a straight line."""
    bits = int(elements.get("BitsStored", 64))
    modal = apply_modality_lut(values, elements)
    if _has_voi_lut(elements):
        whole = np.rint(modal).astype(np.int64) if modal.dtype.kind == "f" else modal
        depth = int(elements.VOILUTSequence[0].LUTDescriptor[2])
        return spread(apply_voi_lut(whole, elements), 0, 2**depth - 1, _type_for(bits))
    if _has_window(elements):
        require_numbers(modal, name)
        with np.errstate(over="ignore"):
            low, high = (float(end) for end in apply_windowing(_ENDS, elements))
            return spread(apply_windowing(modal, elements), low, high, _type_for(bits))
    return _as_they_are(modal, bits, name)


def _as_they_are(values: Numbers, bits: int, name: str) -> Pixels:
    unsigned_by_depth = values.dtype.kind == "u" and (bits <= 8 or (values.ndim == 3 and bits <= 16))
    return full_range(values, bits) if unsigned_by_depth else own_range(values, name)


def _type_for(bits: int) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if bits <= 8 else np.uint16


def _has_voi_lut(elements: Dataset) -> bool:
    tables = elements.get("VOILUTSequence")
    return bool(tables) and "LUTDescriptor" in tables[0] and "LUTData" in tables[0]


def _has_window(elements: Dataset) -> bool:
    """Whether there is a window that can be applied; one of no width says nothing."""
    centre, width = (_first(elements.get(keyword)) for keyword in ("WindowCenter", "WindowWidth"))
    if centre is None or width is None or not np.isfinite(centre) or not np.isfinite(width):
        return False
    return width > 0 if elements.get("VOILUTFunction") in ("LINEAR_EXACT", "SIGMOID") else width > 1


def _first(value: object) -> float | None:
    """The first of several values, or the only one; None where there is none."""
    if value is None or isinstance(value, str):
        return None
    values = np.atleast_1d(np.asarray(value, np.float64))
    return float(values[0]) if values.size else None


def _frame_elements(dataset: Dataset, plane: int) -> Dataset:
    """What the pipeline asks for; in a file with functional groups the frame's own say counts most."""
    found = Dataset()
    found.PhotometricInterpretation = "MONOCHROME2"
    for keyword in ("BitsStored", "PixelRepresentation", "Modality"):
        if keyword in dataset:
            found[keyword] = dataset[keyword]
    for source in (dataset, *_groups(dataset, plane)):
        for keyword in (*_MODALITY, *_WINDOW):
            if keyword in source:
                found[keyword] = source[keyword]
    return found


def _groups(dataset: Dataset, plane: int) -> list[Dataset]:
    shared = list(dataset.get("SharedFunctionalGroupsSequence") or ())[:1]
    own = list(dataset.get("PerFrameFunctionalGroupsSequence") or ())[plane : plane + 1]
    return [item for group in (*shared, *own) for keyword in _PER_FRAME for item in list(group.get(keyword) or ())[:1]]
