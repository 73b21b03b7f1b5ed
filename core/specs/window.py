"""The window step: which measured values become black and which white; and the usual windows of CT."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from core.specs.base import Spec, knob
from core.specs.steps import Nature


class Preset(NamedTuple):
    """A usual window of CT numbers: its centre and width in Hounsfield units, and what it is called."""

    label: str
    centre: float
    width: float


PRESETS: dict[str, Preset] = {
    "lung": Preset("Lung", -600, 1500),
    "bone": Preset("Bone", 400, 1800),
    "brain": Preset("Brain", 40, 80),
    "soft_tissue": Preset("Soft tissue", 50, 400),
}
"""Windows for CT as radiologists commonly set them: lung, bone (spine), brain, soft tissue (abdomen)."""

PRESET_SOURCE = "A. Murphy et al., Windowing (CT), Radiopaedia.org, doi 10.53347/rID-52108"
"""Where these widths and centres (levels) stand."""


class Window(Spec):
    """Which measured values (CT numbers, say) become black and which white; comes before every other step."""

    title: ClassVar[str] = "Window"
    nature: ClassVar[Nature] = "photometric"
    step: Literal["window"] = "window"
    source: Literal["file", "preset", "values", "percentiles"] = knob(
        "file",
        "Window taken from",
        choice_labels=("The file", "A preset for CT", "Centre and width", "Percentiles of each image"),
        does="Says where the range of values comes from that is spread from black to white.",
        when="Choose a preset to show one kind of tissue in CT, percentiles for images without a fixed scale (MRI).",
    )
    preset: Literal["lung", "bone", "brain", "soft_tissue"] = knob(
        "soft_tissue",
        "Preset",
        choice_labels=tuple(f"{row.label} ({row.centre:g} ± {row.width / 2:g} HU)" for row in PRESETS.values()),
        shown_with=("source", "preset"),
        does="Shows the CT numbers of this tissue; images without measured values stay as they are.",
        when="Choose the tissue in which the finding lies.",
    )
    centre: float = knob(
        50.0,
        "Centre",
        low=-1_000_000,
        high=1_000_000,
        step=10.0,
        shown_with=("source", "values"),
        does="The value in the middle of the window, which becomes mid-grey; in CT a number of Hounsfield units.",
        when="Lower it to make the image brighter, raise it to make it darker.",
    )
    width: float = knob(
        400.0,
        "Width",
        low=0.001,
        high=2_000_000,
        step=10.0,
        shown_with=("source", "values"),
        does="How many values lie between black and white; all below is black, all above is white.",
        when="Narrow it for more contrast between similar tissues, widen it when structures are cut off.",
    )
    low_percent: float = knob(
        0.5,
        "Low percentile",
        low=0,
        high=49,
        step=0.5,
        unit="%",
        shown_with=("source", "percentiles"),
        does="Everything darker than this percentile of the image becomes black.",
        when="Raise it when a dark background hides faint structure.",
    )
    high_percent: float = knob(
        99.5,
        "High percentile",
        low=51,
        high=100,
        step=0.5,
        unit="%",
        shown_with=("source", "percentiles"),
        does="Everything brighter than this percentile of the image becomes white.",
        when="Lower it when a few very bright pixels (metal, vessels) make the rest too dark.",
    )

    @property
    def ends(self) -> tuple[float, float]:
        """The values that become black and white, for a preset or a typed window."""
        chosen = PRESETS[self.preset] if self.source == "preset" else self
        return chosen.centre - chosen.width / 2, chosen.centre + chosen.width / 2
