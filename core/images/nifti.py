"""NIfTI-1 and NIfTI-2 volumes, slice by slice along an axis of the patient; of a series, volume after volume.

The axis is the patient's (0 sagittal, 1 coronal, 2 axial) where the header says how the volume lies in space, else the
array's. A slice is turned as DICOM shows it: left to right towards the patient's left (or back), downwards towards the
back (or feet). Only the header, one slice and what lies between are in memory, unless the file is small.

Values: unsigned 8 bits without scaling stay as they are, and so does RGB. All others are kept as numbers, to be scaled
as the header says; shown is what lies from `cal_min` to `cal_max` where the header sets these, else from the lowest
value in the whole file to its highest, so that every slice has the same scale.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from nibabel.orientations import io_orientation
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from core.errors import LightboxError
from core.images import refusals
from core.images.pixels import Pixels
from core.images.quiet import quiet_readers, without_a_log
from core.images.tone import Stored, Tone
from core.images.unzipped import FURTHEST, unzipped
from core.images.values import Numbers, Span, require_numbers, stored

_KIND = "NIfTI"
_HEADERS = {348: nibabel.Nifti1Header, 540: nibabel.Nifti2Header}
_AT_ONCE = 2**22  # numbers looked at together on the way through a whole file
_FAILS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    zlib.error,
    HeaderDataError,
    WrapStructError,
)
without_a_log("nibabel")


@dataclass(frozen=True)
class _Layout:
    """How numbers lie in a file: where they begin, of which type, and along which axes; what they mean."""

    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, int, int, int]
    scaling: tuple[float, float]
    display: tuple[float, float] | None
    axes: npt.NDArray[np.float64]
    along: int

    @property
    def sides(self) -> tuple[int, int]:
        """The two axes of the array that make a slice."""
        first, second = (axis for axis in range(3) if axis != self.along)
        return first, second


class Opened:
    """A volume, or a series of volumes, whose header is read.

    Args:
        data: the whole file, maybe compressed with gzip.
        name: what to call it in an error.
        axis: along which slices are taken: 0 sagittal, 1 coronal, 2 axial.

    Attributes:
        planes: how many slices there are, of all volumes together: `volume * slices + slice`.

    Raises:
        BadImage: the header is damaged.
        NotHandledYet: more than four dimensions, or numbers that are not real.
    """

    def __init__(self, data: bytes, name: str, axis: int) -> None:
        self._name = name
        self._unpacked = unzipped(data)
        try:
            self._layout = _read_layout(self._unpacked.head(max(_HEADERS)), axis, name)
        except LightboxError:
            self.close()
            raise
        self.planes = self._layout.shape[self._layout.along] * self._layout.shape[3]

    def read(self, plane: int, max_pixels: int) -> Stored:
        """One slice.

        Args:
            plane: 0 for the first; `volume * slices + slice` in a series.
            max_pixels: the most that one slice may have.

        Returns:
            `(H, W)` or `(H, W, 3)`, uint8 or uint16, and what its values mean.

        Raises:
            BadImage: damaged, no such slice, or values that are no numbers.
            TooLarge: a slice beyond the limit, or a file that unpacks too far.
        """
        if not 0 <= plane < self.planes:
            raise refusals.no_plane(self._name, plane, self.planes)
        width, height = (self._layout.shape[axis] for axis in self._layout.sides)
        if width * height > max_pixels:
            raise refusals.too_large(self._name, width, height, max_pixels)
        return self._toned(_as_seen(self._slice(plane), self._layout))

    def close(self) -> None:
        """Let go of what was unpacked."""
        self._unpacked.close()

    def _toned(self, values: Numbers) -> Stored:
        if values.dtype.names:
            return Stored(np.stack([values[channel] for channel in "RGB"], axis=-1), None)
        slope, intercept = self._layout.scaling
        if values.dtype == np.uint8 and (slope, intercept) == (1, 0):
            return Stored(values, None)
        require_numbers(values, self._name)
        if not math.isfinite(slope * 65536 + intercept):
            raise refusals.not_numbers(self._name)
        low, high = self._layout.display or sorted(number * slope + intercept for number in self._span)
        ends = (low, high) if -1e100 < low < high < 1e100 else (None, None)
        span = None if values.dtype.kind in "ui" and values.dtype.itemsize <= 2 else self._span
        return stored(values, Tone(slope, intercept, *ends), self._name, span=span)

    @cached_property
    def _span(self) -> Span:
        """The lowest and the highest finite number in the whole file."""
        total, low, high = math.prod(self._layout.shape), math.inf, -math.inf
        for first in range(0, total, _AT_ONCE):
            part = self._numbers(first, min(_AT_ONCE, total - first))
            finite = part[np.isfinite(part)] if part.dtype.kind == "f" else part
            if finite.size:
                low, high = min(low, finite.min().item()), max(high, finite.max().item())
        return low, high

    def _slice(self, plane: int) -> Numbers:
        """The numbers of one slice, the two axes of the array in their order."""
        columns, rows, slices, _ = self._layout.shape
        volume, place = divmod(plane, self._layout.shape[self._layout.along])
        if self._layout.along == 2:
            return self._slab(volume * slices + place)
        first = volume * slices
        taken = np.empty((rows if self._layout.along == 0 else columns, slices), self._layout.dtype)
        for k in range(slices):
            slab = self._slab(first + k)
            taken[:, k] = slab[place] if self._layout.along == 0 else slab[:, place]
        return taken

    def _slab(self, k: int) -> Numbers:
        """What lies together in the file: one slice along the array's last axis."""
        columns, rows = self._layout.shape[:2]
        return self._numbers(k * columns * rows, columns * rows).reshape(columns, rows, order="F")

    def _numbers(self, first: int, count: int) -> Numbers:
        size = self._layout.dtype.itemsize
        start = self._layout.offset + first * size
        if start + count * size > FURTHEST:
            raise refusals.unpacks_too_far(self._name, FURTHEST // 2**20)
        try:
            return np.frombuffer(self._unpacked.part(start, count * size), self._layout.dtype, count)
        except _FAILS:
            raise refusals.damaged(self._name, _KIND) from None


def _read_layout(head: bytes, axis: int, name: str) -> _Layout:
    try:
        with quiet_readers():
            header = _header(head)
            dtype, shape = header.get_data_dtype(), header.get_data_shape()
            slope, intercept = header.get_slope_inter()
            offset = int(header.get_data_offset())  # a float in the first version, which may be no number
            low, high = float(header["cal_min"]), float(header["cal_max"])
    except _FAILS:
        raise refusals.damaged(name, _KIND) from None
    if len(shape) > 4:
        raise refusals.not_yet(name, f"a NIfTI volume of {len(shape)} dimensions", "Save it in three or four.")
    if not shape or min(shape) < 1 or offset < 0:
        raise refusals.damaged(name, _KIND)
    if dtype.kind not in "iuf" and "R" not in (dtype.names or ()):
        what = "a NIfTI volume of numbers that are not real"
        raise refusals.not_yet(name, what, "Save their magnitude and use that.")
    columns, rows, slices, volumes = (int(length) for length in (*shape, 1, 1, 1)[:4])
    axes = _axes(header)
    return _Layout(
        offset,
        dtype,
        (columns, rows, slices, volumes),
        (1.0 if slope is None else float(slope), float(intercept or 0)),
        (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None,
        axes,
        _along(axes, axis) if slices > 1 else 2,
    )


def _header(head: bytes) -> Any:
    """The header in its version and byte order; both are told by its length, which comes first."""
    size = next((n for n in _HEADERS for order in ("little", "big") if int.from_bytes(head[:4], order) == n), 0)
    return _HEADERS[size](head[:size])


def _along(axes: npt.NDArray[np.float64], axis: int) -> int:
    """The axis of the array that follows the patient's."""
    found = np.flatnonzero(axes[:, 0] == axis)
    return int(found[0]) if _is_known(axes) and len(found) == 1 else axis


def _as_seen(pixels: Numbers, layout: _Layout) -> Pixels:
    """Rows and columns of an image out of two axes of a volume."""
    sides = layout.sides
    for place, axis in enumerate(sides):
        if layout.axes[axis, 1] == 1:  # it runs towards the patient's right, front or head
            pixels = np.flip(pixels, place)
    across, down = (layout.axes[axis, 0] for axis in sides)
    return pixels if _is_known(layout.axes) and across > down else pixels.swapaxes(0, 1)


def _is_known(axes: npt.NDArray[np.float64]) -> bool:
    return sorted(axes[:, 0].tolist()) == [0, 1, 2]


def _axes(header: Any) -> npt.NDArray[np.float64]:
    """For each axis, which of the patient's it follows (0 to 2) and which way (1 or -1); zeros where unknown."""
    try:
        with np.errstate(all="ignore"):  # lengths of nothing, or beyond all measure
            affine = header.get_best_affine()
            return np.asarray(io_orientation(affine), np.float64) if np.isfinite(affine).all() else np.zeros((3, 2))
    except (np.linalg.LinAlgError, ValueError, ArithmeticError):
        return np.zeros((3, 2))
