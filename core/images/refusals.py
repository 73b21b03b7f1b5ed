"""The sentences with which an image file is refused, in one place so that every reader words them alike."""

from __future__ import annotations

from core.errors import BadImage, NotHandledYet, TooLarge

HANDLED = "PNG, JPEG, BMP, WebP, TIFF and GIF"


def unknown(name: str) -> BadImage:
    """It is no image, or of a kind that nobody here knows."""
    return BadImage(
        f"The file {name!r} is not an image that Lightbox can read.",
        f"Lightbox reads {HANDLED}; save the image in one of these, or leave the file out.",
    )


def empty(name: str) -> BadImage:
    """It has no bytes."""
    return BadImage(f"The file {name!r} is empty.", "Copy it again from where it came, or leave it out.")


def damaged(name: str, kind: str) -> BadImage:
    """It begins like an image of this kind, but cannot be decoded."""
    return BadImage(
        f"The {kind} image {name!r} is damaged or incomplete and cannot be decoded.",
        "Copy it again from where it came, or open it in a viewer and save it anew as PNG.",
    )


def too_large(name: str, width: int, height: int, max_pixels: int) -> TooLarge:
    """It says of itself that it has more pixels than the limit allows; nothing was decoded."""
    return TooLarge(
        f"The image {name!r} measures {width:,} × {height:,} pixels; at most {max_pixels:,} pixels are allowed.",
        "Make it smaller, or raise the limit LIGHTBOX_MAX_IMAGE_PIXELS.",
    )


def not_yet(name: str, what: str, remedy: str) -> NotHandledYet:
    """It is known what this is, but this version does not handle it."""
    return NotHandledYet(f"The file {name!r} is {what}, which is not handled yet.", remedy)
