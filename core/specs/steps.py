"""The preprocessing steps: geometric ones move pixels and have an inverse, photometric ones change values."""

from __future__ import annotations

from typing import ClassVar, Literal

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
