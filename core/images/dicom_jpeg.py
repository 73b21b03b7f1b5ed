"""A decoder for pydicom: lossless, 12-bit and LS JPEG, which Pillow cannot read, by the libraries in imagecodecs.

pydicom looks for exactly these names in a module that is given to `Decoder.add_plugin`.
"""

from __future__ import annotations

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder

DECODER_DEPENDENCIES = dict.fromkeys(
    (
        uid.JPEGExtended12Bit,
        uid.JPEGLossless,
        uid.JPEGLosslessSV1,
        uid.JPEGLSLossless,
        uid.JPEGLSNearLossless,
    ),
    ("numpy", "imagecodecs"),
)
_NAME = "imagecodecs"


def register() -> None:
    """Make pydicom use this for the syntaxes above; calling it again changes nothing."""
    for syntax in DECODER_DEPENDENCIES:
        decoder = get_decoder(syntax)
        if _NAME not in decoder.available_plugins:
            decoder.add_plugin(_NAME, (__name__, "_decode_frame"))


def is_available(syntax: str) -> bool:
    """Whether this can decode a transfer syntax."""
    return syntax in DECODER_DEPENDENCIES


def _decode_frame(src: bytes, runner: DecodeRunner) -> bytearray:
    """One frame's values, colour by pixel, and what is to be known of them told to `runner`.

    The colours are left as they are stored: pydicom knows from the photometric interpretation what to do with them.
    """
    if runner.transfer_syntax in uid.JPEGLSTransferSyntaxes:
        frame = imagecodecs.jpegls_decode(src)
    elif runner.samples_per_pixel == 1:
        frame = imagecodecs.jpeg8_decode(src)
    else:
        frame = imagecodecs.jpeg8_decode(src, colorspace="UNKNOWN", outcolorspace="UNKNOWN")
    runner.set_option("bits_allocated", frame.dtype.itemsize * 8)
    runner.set_option("planar_configuration", 0)
    return bytearray(np.ascontiguousarray(frame).astype(frame.dtype.newbyteorder("<"), copy=False).tobytes())
