"""The sentences with which an image file is refused, in one place so that every reader words them alike."""

from __future__ import annotations

from core.errors import BadImage, NotHandledYet, TooLarge

HANDLED = "PNG, JPEG, BMP, WebP, TIFF, GIF, DICOM and NIfTI"


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


def not_numbers(name: str) -> BadImage:
    """Its pixels are floating point, and some have no value."""
    return BadImage(
        f"Some pixels of {name!r} are not numbers (NaN or infinite).",
        "Replace them by a number such as 0 (in Python: numpy.nan_to_num) and save the file anew.",
    )


def no_plane(name: str, plane: int, planes: int) -> BadImage:
    """It has fewer planes than that."""
    return BadImage(
        f"The file {name!r} has no plane {plane + 1}; it has {planes}.",
        "Choose one of the planes that there are.",
    )


def no_image_in_it(name: str, what: str) -> BadImage:
    """A sound medical file of a kind that has no pixels."""
    return BadImage(
        f"The DICOM file {name!r} holds no image; it is {what}.",
        "Leave it out, and bring the images of the same study.",
    )


def unpacks_too_far(name: str, most_mib: int) -> TooLarge:
    """It is compressed as a whole, and unpacked it is larger than we care to hold."""
    return TooLarge(
        f"The compressed file {name!r} unpacks to more than {most_mib:,} MiB.",
        "Save its slices or frames as files of their own.",
    )


def takes_too_long(name: str, limit_s: float) -> BadImage:
    """Its reader was still at work when the time was up."""
    return BadImage(
        f"Reading the file {name!r} took longer than {limit_s:g} s and was stopped.",
        "The file is probably damaged: copy it again from where it came, or leave it out.",
    )


def breaks_reader(name: str, kind: str) -> BadImage:
    """Its reader crashed."""
    return BadImage(
        f"The {kind} image {name!r} is damaged: the program that reads it broke off.",
        "Copy it again from where it came, or open it in a viewer and save it anew as PNG.",
    )


def needs_memory(name: str, most_mib: int) -> TooLarge:
    """Its reader asked for more memory than it may have."""
    return TooLarge(
        f"Reading the file {name!r} needs more than {most_mib:,} MiB of memory.",
        "Save it in smaller parts, for example its slices or frames as files of their own.",
    )
