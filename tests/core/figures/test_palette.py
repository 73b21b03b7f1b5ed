"""The palette: readable on both backgrounds, apart for colour-blind eyes, and safe with strangers' text."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from core.figures import palette
from core.figures.palette import contrast, dress, ink_on, mix, plain, template, translucent
from core.specs import Split

DARK_PAGE = "#11191C"  # the dark background in .streamlit/config.toml

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
EYES = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, eyes: str) -> np.ndarray:
    """CIE L*a*b* of a colour as these eyes see it."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(np.asarray(EYES[eyes]) @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def closest(colours: list[str], eyes: str) -> float:
    return min(float(np.linalg.norm(lab(one, eyes) - lab(other, eyes))) for one, other in combinations(colours, 2))


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)  # (1 + 0.05) / (0 + 0.05)
    assert contrast("#FFFFFF", "#FFFFFF") == 1


@pytest.mark.parametrize("colour", sorted({*palette.CATEGORICAL, *palette.SPLIT_COLOURS.values(), palette.NEUTRAL}))
@pytest.mark.parametrize("page", ["#FFFFFF", DARK_PAGE])
def test_every_colour_stands_out_from_both_pages(colour, page):
    assert contrast(colour, page) >= 3  # WCAG 2.1, 1.4.11: graphical objects


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_colours_stay_apart_for_colour_blind_eyes(eyes):
    assert closest(list(palette.SPLIT_COLOURS.values()), eyes) > 25  # ten times a just noticeable difference
    assert closest(list(palette.CATEGORICAL), eyes) > 15


def test_every_split_has_its_own_colour():
    assert set(palette.SPLIT_COLOURS) == set(Split)


@pytest.mark.parametrize("scale", [palette.SCALE_LIGHT, palette.SCALE_DARK])
def test_text_can_be_read_on_every_cell_of_the_scales(scale):
    cells = [mix(*scale, share / 20) for share in range(21)]
    assert min(contrast(ink_on(cell), cell) for cell in cells) >= 4  # 13 px bold or plain, beside a hover text


def test_mix_goes_from_low_to_high():
    assert mix("#000000", "#FF8000", 0) == "#000000"
    assert mix("#000000", "#FF8000", 1) == "#FF8000"
    assert mix("#000000", "#FF8000", 0.5) == "#804000"  # 127.5 rounds to 128 (even), 64


def test_translucent_is_the_same_colour_with_an_opacity():
    assert translucent("#0E7C86", 0.25) == "rgba(14, 124, 134, 0.25)"


def test_class_colours_begin_again():
    assert palette.colour_of(len(palette.CATEGORICAL)) == palette.colour_of(0)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('<a href="http://evil">x</a>', '&lt;a href="http://evil"&gt;x&lt;/a&gt;'),
        ("a&lt;b", "a&amp;lt;b"),
        ("two\nlines\tand\x00more", "two lines and more"),
        ("Zelle ä 細胞", "Zelle ä 細胞"),
    ],
)
def test_strangers_text_is_shown_letter_by_letter(name, shown):
    assert plain(name) == shown


def test_long_names_are_shortened_before_they_are_escaped():
    assert plain("<" * 30, most=10) == "&lt;" * 9 + "…"


def test_figures_have_clear_backgrounds_and_leave_the_font_to_the_page():
    from plotly import graph_objects as go

    figure = dress(go.Figure(), height_px=123)
    assert figure.layout.height == 123
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert figure.layout.font.color is None
    assert template().layout.font.color is None
