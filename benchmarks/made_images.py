"""Images made for measurements: soft shapes with a little grain, all different, in the format asked for."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import nibabel
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

CLASSES = ("even", "odd")


def made_image(number: int, side_px: int, depth: type[np.uint8] | type[np.uint16] = np.uint8) -> NDArray:
    """One grey image, `(side_px, side_px)`, drawn from its number."""
    rng = np.random.default_rng(number)
    soft = cv2.resize(rng.random((6, 6), np.float32), (side_px, side_px), interpolation=cv2.INTER_CUBIC)
    grain = rng.standard_normal((side_px, side_px), np.float32) * 0.02
    top = np.iinfo(depth).max if depth is np.uint8 else 4095
    return (np.clip(0.1 + 0.8 * soft + grain, 0, 1) * top).astype(depth)


def write_zip(path: Path, kind: str, images: int, side_px: int) -> None:
    """A zip of two class folders; the files are stored, not compressed again."""
    encode = ENCODERS[kind]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(images):
            archive.writestr(f"{CLASSES[number % 2]}/{number:06d}.{kind}", encode(number, side_px))


def _by_opencv(kind: str, colour: bool = False) -> Callable[[int, int], bytes]:
    def encode(number: int, side_px: int) -> bytes:
        image = made_image(number, side_px)
        if colour:
            image = cv2.applyColorMap(image, cv2.COLORMAP_BONE)
        return cv2.imencode(f".{kind}", image)[1].tobytes()

    return encode


def _dicom(number: int, side_px: int) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = CTImageStorage, ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(number)])
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    file.PatientID, file.Modality = f"P{number // 10}", "CT"
    file.Rows = file.Columns = side_px
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 12, 11, 0
    file.RescaleSlope, file.RescaleIntercept, file.WindowCenter, file.WindowWidth = 1, -1024, 1024, 4096
    file.PixelData = made_image(number, side_px, np.uint16).tobytes()
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, file, enforce_file_format=True)
    return buffer.getvalue()


def _nifti(number: int, side_px: int) -> bytes:
    return nibabel.Nifti1Image(made_image(number, side_px, np.uint16)[..., None], np.eye(4)).to_bytes()


ENCODERS: dict[str, Callable[[int, int], bytes]] = {
    "png": _by_opencv("png"),
    "jpg": _by_opencv("jpg", colour=True),
    "bmp": _by_opencv("bmp"),
    "webp": _by_opencv("webp", colour=True),
    "tiff": _by_opencv("tiff"),
    "dcm": _dicom,
    "nii": _nifti,
}
