"""NIfTI-1 and NIfTI-2 volumes, plane by plane along the last axis; of a series, volume after volume.

Only the header and the one plane are read, also out of gzip, so that a volume may be larger than memory. A plane is
turned as DICOM shows it: left to right towards the patient's left (or back), downwards towards the back (or feet).

Values: unsigned 8 bits without scaling stay as they are, and so does RGB. All others are scaled as the header says and
then spread over 16 bits: from `cal_min` to `cal_max` where the header sets these, else over the plane's own range.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from dataclasses import dataclass
from typing import IO, Any

import nibabel
import numpy as np
import numpy.typing as npt
from nibabel.orientations import io_orientation
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from core.images import refusals
from core.images.pixels import Pixels
from core.images.quiet import quiet_readers, without_a_log
from core.images.values import Numbers, own_range, require_numbers, spread

_KIND = "NIfTI"
_HEADERS = {348: nibabel.Nifti1Header, 540: nibabel.Nifti2Header}
_FURTHEST = 2**33  # bytes into a file; a small gzip file can be made to unpack for hours
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
class _Volume:
    """A header, and where its pixels lie."""

    header: Any
    offset: int
    dtype: np.dtype[Any]
    columns: int
    rows: int
    planes: int
    scaling: tuple[float, float]

    def start(self, plane: int) -> int:
        return self.offset + plane * self.plane_bytes

    @property
    def plane_bytes(self) -> int:
        return self.rows * self.columns * self.dtype.itemsize


def planes(data: bytes, name: str) -> int:
    """How many planes a volume, or a series of volumes, has.

    Raises:
        BadImage: the header is damaged.
        NotHandledYet: more than four dimensions.
    """
    with _stream(data) as stream:
        return _volume(stream, name).planes


def read(data: bytes, name: str, max_pixels: int, plane: int) -> Pixels:
    """One plane.

    Args:
        data: the whole file, maybe compressed with gzip.
        name: what to call it in an error.
        max_pixels: the most that one plane may have.
        plane: 0 for the first; `volume * slices + slice` in a series.

    Returns:
        `(H, W)` or `(H, W, 3)`, uint8 or uint16.

    Raises:
        BadImage: damaged, no such plane, or values that are no numbers.
        TooLarge: a plane beyond the limit.
        NotHandledYet: numbers that are not real, or more than four dimensions.
    """
    with _stream(data) as stream:
        volume = _volume(stream, name)
        if not 0 <= plane < volume.planes:
            raise refusals.no_plane(name, plane, volume.planes)
        if volume.rows * volume.columns > max_pixels:
            raise refusals.too_large(name, volume.columns, volume.rows, max_pixels)
        stored = _stored(stream, volume, plane, name)
    values = stored.reshape(volume.columns, volume.rows, order="F")
    return _as_seen(_toned(values, volume, name), volume)


def _stream(data: bytes) -> IO[bytes]:
    whole = io.BytesIO(data)
    return gzip.GzipFile(fileobj=whole) if data.startswith(b"\x1f\x8b") else whole  # type: ignore[return-value]


def _volume(stream: IO[bytes], name: str) -> _Volume:
    try:
        with quiet_readers():
            header = _header(stream)
            dtype, shape = header.get_data_dtype(), header.get_data_shape()
            slope, intercept = header.get_slope_inter()
            offset = int(header.get_data_offset())  # a float in the first version, which may be no number
    except _FAILS:
        raise refusals.damaged(name, _KIND) from None
    if len(shape) > 4:
        raise refusals.not_yet(name, f"a NIfTI volume of {len(shape)} dimensions", "Save it in three or four.")
    if not shape or min(shape) < 1:
        raise refusals.damaged(name, _KIND)
    if dtype.kind not in "iuf" and "R" not in (dtype.names or ()):
        raise refusals.not_yet(
            name, "a NIfTI volume of numbers that are not real", "Save their magnitude and use that."
        )
    columns, rows, *further = [int(length) for length in (*shape, 1)]
    return _Volume(
        header,
        offset,
        dtype,
        columns,
        rows,
        math.prod(further),
        (1 if slope is None else slope, intercept or 0),
    )


def _header(stream: IO[bytes]) -> Any:
    """The header in its version and byte order; both are told by its length, which comes first."""
    first = stream.read(4)
    size = next((n for n in _HEADERS for order in ("little", "big") if int.from_bytes(first, order) == n), 0)
    return _HEADERS[size](first + stream.read(size - 4))


def _stored(stream: IO[bytes], volume: _Volume, plane: int, name: str) -> Numbers:
    if volume.start(plane) > _FURTHEST:
        raise refusals.unpacks_too_far(name, _FURTHEST // 2**20)
    try:
        stream.seek(volume.start(plane))
        raw = stream.read(volume.plane_bytes)
        return np.frombuffer(raw, volume.dtype, volume.rows * volume.columns)
    except _FAILS:
        raise refusals.damaged(name, _KIND) from None


def _toned(values: Numbers, volume: _Volume, name: str) -> Pixels:
    if values.dtype.names:
        return np.stack([values[channel] for channel in "RGB"], axis=-1)
    slope, intercept = volume.scaling
    scaled = (slope, intercept) != (1, 0)
    if values.dtype == np.uint8 and not scaled:
        return values
    if scaled:
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is looked at below
            values = values * np.float64(slope) + np.float64(intercept)
    low, high = float(volume.header["cal_min"]), float(volume.header["cal_max"])
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return own_range(values, name)
    require_numbers(values, name)
    return spread(values, low, high)


def _as_seen(pixels: Pixels, volume: _Volume) -> Pixels:
    """Rows and columns of an image out of the first two axes of a volume."""
    axes = _axes(volume.header)
    for axis in (0, 1):
        if axes[axis, 1] == 1:  # it runs towards the patient's right, front or head
            pixels = np.flip(pixels, axis)
    return pixels if axes[0, 0] == 2 else pixels.swapaxes(0, 1)


def _axes(header: Any) -> npt.NDArray[np.float64]:
    """For each axis, which of the patient's it follows (0 to 2) and which way (1 or -1); zeros where unknown."""
    try:
        with np.errstate(all="ignore"):  # lengths of nothing, or beyond all measure
            affine = header.get_best_affine()
            return np.asarray(io_orientation(affine), np.float64) if np.isfinite(affine).all() else np.zeros((3, 2))
    except (np.linalg.LinAlgError, ValueError, ArithmeticError):
        return np.zeros((3, 2))
