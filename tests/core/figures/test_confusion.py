"""The confusion matrix: counts, shares of the true class, and what is written into the cells."""

from __future__ import annotations

from core.figures import confusion_facts, draw_confusion
from core.specs import Figure, Report, Split


def report(confusion: tuple[tuple[int, ...], ...], classes: tuple[str, ...], positive: int | None = None) -> Report:
    return Report(
        split=Split.VALIDATION,
        classes=classes,
        positive_class=positive,
        images=sum(map(sum, confusion)),
        accuracy=Figure(value=None, reason="not asked"),
        loss=None,
        rows=(),
        confusion=confusion,
    )


def test_shares_are_of_the_true_class():
    facts = confusion_facts(report(((30, 10), (5, 5)), ("normal", "finding"), positive=1))
    assert facts.row_percents == ((75, 25), (50, 50))  # 30 and 10 of 40; 5 and 5 of 10
    assert facts.positive_class == 1
    assert facts.worst == (0, 1, 10)


def test_a_class_without_images_has_no_shares():
    facts = confusion_facts(report(((3, 0), (0, 0)), ("a", "b")))
    assert facts.row_percents == ((100, 0), (None, None))
    assert facts.worst is None


def test_cells_carry_count_and_per_cent():
    figure = draw_confusion(confusion_facts(report(((1200, 400), (0, 0)), ("a", "b"))))
    texts = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert texts == {
        (0, 0): "<b>1,200</b><br>75.0 %",
        (0, 1): "<b>400</b><br>25.0 %",
        (1, 0): "<b>0</b>",
        (1, 1): "<b>0</b>",
    }


def test_the_first_class_is_the_upper_left_cell():
    figure = draw_confusion(confusion_facts(report(((1, 0), (0, 1)), ("a", "b"))))
    assert figure.layout.xaxis.range == (-0.5, 1.5)
    assert figure.layout.yaxis.range == (1.5, -0.5)


def test_many_classes_are_read_by_hovering():
    many = 13
    identity = tuple(tuple(int(row == column) for column in range(many)) for row in range(many))
    figure = draw_confusion(confusion_facts(report(identity, tuple(str(i) for i in range(many)))))
    assert not figure.layout.annotations
    assert figure.data[0].customdata[2][2] == "1 of 1 images of 2<br>were answered 2"


def test_hostile_names_stay_text():
    name = '<a href="http://evil">x</a>'
    figure = draw_confusion(confusion_facts(report(((1, 0), (0, 1)), (name, "b"))), dark=True)
    assert "<a " not in figure.to_json()
