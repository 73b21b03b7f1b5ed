"""The curves of a run: every point is on the line it belongs to, and the best epoch is found."""

from __future__ import annotations

from core.figures import curves_facts, draw_curves
from core.specs import Point, PointKind, Split


def epoch(number: int, **values: float | None) -> Point:
    return Point(kind=PointKind.EPOCH, step=10 * number, epoch=number, values=values, at=number)


def batch(step: int, **values: float | None) -> Point:
    return Point(kind=PointKind.BATCH, step=step, epoch=step / 10, values=values, at=step)


POINTS = [
    epoch(2, accuracy=0.7, loss=0.5, val_accuracy=0.6, val_loss=0.6),
    batch(5, loss=0.9, accuracy=0.4),
    epoch(1, accuracy=0.5, loss=0.8, val_accuracy=0.5, val_loss=0.7),
    epoch(3, accuracy=0.8, loss=0.3, val_accuracy=0.6, val_loss=0.65),
]


def test_points_become_lines_in_the_order_of_the_steps():
    facts = curves_facts(POINTS)
    assert facts.measures == ("loss", "accuracy")
    lines = {(line.measure, line.split, line.kind): (line.epochs, line.values) for line in facts.lines}
    assert lines == {
        ("loss", Split.TRAIN, PointKind.BATCH): ((0.5,), (0.9,)),
        ("loss", Split.TRAIN, PointKind.EPOCH): ((1, 2, 3), (0.8, 0.5, 0.3)),
        ("loss", Split.VALIDATION, PointKind.EPOCH): ((1, 2, 3), (0.7, 0.6, 0.65)),
        ("accuracy", Split.TRAIN, PointKind.BATCH): ((0.5,), (0.4,)),
        ("accuracy", Split.TRAIN, PointKind.EPOCH): ((1, 2, 3), (0.5, 0.7, 0.8)),
        ("accuracy", Split.VALIDATION, PointKind.EPOCH): ((1, 2, 3), (0.5, 0.6, 0.6)),
    }


def test_an_axis_says_in_words_what_it_measures():
    figure = draw_curves(curves_facts([epoch(1, loss=1.0, learning_rate=0.001, images_per_s=200)]))
    titles = {figure.layout[axis].title.text for axis in ("yaxis", "yaxis2", "yaxis3")}
    assert titles == {"Loss", "Learning rate", "Images a second"}


def test_the_best_epoch_has_the_lowest_validation_loss():
    assert curves_facts(POINTS).best_epoch == 2


def test_without_validation_there_is_no_best_epoch():
    assert curves_facts([epoch(1, loss=0.5)]).best_epoch is None


def test_a_value_that_was_not_finite_is_a_gap_and_never_the_best():
    facts = curves_facts([epoch(1, loss=1.0, val_loss=None), epoch(2, loss=0.9, val_loss=2.0)])
    validation = next(line for line in facts.lines if line.split is Split.VALIDATION)
    assert validation.values == (None, 2.0)
    assert facts.best_epoch == 2


def test_no_points_is_no_error():
    facts = curves_facts([])
    assert (facts.measures, facts.lines, facts.best_epoch) == ((), (), None)
    assert len(draw_curves(facts).data) == 0


def test_panels_share_the_axis_of_epochs_and_do_not_overlap():
    figure = draw_curves(curves_facts(POINTS))
    loss, accuracy = figure.layout.yaxis.domain, figure.layout.yaxis2.domain
    assert accuracy[1] < loss[0]
    assert {trace.yaxis for trace in figure.data} == {"y", "y2"} or {trace.yaxis for trace in figure.data} == {
        "y1",
        "y2",
    }
    assert {trace.xaxis for trace in figure.data} == {None}
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Training", "Validation"]


def test_the_best_epoch_is_marked():
    figure = draw_curves(curves_facts(POINTS))
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(2, 2)]
