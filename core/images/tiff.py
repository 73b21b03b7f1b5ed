"""What a TIFF file holds, and which of the many things it may hold are decoded faithfully.

Everything else is refused in words: some of it no decoder here reads, and some of it they read wrongly without saying
so (measured: planar 16-bit colour comes back scrambled from OpenCV and from Pillow, signed numbers wrapped around).
"""

from __future__ import annotations

from dataclasses import dataclass

from core.images import refusals, tags

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_DEPTHS = {
    _WHITE_IS_ZERO: (1, 2, 4, 8, 10, 12, 14, 16),
    _BLACK_IS_ZERO: (1, 2, 4, 8, 10, 12, 14, 16),
    _RGB: (8, 10, 12, 14, 16),
    _PALETTE: (1, 2, 4, 8),
    _CMYK: (8, 16),
    _YCBCR: (8,),
}
_BY_OPENCV = frozenset({1, 5, 7, 8, 32773, 32946})  # none, LZW, JPEG, deflate, PackBits, deflate (old number)
_BY_PILLOW = _BY_OPENCV | {2, 3, 4, 6, 34925, 50000, 50001}  # CCITT, old JPEG, LZMA, Zstandard, WebP
_NUMBERS = {2: "signed numbers", 3: "floating point numbers", 5: "complex numbers", 6: "complex numbers"}
_AGAIN = "Save it as 8-bit or 16-bit TIFF or PNG (unsigned whole numbers, grey or RGB) and use that."
_PLANAR, _STRAIGHT_ALPHA = 2, 2


@dataclass(frozen=True)
class Tiff:
    """The first page of a TIFF file.

    Attributes:
        width, height: in pixels, as stored.
        bits: bits per channel, 1 to 16.
        inverted: whether 0 stands for white.
        has_alpha: whether a fourth channel says how much of each pixel is seen.
        only_opencv: Pillow has no mode for it, or one of fewer bits.
        tile_pixels: pixels of one tile, 0 for strips.
    """

    width: int
    height: int
    bits: int
    inverted: bool
    has_alpha: bool
    only_opencv: bool
    tile_pixels: int


def read_tiff(data: bytes, name: str) -> Tiff:
    """The first page's description.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        BadImage: the directory is damaged.
        NotHandledYet: pixels of a kind that is not decoded faithfully in this version.
    """
    found = tags.first_directory(data)
    colour = found.get(tags.PHOTOMETRIC, (_WHITE_IS_ZERO,))[0]
    depths = found.get(tags.BITS, (1,))
    bits = max(depths)
    if tags.WIDTH not in found or tags.HEIGHT not in found:
        raise refusals.damaged(name, "TIFF")
    only_opencv = _needs_opencv(data, colour, bits)
    if what := _unhandled(found, colour, depths, only_opencv):
        raise refusals.not_yet(name, f"a TIFF image with {what}", _AGAIN)
    return Tiff(
        width=found[tags.WIDTH][0],
        height=found[tags.HEIGHT][0],
        bits=bits,
        inverted=colour == _WHITE_IS_ZERO,
        has_alpha=found.get(tags.EXTRA_SAMPLES, (0,))[0] == _STRAIGHT_ALPHA,
        only_opencv=only_opencv,
        tile_pixels=found.get(tags.TILE_WIDTH, (0,))[0] * found.get(tags.TILE_HEIGHT, (0,))[0],
    )


def _needs_opencv(data: bytes, colour: int, bits: int) -> bool:
    """Where Pillow has no mode for the pixels, or one of fewer bits, or does not know the byte order (BigTIFF)."""
    return bits in (10, 12, 14) or (bits == 16 and colour in (_RGB, _WHITE_IS_ZERO)) or data.startswith(b"MM\0+")


def _unhandled(found: dict[int, tuple[int, ...]], colour: int, depths: tuple[int, ...], only_opencv: bool) -> str:
    """What stands in the way, in words; empty if nothing does."""
    bits, samples = max(depths), found.get(tags.SAMPLES, (1,))[0]
    if colour not in _DEPTHS:
        return f"an unusual colour space (photometric interpretation {colour})"
    numbers = max(found.get(tags.NUMBER_KIND, (1,)))
    if numbers in _NUMBERS:
        return _NUMBERS[numbers]
    if bits not in _DEPTHS[colour] or len(set(depths)) > 1:
        return f"{' and '.join(str(depth) for depth in sorted(set(depths)))} bits per channel"
    compression = found.get(tags.COMPRESSION, (1,))[0]
    if compression not in (_BY_OPENCV if only_opencv else _BY_PILLOW):
        return f"an unusual compression (number {compression})"
    if samples > 4 or (bits > 8 and samples not in ((3, 4) if colour in (_RGB, _CMYK) else (1,))):
        return f"{samples} channels of {bits} bits"
    if bits > 8 and samples > 1 and found.get(tags.PLANAR, (1,))[0] == _PLANAR:
        return f"its {bits}-bit colours in separate planes"
    return ""
