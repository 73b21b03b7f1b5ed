"""What a TIFF file says: every tag beyond those that its pixels need, of every page, by the name in tifffile's list."""

from __future__ import annotations

import contextlib
import io

import tifffile

from core.images.tiff_pages import FAILS
from core.specs import Told

_OF_PIXELS = """
    NewSubfileType SubfileType ImageWidth ImageLength BitsPerSample Compression PhotometricInterpretation
    Thresholding FillOrder StripOffsets Orientation SamplesPerPixel RowsPerStrip StripByteCounts MinSampleValue
    MaxSampleValue XResolution YResolution PlanarConfiguration FreeOffsets FreeByteCounts GrayResponseUnit
    GrayResponseCurve T4Options T6Options ResolutionUnit TransferFunction Predictor WhitePoint
    PrimaryChromaticities ColorMap HalftoneHints TileWidth TileLength TileOffsets TileByteCounts InkSet
    NumberOfInks DotRange ExtraSamples SampleFormat SMinSampleValue SMaxSampleValue TransferRange JPEGTables
    JPEGProc JPEGInterchangeFormat JPEGInterchangeFormatLength JPEGRestartInterval JPEGLosslessPredictors
    JPEGPointTransforms JPEGQTables JPEGDCTables JPEGACTables YCbCrCoefficients YCbCrSubSampling
    YCbCrPositioning ReferenceBlackWhite
"""
_TECHNICAL = frozenset(_OF_PIXELS.split())
_WORDS = {
    "XMP": "XMP",
    "IPTCNAA": "IPTC",
    "ImageResources": "IPTC",
    "InterColorProfile": "ICC colour profile",
    "ExifTag": "EXIF",
    "GPSTag": "EXIF GPS position",
    "IJMetadata": "ImageJ notes",
    "IJMetadataByteCounts": "ImageJ notes",
}
_MOST_PAGES = 1000


def told(data: bytes, _name: str) -> Told:
    """What the file says; of a damaged one, what can be read."""
    found = set[str]()
    with contextlib.suppress(*FAILS), tifffile.TiffFile(io.BytesIO(data), is_ome=False) as file:
        file.pages.useframes = False
        for number, page in enumerate(file.pages):
            if number >= _MOST_PAGES:
                break
            found |= {_word(tag.name) for tag in getattr(page, "tags", ()) if tag.name not in _TECHNICAL}
    return Told(dropped=tuple(sorted(found)))


def _word(name: str) -> str:
    """tifffile calls a tag that it does not know by its number."""
    if name.isdigit():
        return "private TIFF tags"
    return _WORDS.get(name, f"TIFF {name}")
