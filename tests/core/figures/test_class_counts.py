"""Images per class and split: the facts add up, and the drawing says the same."""

from __future__ import annotations

import pytest

from core.figures import class_counts_facts, draw_class_counts
from core.specs import DatasetCard, Split

HOSTILE = "<script>alert(1)</script>"


def card(classes: tuple[str, ...], counts: tuple[dict[str, int], ...]) -> DatasetCard:
    return DatasetCard(
        source="zip of class folders",
        classes=classes,
        counts=tuple({Split(split): count for split, count in row.items()} for row in counts),
        images=sum(sum(row.values()) for row in counts),
        grey=True,
        median_width_px=28,
        median_height_px=28,
        min_side_px=28,
        max_side_px=28,
    )


def test_facts_count_per_split_and_class():
    facts = class_counts_facts(
        card(("a", "b"), ({"train": 70, "val": 15, "test": 15}, {"train": 14, "val": 3, "test": 3}))
    )
    assert facts.counts == {Split.TRAIN: (70, 14), Split.VALIDATION: (15, 3), Split.TEST: (15, 3)}
    assert facts.totals == (100, 20)
    assert facts.split_totals == {Split.TRAIN: 84, Split.VALIDATION: 18, Split.TEST: 18}
    assert (facts.rarest, facts.commonest) == (1, 0)
    assert facts.imbalance == pytest.approx(5)  # 100 for 20


def test_an_empty_class_has_no_imbalance():
    assert class_counts_facts(card(("a", "b"), ({"train": 4}, {}))).imbalance is None


def test_no_classes_is_no_error():
    facts = class_counts_facts(card((), ()))
    assert (facts.rarest, facts.commonest, facts.imbalance) == (None, None, None)


def test_bars_are_stacked_and_carry_the_counts():
    facts = class_counts_facts(card(("a", "b"), ({"train": 70, "val": 15}, {"train": 14, "val": 3})))
    figure = draw_class_counts(facts)
    assert figure.layout.barmode == "stack"
    assert {bar.name: tuple(bar.x) for bar in figure.data} == {"Training": (70, 14), "Validation": (15, 3)}


def test_the_first_class_is_on_top():
    figure = draw_class_counts(class_counts_facts(card(("a", "b", "c"), ({"train": 1},) * 3)))
    assert figure.layout.yaxis.range == (2.5, -0.5)


def test_hostile_numeric_and_equal_looking_names_stay_apart():
    names = (HOSTILE, "1", "x" * 300, "x" * 299 + "y")
    figure = draw_class_counts(class_counts_facts(card(names, ({"train": 1},) * 4)))
    labels = figure.layout.yaxis.ticktext
    assert len(labels) == len(figure.layout.yaxis.tickvals) == 4
    assert labels[0].startswith("&lt;script&gt;")
    assert labels[1] == "1"
    assert "<script" not in figure.to_json()
