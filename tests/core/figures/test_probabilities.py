"""The bars of one answer: ranked, complete, and never without the answer or the true class."""

from __future__ import annotations

import pytest

from core.figures import draw_probabilities, probabilities_facts, probability_words
from core.specs import Answer


def answer(probabilities: tuple[float, ...], predicted: int, classes: tuple[str, ...] | None = None) -> Answer:
    names = classes or tuple("abcdefghijkl"[: len(probabilities)])
    return Answer(
        run_id="run_1",
        name="x.png",
        classes=names,
        probabilities=probabilities,
        predicted_class=predicted,
        seconds=0.1,
    )


def test_classes_are_ranked():
    facts = probabilities_facts(answer((0.1, 0.7, 0.2), 1))
    assert facts.names == ("b", "c", "a")
    assert facts.probabilities == (0.7, 0.2, 0.1)
    assert (facts.predicted, facts.true, facts.others) == (0, None, 0)


def test_equal_probabilities_keep_the_order_of_the_classes():
    assert probabilities_facts(answer((0.25, 0.25, 0.5), 2)).names == ("c", "a", "b")


def test_the_rest_is_summed():
    facts = probabilities_facts(answer((0.4, 0.3, 0.2, 0.1), 0), most=2)
    assert facts.names == ("a", "b")
    assert facts.others == 2
    assert facts.others_probability == pytest.approx(0.3)  # 0.2 + 0.1


def test_the_true_class_is_shown_however_improbable():
    facts = probabilities_facts(answer((0.4, 0.3, 0.2, 0.1), 0), true_class=3, most=2)
    assert facts.names == ("a", "d")
    assert facts.true == 1
    assert facts.others_probability == pytest.approx(0.5)  # 0.3 + 0.2


def test_neither_the_answer_nor_the_true_class_pushes_the_other_out():
    # A threshold below one half can answer the less probable class; both places are then spoken for.
    facts = probabilities_facts(answer((0.5, 0.3, 0.15, 0.05), 3), true_class=2, most=2)
    assert set(facts.names) >= {"c", "d"}
    assert facts.names[facts.predicted] == "d"
    assert facts.true is not None
    assert facts.names[facts.true] == "c"


def test_bars_say_the_numbers_and_the_true_class():
    figure = draw_probabilities(probabilities_facts(answer((0.9144, 0.05, 0.0356), 0), true_class=1, most=2))
    (bars,) = figure.data
    assert bars.text == ("0.914", "0.050", "0.036")
    assert figure.layout.yaxis.ticktext == ("a", "True class: b", "1 other class")


def test_hostile_names_stay_text():
    figure = draw_probabilities(probabilities_facts(answer((0.5, 0.5), 0, ("<script>x</script>", "$1$"))))
    assert "<script" not in figure.to_json()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.9144, "0.914"),
        (0.9994, "0.999"),
        (0.9995, "> 0.999"),
        (1.0, "> 0.999"),
        (0.0004, "< 0.001"),
        (0.0005, "0.001"),
    ],
)
def test_a_probability_is_never_rounded_to_certainty(value, words):
    assert probability_words(value) == words
