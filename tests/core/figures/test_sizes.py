"""The distribution of sizes: every image is counted once, few sizes by name, many by bins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.figures import draw_sizes, sizes_facts


def table(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["width", "height"])


def test_one_size_needs_no_chart():
    facts = sizes_facts(table([(28, 28)] * 5))
    assert facts.all_equal
    assert facts.common == ((28, 28, 5),)
    assert (facts.min_px, facts.max_px, facts.images) == (28, 28, 5)


def test_few_sizes_are_named_most_frequent_first():
    facts = sizes_facts(table([(320, 240)] * 3 + [(28, 30)] * 7))
    assert facts.common == ((28, 30, 7), (320, 240, 3))
    assert facts.edges_px == ()
    assert (facts.min_px, facts.max_px) == (28, 320)
    figure = draw_sizes(facts)
    assert tuple(figure.data[0].x) == (7, 3)
    assert figure.layout.yaxis.ticktext == ("28 × 30 px", "320 × 240 px")


def test_many_sizes_are_binned_and_none_is_lost():
    rng = np.random.default_rng(0)
    pairs = [(int(w), int(h)) for w, h in rng.integers(100, 900, (500, 2))]
    facts = sizes_facts(table(pairs))
    assert sum(facts.widths) == sum(facts.heights) == 500
    assert len(facts.edges_px) == len(facts.widths) + 1 <= 32
    names = [line.name for line in draw_sizes(facts).data]
    assert names == ["Width", "Height"]


def test_bins_hold_whole_pixels():
    # Ten sizes, sides 10 to 19: a bin a pixel, edges at the halves; one width and one height in each.
    facts = sizes_facts(table([(10 + i, 19 - i) for i in range(10)]))
    assert facts.edges_px == tuple(9.5 + i for i in range(11))
    assert facts.widths == facts.heights == (1,) * 10


def test_the_outline_is_closed():
    facts = sizes_facts(table([(10 + i, 19 - i) for i in range(10)]))
    line = draw_sizes(facts).data[0]
    assert len(line.x) == len(line.y) == len(line.customdata) == 12
    assert (line.y[0], line.y[-1]) == (0, 0)
    assert line.customdata[1] == "10 to 10 px"


def test_no_images_is_no_error():
    facts = sizes_facts(table([]))
    assert (facts.images, facts.distinct, facts.max_px) == (0, 0, 0)
    draw_sizes(facts)
