"""Values before and after: shares add up, and a border does not hide the rest."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import draw_histogram, histogram_facts


def counts(**levels: int) -> np.ndarray:
    values = np.zeros(256, dtype=np.int64)
    for name, count in levels.items():
        values[int(name[1:])] = count
    return values


def test_shares_are_binned_by_four_levels_and_add_up():
    facts = histogram_facts(counts(v0=25, v3=25, v4=25, v255=25), counts(v10=1))
    # Levels 0 to 3 make the first bin (50 of 100), 4 to 7 the second (25), 252 to 255 the last (25).
    (row,) = facts.before.percent
    assert len(row) == 64
    assert (row[0], row[1], row[63]) == (50, 25, 25)
    assert sum(row) == pytest.approx(100)


def test_mean_and_extremes():
    facts = histogram_facts(counts(v0=1, v255=3), counts(v100=2, v200=2))
    assert facts.before.mean == pytest.approx(191.25)  # 3 x 255 / 4
    assert facts.before.dark_percent == 25
    assert facts.before.bright_percent == 75
    assert facts.after.mean == pytest.approx(150)
    assert facts.after.dark_percent == 0


def test_no_pixels_have_no_mean():
    facts = histogram_facts(np.zeros(256), counts(v1=1))
    assert facts.before.mean is None
    assert sum(facts.before.percent[0]) == 0


def test_a_black_border_is_cut_off_and_named():
    # 90 % black, the rest even over five bins of 2 %: the scale follows the 2 %, not the 90.
    border = counts(v0=90, v40=2, v80=2, v120=2, v160=2, v200=2)
    facts = histogram_facts(border, counts(v40=1, v80=1, v120=1, v160=1, v200=1, v240=1))
    assert facts.top_percent == pytest.approx(1.1 * 100 / 6)  # the after image: six bins of 16.7 %
    assert facts.cut == ("before: 90 % at values 0 to 3",)


def test_a_flat_image_is_not_cut():
    facts = histogram_facts(counts(v7=10), counts(v7=10))
    assert facts.cut == ()
    assert facts.top_percent == pytest.approx(110)


def test_grey_and_colour_are_drawn_on_one_scale():
    colour = np.stack([counts(v1=4), counts(v2=4), counts(v3=4)])
    figure = draw_histogram(histogram_facts(counts(v1=4), colour))
    assert [line.name for line in figure.data] == ["Grey", "Red", "Green", "Blue"]
    assert [line.xaxis for line in figure.data] == ["x", "x2", "x2", "x2"]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range
