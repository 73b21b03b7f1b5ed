"""The coach: what an experienced eye reads off the curves of a run, a sentence with its evidence and its remedy.

Every rule is a function of the facts alone. A rule speaks only where its evidence is larger than what chance does to
a validation split of this size; otherwise it is silent, and so is the coach.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from core.specs import Point, PointKind

FEWEST_EPOCHS = 3
RISE = 0.10  # of the lowest validation loss
NEAR_CHANCE = 0.02  # of ln(classes)
DIVERGED = 1.5  # times the lowest training loss
STILL_FALLING = 0.01  # of the validation loss, an epoch
DEVIATIONS = 2.0  # standard errors of an accuracy


@dataclass(frozen=True)
class RunFacts:
    """What the rules look at.

    Attributes:
        epochs: the points at the ends of epochs, in order.
        diverged: whether a loss was not finite anywhere.
        val_shares: share of each class among the validation images, 0 to 1.
        val_images: how many validation images there are.
        planned_epochs: how many epochs were asked for.
        over: whether the run has ended.
        eased: whether training sees harder images than validation does (augmentation, dropout).
    """

    epochs: tuple[Point, ...]
    diverged: bool
    val_shares: tuple[float, ...]
    val_images: int
    planned_epochs: int
    over: bool
    eased: bool

    def curve(self, name: str) -> list[float]:
        """The finite values of a figure, an entry an epoch."""
        return [value for point in self.epochs if (value := point.values.get(name)) is not None]


@dataclass(frozen=True)
class Advice:
    """What one rule says: `what` with its evidence, `remedy` in one sentence; `rule` is its stable name."""

    rule: str
    what: str
    remedy: str


def run_facts(
    points: Iterable[Point],
    *,
    val_counts: Sequence[int],
    planned_epochs: int,
    over: bool,
    eased: bool,
) -> RunFacts:
    """The facts of a run from its points and its data set.

    Args:
        points: all points of the run, in any order.
        val_counts: validation images of each class.
        planned_epochs: epochs that were asked for.
        over: whether the run has ended.
        eased: whether augmentation or dropout make training harder than validation.
    """
    ordered = sorted(points, key=lambda point: (point.step, point.seq))
    total = max(1, sum(val_counts))
    return RunFacts(
        epochs=tuple(point for point in ordered if point.kind is PointKind.EPOCH),
        diverged=any(point.values.get("loss", 0.0) is None for point in ordered),
        val_shares=tuple(count / total for count in val_counts),
        val_images=sum(val_counts),
        planned_epochs=planned_epochs,
        over=over,
        eased=eased,
    )


def advise(facts: RunFacts) -> list[Advice]:
    """What the rules have to say, the most pressing first; a run that fails altogether is told only that."""
    for rule in (diverging, stuck, one_class):
        if advice := rule(facts):
            return [advice]
    rules: tuple[Callable[[RunFacts], Advice | None], ...] = (overfitting, better_than_training, still_improving)
    return [advice for rule in rules if (advice := rule(facts))]


def diverging(facts: RunFacts) -> Advice | None:
    """The training loss grows, or is not a number any more."""
    losses = facts.curve("loss")
    remedy = "Lower the learning rate to a tenth, and train again."
    if facts.diverged:
        return Advice("diverging", "The training loss is not a finite number any more: training has diverged.", remedy)
    lowest = min(losses, default=math.inf)
    grown = len(losses) >= FEWEST_EPOCHS and losses[-1] > losses[-2] and losses[-1] > DIVERGED * lowest
    if not grown:
        return None
    best = losses.index(lowest) + 1
    what = f"The training loss grows: {lowest:.3f} after epoch {best}, {losses[-1]:.3f} now."
    return Advice("diverging", what, remedy)


def stuck(facts: RunFacts) -> Advice | None:
    """The training loss stays where guessing stands: at ln(classes), or at the entropy of the classes' shares."""
    losses, classes = facts.curve("loss"), len(facts.val_shares)
    if len(losses) < FEWEST_EPOCHS or classes < 2:
        return None
    entropy = -sum(share * math.log(share) for share in facts.val_shares if share > 0)
    guessing = math.log(classes)
    recent = losses[-FEWEST_EPOCHS:]
    if not any(all(abs(loss - chance) <= NEAR_CHANCE * chance for loss in recent) for chance in (guessing, entropy)):
        return None
    return Advice(
        "stuck",
        f"The network has learned nothing: after {len(losses)} epochs its training loss is {losses[-1]:.3f}, and"
        f" guessing among {classes} classes gives {guessing:.3f} (the natural logarithm of {classes}).",
        "Try ten times and a tenth of the learning rate; if neither helps, look whether the labels are right.",
    )


def one_class(facts: RunFacts) -> Advice | None:
    """The validation accuracy is, epoch after epoch, exactly the share of one class."""
    recent = facts.curve("val_accuracy")[-FEWEST_EPOCHS:]
    if len(recent) < FEWEST_EPOCHS or not facts.val_images:
        return None
    half_an_image = 0.5 / facts.val_images
    same = [share for share in facts.val_shares if all(abs(value - share) < half_an_image for value in recent)]
    if not same or same[0] in (0.0, 1.0):
        return None
    return Advice(
        "one_class",
        f"The network seems to say the same class for every image: in the last {FEWEST_EPOCHS} epochs its validation"
        f" accuracy was {recent[-1]:.3f}, exactly the share of one class.",
        "Turn on “Balance classes”, and lower the learning rate if it stays so.",
    )


def overfitting(facts: RunFacts) -> Advice | None:
    """The validation loss has been rising since its lowest point while the training loss still fell."""
    val, train = facts.curve("val_loss"), facts.curve("loss")
    if len(val) != len(train) or len(val) < FEWEST_EPOCHS + 1:
        return None
    best = val.index(min(val))
    if len(val) - 1 - best < FEWEST_EPOCHS:
        return None
    now, now_train = median(val[-FEWEST_EPOCHS:]), median(train[-FEWEST_EPOCHS:])
    noise = median(abs(later - earlier) for earlier, later in pairwise(val))
    if now < val[best] * (1 + RISE) or now - val[best] < noise or now_train >= train[best]:
        return None
    return Advice(
        "overfitting",
        f"The network has been learning its training images by heart since epoch {best + 1} (overfitting): the"
        f" validation loss was {val[best]:.3f} then and is {val[-1]:.3f} now, while the training loss fell from"
        f" {train[best]:.3f} to {train[-1]:.3f}.",
        "Use more images or augmentation, a higher dropout or a smaller network; the weights of the best epoch are"
        " the ones that are kept.",
    )


def better_than_training(facts: RunFacts) -> Advice | None:
    """Validation is better than training, by more than chance."""
    val, train = facts.curve("val_accuracy")[-FEWEST_EPOCHS:], facts.curve("accuracy")[-FEWEST_EPOCHS:]
    if len(val) < FEWEST_EPOCHS or len(train) < FEWEST_EPOCHS or not facts.val_images:
        return None
    here, there = median(val), median(train)
    error = math.sqrt(max(here * (1 - here), 1e-4) / facts.val_images)
    ahead = min(one - other for one, other in zip(val, train, strict=True))
    if ahead <= max(0.03, DEVIATIONS * error):
        return None
    why = (
        "Augmentation and dropout make training harder than validation, so this may be right; if the gap stays large,"
        " lower them."
        if facts.eased
        else "Look on the Data page whether the same patient or copies of an image are in both splits (a leak)."
    )
    return Advice(
        "better_than_training",
        f"Validation looks better than training: accuracy {here:.3f} against {there:.3f} in the last"
        f" {FEWEST_EPOCHS} epochs.",
        why,
    )


def still_improving(facts: RunFacts) -> Advice | None:
    """The run used all its epochs and the validation loss was still falling."""
    val = facts.curve("val_loss")
    if not facts.over or len(val) < max(FEWEST_EPOCHS + 1, facts.planned_epochs):
        return None
    tail = val[-(FEWEST_EPOCHS + 1) :]
    falls = [1 - later / earlier for earlier, later in pairwise(tail) if earlier > 0]
    if min(val) != val[-1] or len(falls) < FEWEST_EPOCHS or min(falls) < STILL_FALLING:
        return None
    return Advice(
        "still_improving",
        f"The network was still improving when its {facts.planned_epochs} epochs were over: the validation loss fell"
        f" from {tail[0]:.3f} to {tail[-1]:.3f} in the last {FEWEST_EPOCHS} epochs.",
        "Train again with twice as many epochs.",
    )
