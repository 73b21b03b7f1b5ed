"""Augmentation: how training images are changed at random."""

from __future__ import annotations

from core.specs.base import Spec, knob


class Augmentation(Spec):
    """Random changes of training images, drawn anew for each image in each epoch; 0 or off: not done."""

    rotation_degrees: float = knob(
        0.0,
        "Rotation",
        low=0,
        high=180,
        step=5.0,
        unit="°",
        does="Each image is turned by a random angle up to this one, to either side.",
        when="Use 180 for cells and tissue that have no up or down, 10 for X-rays.",
    )
    flip_horizontal: bool = knob(
        False,
        "Flip left and right",
        does="Half of the images are mirrored left to right.",
        when="Turn it on unless left and right differ in meaning (the heart in a chest X-ray).",
    )
    flip_vertical: bool = knob(
        False,
        "Flip up and down",
        does="Half of the images are mirrored top to bottom.",
        when="Turn it on for cells and tissue, leave it off for pictures of a standing patient.",
    )
    shift_percent: float = knob(
        0.0,
        "Shift",
        low=0,
        high=50,
        step=1.0,
        unit="% of the side",
        does="Each image is moved by a random distance up to this one, in both directions.",
        when="Use 5 to 10 when the object is not always in the middle.",
    )
    zoom_percent: float = knob(
        0.0,
        "Zoom",
        low=0,
        high=50,
        step=1.0,
        unit="%",
        does="Each image is enlarged or reduced by a random factor up to this one.",
        when="Use 10 when the distance or the magnification varies.",
    )
    crop_percent: float = knob(
        0.0,
        "Random crop",
        low=0,
        high=50,
        step=1.0,
        unit="% of the side",
        does="A random window is cut out, smaller than the image by up to this much, and enlarged to full size.",
        when="Use 10 to 20 when a part of the image is enough to tell the class.",
    )
    brightness_percent: float = knob(
        0.0,
        "Brightness",
        low=0,
        high=100,
        step=5.0,
        unit="%",
        does="All values of an image are raised or lowered by a random amount up to this share of the full range.",
        when="Use 10 to 20 when exposure or staining varies.",
    )
    contrast_percent: float = knob(
        0.0,
        "Contrast",
        low=0,
        high=100,
        step=5.0,
        unit="%",
        does="The differences from the image's mean are made larger or smaller by a random factor up to this one.",
        when="Use 10 to 20 when devices or stains differ.",
    )

    @property
    def is_off(self) -> bool:
        """Whether nothing is changed."""
        return self == Augmentation()
