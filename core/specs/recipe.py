"""A recipe: the preprocessing steps of an image in their order.

The recipe travels with the model: training and prediction use the same built function.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from core.specs.base import Spec
from core.specs.steps import (
    Clahe,
    Colour,
    CropBox,
    CropCentre,
    Denoise,
    Equalize,
    IntensityRange,
    Resize,
    Rotate,
)
from core.specs.window import Window

Step = Annotated[
    Window | Colour | IntensityRange | Equalize | Clahe | Denoise | Rotate | CropCentre | CropBox | Resize,
    Field(discriminator="step"),
]
STEPS: tuple[type[Spec], ...] = (
    Window,
    Colour,
    Rotate,
    CropCentre,
    CropBox,
    IntensityRange,
    Denoise,
    Equalize,
    Clahe,
    Resize,
)
"""Every step, in the order in which a page offers them."""


class Recipe(Spec):
    """The steps of preprocessing in their order: exactly one colour step and one resize, any others at most once.

    A window comes first: it needs the stored values, of which every other step makes shades of grey.
    """

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
        if "window" in names[1:]:
            raise ValueError("the window must be the first step, as it needs the values as they were stored")
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
