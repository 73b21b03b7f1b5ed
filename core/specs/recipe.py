"""A recipe: the preprocessing steps of an image in their order; and the augmentation of training images.

A step says whether it is geometric (it moves pixels, and has an inverse) or photometric (it changes values).
The recipe travels with the model: training and prediction use the same built function.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from core.specs.base import Spec, knob

Nature = Literal["geometric", "photometric"]


class Colour(Spec):
    """Grey or RGB."""

    title: ClassVar[str] = "Colour"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["colour"] = "colour"
    mode: Literal["grey", "rgb"] = knob(
        "grey",
        "Colour mode",
        choice_labels=("Grey", "RGB"),
        does="Turns every image into one grey channel or three colour channels.",
        when="Choose RGB when colour carries meaning (stains, skin, endoscopy), grey for X-ray and ultrasound.",
    )


class IntensityRange(Spec):
    """Stretch the values between two percentiles to the full range."""

    title: ClassVar[str] = "Intensity range"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["intensity_range"] = "intensity_range"
    low_percent: float = knob(
        1.0,
        "Low percentile",
        low=0,
        high=49,
        step=0.5,
        unit="%",
        does="Everything darker than this percentile of the image becomes black.",
        when="Raise it when a dark border or background hides faint structure.",
    )
    high_percent: float = knob(
        99.0,
        "High percentile",
        low=51,
        high=100,
        step=0.5,
        unit="%",
        does="Everything brighter than this percentile of the image becomes white.",
        when="Lower it when a few very bright pixels (markers, metal) make the rest too dark.",
    )


class Equalize(Spec):
    """Histogram equalisation; on the luminance of colour images."""

    title: ClassVar[str] = "Histogram equalisation"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["equalize"] = "equalize"


class Clahe(Spec):
    """Contrast-limited adaptive histogram equalisation (Zuiderveld 1994); on the luminance of colour images."""

    title: ClassVar[str] = "Local contrast (CLAHE)"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["clahe"] = "clahe"
    clip: float = knob(
        2.0,
        "Clip limit",
        low=0.5,
        high=20,
        step=0.5,
        does="Limits how far the contrast of each tile may be raised.",
        when="Lower it when noise becomes visible, raise it when structures stay flat.",
    )
    tiles: int = knob(
        8,
        "Tiles",
        low=2,
        high=32,
        unit="per side",
        does="The number of tiles along each side whose contrast is raised on its own.",
        when="Use more tiles for small structures, fewer for large ones.",
    )


class Denoise(Spec):
    """Smooth away noise with a Gaussian or a median filter."""

    title: ClassVar[str] = "Denoise"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["denoise"] = "denoise"
    method: Literal["gaussian", "median"] = knob(
        "gaussian",
        "Filter",
        choice_labels=("Gaussian", "Median"),
        does="Gaussian averages neighbouring pixels; median takes the middle value and keeps edges.",
        when="Choose median for isolated bright or dark specks, Gaussian for even grain.",
    )
    size_px: Literal[3, 5, 7, 9] = knob(
        3,
        "Filter size",
        unit="px",
        choice_labels=("3 px", "5 px", "7 px", "9 px"),
        does="The side of the square of neighbours that is looked at.",
        when="Raise it for stronger smoothing; fine structure disappears with it.",
    )


class Rotate(Spec):
    """Turn by quarter turns, counter-clockwise."""

    title: ClassVar[str] = "Rotate"
    nature: ClassVar[Nature] = "geometric"
    step: Literal["rotate"] = "rotate"
    quarter_turns: Literal[1, 2, 3] = knob(
        1,
        "Turn",
        choice_labels=("90° left", "180°", "90° right"),
        does="Turns every image by a multiple of 90 degrees; no pixel is changed.",
        when="Use it when the whole series was stored lying on its side.",
    )


class CropCentre(Spec):
    """Keep the middle of the image."""

    title: ClassVar[str] = "Crop (centre)"
    nature: ClassVar[Nature] = "geometric"
    step: Literal["crop_centre"] = "crop_centre"
    unit: Literal["percent", "px"] = knob(
        "percent",
        "Measured in",
        choice_labels=("Per cent of the side", "Pixels"),
        does="Says whether width and height are per cent of the image or pixels.",
        when="Use per cent when the images differ in size.",
    )
    width: int = knob(
        90,
        "Width kept",
        low=1,
        high=100_000,
        does="How much of the width is kept, around the middle.",
        when="Lower it when the border holds text, rulers or nothing.",
    )
    height: int = knob(
        90,
        "Height kept",
        low=1,
        high=100_000,
        does="How much of the height is kept, around the middle.",
        when="Lower it when the border holds text, rulers or nothing.",
    )


class CropBox(Spec):
    """Keep a box given by its upper left corner and its size."""

    title: ClassVar[str] = "Crop (box)"
    nature: ClassVar[Nature] = "geometric"
    step: Literal["crop_box"] = "crop_box"
    unit: Literal["percent", "px"] = knob(
        "percent",
        "Measured in",
        choice_labels=("Per cent of the side", "Pixels"),
        does="Says whether the four numbers are per cent of the image or pixels.",
        when="Use per cent when the images differ in size.",
    )
    left: int = knob(
        0,
        "Left",
        low=0,
        high=100_000,
        does="Where the box begins, from the left edge.",
        when="Move it to the region that matters.",
    )
    top: int = knob(
        0,
        "Top",
        low=0,
        high=100_000,
        does="Where the box begins, from the upper edge.",
        when="Move it to the region that matters.",
    )
    width: int = knob(
        100,
        "Width",
        low=1,
        high=100_000,
        does="How wide the box is.",
        when="Make it as narrow as the region that matters allows.",
    )
    height: int = knob(
        100,
        "Height",
        low=1,
        high=100_000,
        does="How high the box is.",
        when="Make it as low as the region that matters allows.",
    )


class Resize(Spec):
    """Bring every image to one square size; every recipe has exactly one."""

    title: ClassVar[str] = "Resize"
    nature: ClassVar[Nature] = "geometric"
    step: Literal["resize"] = "resize"
    side_px: int = knob(
        64,
        "Side",
        low=8,
        high=1024,
        unit="px",
        does="The width and height of the square image that the network sees.",
        when="Raise it when small details decide; twice the side costs about four times the time.",
    )
    fit: Literal["pad", "stretch"] = knob(
        "pad",
        "Fit",
        choice_labels=("Keep proportions, pad with black", "Stretch to the square"),
        does="Says what happens to images that are not square.",
        when="Keep the proportions when shape matters, which it does in most medical images.",
    )


Step = Annotated[
    Colour | IntensityRange | Equalize | Clahe | Denoise | Rotate | CropCentre | CropBox | Resize,
    Field(discriminator="step"),
]
STEPS: tuple[type[Spec], ...] = (Colour, Rotate, CropCentre, CropBox, IntensityRange, Denoise, Equalize, Clahe, Resize)
"""Every step, in the order in which a page offers them."""


class Recipe(Spec):
    """The steps of preprocessing in their order: exactly one colour step and one resize, any others at most once."""

    steps: tuple[Step, ...] = (Colour(), Resize())

    @model_validator(mode="after")
    def _whole(self) -> Recipe:
        names = [step.step for step in self.steps]
        for needed in ("colour", "resize"):
            if names.count(needed) != 1:
                raise ValueError(f"a recipe needs exactly one {needed} step")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"a step may stand in a recipe once, {twice[0]} stands there more often")
        return self

    @property
    def side_px(self) -> int:
        """Width and height of the prepared image, in pixels."""
        return next(step.side_px for step in self.steps if isinstance(step, Resize))

    @property
    def channels(self) -> int:
        """1 for grey, 3 for RGB."""
        return 3 if any(isinstance(step, Colour) and step.mode == "rgb" for step in self.steps) else 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """The prepared image's shape `(H, W, C)`."""
        return self.side_px, self.side_px, self.channels


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
