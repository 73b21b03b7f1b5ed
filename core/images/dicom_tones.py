"""From the stored values of a DICOM frame to what is to be seen: the standard's grey scale pipeline (PS3.4, N.2).

First the modality LUT or rescale slope and intercept, then the VOI LUT or window, both as pydicom applies them; what
comes out is spread from the ends of the window's own output over all 16 bits. Without a window: unsigned values of up
to 8 bits are spread over 8 bits by their depth (8 bits stay as they are), all others over 16 bits from the lowest value
of the frame to its highest. MONOCHROME1 is inverted at the end, so that high is bright. Of several windows the first
counts. Colours are spread by their depth; a palette is looked up.
"""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut, apply_windowing

from core.images import refusals
from core.images.pixels import Pixels, top
from core.images.values import Numbers, full_range, own_range, require_numbers, spread

_MODALITY = ("ModalityLUTSequence", "RescaleSlope", "RescaleIntercept")
_WINDOW = ("VOILUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction")
_PER_FRAME = ("PixelValueTransformationSequence", "FrameVOILUTSequence")
_ENDS = np.array([-1e12, 1e12])  # beyond every value; what a window makes of them are the ends of its output


def toned(values: Numbers, dataset: Dataset, plane: int, colours: str, name: str) -> Pixels:
    """The picture of one frame.

    Args:
        values: `(H, W)` or `(H, W, 3)`, as stored.
        dataset: the file's elements.
        plane: which frame it is, from 0.
        colours: the photometric interpretation of `values`.
        name: what to call the file in an error.

    Returns:
        `(H, W)` or `(H, W, 3)` RGB, uint8 or uint16.

    Raises:
        BadImage: values that are no numbers.
        NotHandledYet: colours that are neither RGB nor made so by pydicom.
    """
    if colours == "PALETTE COLOR":
        shown = apply_color_lut(values, dataset)[..., :3]
        return full_range(shown, shown.dtype.itemsize * 8)
    if values.ndim == 3:
        if colours != "RGB":  # pydicom leaves the rarer ones as they are
            raise refusals.not_yet(name, "a DICOM image in an unusual colour space", "Save it as RGB and use that.")
        return _without_window(values, int(dataset.BitsStored), name)
    grey = _grey(values, _frame_elements(dataset, plane), name)
    return top(grey) - grey if colours == "MONOCHROME1" else grey


def _grey(values: Numbers, elements: Dataset, name: str) -> Pixels:
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
    return _without_window(modal, bits, name)


def _without_window(values: Numbers, bits: int, name: str) -> Pixels:
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
    for keyword in ("BitsStored", "PixelRepresentation"):
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
