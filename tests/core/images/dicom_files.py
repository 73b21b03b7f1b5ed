"""DICOM files for the tests, made here."""

import io

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

PLAIN = {
    "explicit": ExplicitVRLittleEndian,
    "implicit": ImplicitVRLittleEndian,
    "big endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}


def elements(pixels, *, colours=None, frames=None, bits=None, **more):
    """A data set with these pixels: `(H, W)`, `(H, W, 3)`, or with the frames first."""
    shape = pixels.shape[1:] if frames else pixels.shape
    found = Dataset()
    found.SOPClassUID, found.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    found.PatientName, found.PatientID, found.Modality = "Planted^Name", "PLANTED-ID", "OT"
    found.Rows, found.Columns = shape[:2]
    found.SamplesPerPixel = 3 if len(shape) == 3 else 1
    if len(shape) == 3:
        found.PlanarConfiguration = 0
    found.PhotometricInterpretation = colours or ("RGB" if len(shape) == 3 else "MONOCHROME2")
    found.BitsAllocated = pixels.dtype.itemsize * 8
    found.BitsStored = bits or found.BitsAllocated
    found.HighBit = found.BitsStored - 1
    found.PixelRepresentation = int(pixels.dtype.kind == "i")
    if frames:
        found.NumberOfFrames = frames
    for keyword, value in more.items():
        setattr(found, keyword, value)
    return found


def dicom(pixels, *, syntax="explicit", preamble=True, **more):
    """The file, uncompressed or deflated; without a preamble it has no meta header either."""
    found = elements(pixels, **more)
    order = ">" if syntax == "big endian" else "<"
    found.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    found["PixelData"].VR = "OW" if pixels.dtype.itemsize > 1 else "OB"
    if syntax == "big endian" and pixels.dtype.itemsize == 1:
        found["PixelData"].VR = "OB"
    return written(found, PLAIN[syntax], preamble=preamble)


def written(found, syntax, *, preamble=True):
    """The bytes of a data set."""
    buffer = io.BytesIO()
    if preamble:
        found.file_meta = FileMetaDataset()
        found.file_meta.TransferSyntaxUID = syntax
        found.save_as(buffer, enforce_file_format=True)
    else:
        implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
        found.save_as(buffer, implicit_vr=implicit, little_endian=little)
    return buffer.getvalue()


def ct(height=4, width=5):
    """Signed values as of a CT."""
    return np.arange(-1000, -1000 + 100 * height * width, 100, dtype=np.int16).reshape(height, width)
