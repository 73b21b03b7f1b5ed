"""The colours and the template that every figure shares, on light and on dark backgrounds.

Every colour has a contrast of 3:1 or more on white and on the dark theme's background, and any two of one list stay
apart for eyes without red, green or blue cones (Machado, Oliveira and Fernandes 2009); the tests hold both.
"""

from __future__ import annotations

import html
from functools import cache

from plotly import graph_objects as go

from core.specs import Split

ACCENT = "#0E7C86"
"""The one accent colour: the app's own blue-green."""

NEUTRAL = "#7A858C"
"""For what is there only to compare with (the image before, the other classes)."""

SPLIT_COLOURS: dict[Split, str] = {Split.TRAIN: ACCENT, Split.VALIDATION: "#D9690F", Split.TEST: "#7B61C9"}
"""Training, validation and test look the same in every chart."""

CATEGORICAL: tuple[str, ...] = (ACCENT, "#D9690F", "#7B61C9", "#876239", "#E65CB8", "#B28D74")
"""Classes, runs and whatever else has no order."""

CHANNEL_COLOURS: tuple[str, ...] = ("#D0473E", "#2F8F4E", "#3C78D8")
"""The red, green and blue channel of an image; always drawn with their names beside them."""

INK_DARK, INK_LIGHT = "#061417", "#FFFFFF"
"""Text on coloured cells: the one of the two that reads better there, see `ink_on`."""

SCALE_LIGHT, SCALE_DARK = ("#EFF6F6", ACCENT), ("#1A272B", "#178592")
"""From nothing to everything, one hue, for a light and for a dark page."""

GRID = "rgba(128, 142, 150, 0.28)"
CLEAR = "rgba(0, 0, 0, 0)"


def colour_of(index: int) -> str:
    """The colour of the class with this index; the list begins again where it ends."""
    return CATEGORICAL[index % len(CATEGORICAL)]


def translucent(colour: str, alpha: float) -> str:
    """`colour` (`#rrggbb`) at an opacity of `alpha` (0 to 1), in the words that Plotly and CSS know."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def mix(low: str, high: str, share: float) -> str:
    """The colour (`#rrggbb`) that lies `share` (0 to 1) of the way from `low` to `high`."""
    pairs = [(int(low[at : at + 2], 16), int(high[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(start + (end - start) * share):02X}" for start, end in pairs)


def ink_on(colour: str) -> str:
    """Dark or light text, whichever has the higher contrast on this background."""
    return max((INK_DARK, INK_LIGHT), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (`#rrggbb`), 1 to 21, as WCAG 2.1 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def plain(text: str, most: int = 200) -> str:
    """A stranger's text as Plotly shows it letter by letter: no tags, no links, no line breaks, shortened to `most`.

    Plotly reads a small HTML of its own in every label (`<b>`, `<a href>`, entities) and would swallow the rest.
    """
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    short = line if len(line) <= most else line[: most - 1].rstrip() + "…"
    return html.escape(short, quote=False)


@cache
def template() -> go.layout.Template:
    """The look of every figure: clear background, thin grid, no toolbar colours; fonts come from the page's theme."""
    axis = {"gridcolor": GRID, "zeroline": False, "automargin": True, "ticks": ""}
    return go.layout.Template(
        layout={
            "colorway": CATEGORICAL,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "title": {"text": ""},
            },
            "modebar": {"bgcolor": CLEAR, "color": NEUTRAL, "activecolor": ACCENT},
        }
    )


def dress(figure: go.Figure, *, height_px: int) -> go.Figure:
    """The figure in the shared look.

    What a page's theme would otherwise paint over (backgrounds, margins, legend) is written into the layout itself:
    Streamlit's theme replaces values of a template, never those of a layout.
    """
    shared = template().layout
    return figure.update_layout(
        template=template(),
        height=height_px,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        margin=shared.margin,
        legend=shared.legend,
        modebar=shared.modebar,
        separators=".,",
    )


def class_axis(names: tuple[str, ...], most: int = 24) -> dict[str, object]:
    """An axis of classes by index: safe for names that look like numbers, or are equal when shortened to `most`."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [plain(name, most) for name in names],
        "range": [-0.5, len(names) - 0.5],
        "showgrid": False,
        "zeroline": False,
    }
