"""The shortcut guard: a class that can be told from what is not the picture, such as the size of its images.

For each class a small decision tree tries to tell it from the others by one kind of fact, and then by all together.
Whole units (patients, files) are left out in turn, and the tree is judged on those that it has not seen, by the mean
of the share found of the class and of the others. It counts when it is high, and far above what the same tree reaches
on labels that were shuffled among the units; with few units nothing is far, so that little data stays silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.shortcut_facts import Fact, facts
from core.sources.wording import folded
from core.specs import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

FEWEST_UNITS = 10
"""A class (and the others) must have so many patients, or images where these are not known, for anything to be said."""
TELLING = 0.75
"""The least share of right answers, the mean of both sides, that counts; guessing gives a half."""
TELLING_PICTURE = 0.8
"""The same for brightness and border, which are of the picture as well."""
TELLING_TOGETHER = 0.85
"""The same for all facts together."""
DEVIATIONS = 4.0
"""How far above shuffled labels it must be, in their standard deviations."""
MOST_CLASSES = 20
_MOST_IMAGES = 500  # on each side, by chance
_MOST_LINES = 20
_FOLDS = 5
_SHUFFLES = 12

Numbers = NDArray[np.float64]
Labels = NDArray[np.bool_]
Units = NDArray[np.int64]


@dataclass(frozen=True)
class _Task:
    """One class against the others, on a sample: which rows, which are of the class, their units and folds."""

    index: int
    rows: NDArray[np.intp]
    labels: Labels
    units: Units
    folds: NDArray[np.intp]


@dataclass(frozen=True)
class _Evidence:
    """That a fact tells a class, and how well: 0.5 is guessing, 1 perfect."""

    task: _Task
    facts: tuple[Fact, ...]
    score: float


def shortcuts(items: pd.DataFrame, classes: Sequence[str], units: Units) -> Iterable[Finding]:
    """At most one finding, of the rule "shortcut", with a line of evidence for each class and fact, the best first.

    The model is scikit-learn's, which only a child process should load.

    Args:
        items: one row an image, with `class_index`, `width`, `height`, `channels`, `bit_depth`; `format`, `border`,
            `brightness`, `tags` where the table has them.
        classes: the class names by index.
        units: `(N,)`; images of one unit are of one patient or file.
    """
    known = facts(items)
    class_indices = items["class_index"].to_numpy(np.int64)
    found: list[_Evidence] = []
    for task in _tasks(class_indices, units, len(classes)) if known else ():
        telling = [fact for fact in known if not _is_the_label(fact, class_indices, classes)]
        found += _evidence(task, telling)
    found.sort(key=lambda evidence: -evidence.score)
    sure = [evidence for evidence in found[:_MOST_LINES] if _is_far_from_chance(evidence)]
    if sure:
        yield _told(sure, class_indices, classes)


def _tasks(class_indices: Units, units: Units, classes: int) -> Iterator[_Task]:
    """Of two classes one against the other, of more each against the rest, the largest first."""
    counts = np.bincount(class_indices, minlength=classes)
    largest = [1] if classes == 2 else np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    for index in largest:
        rng = np.random.default_rng(int(index))
        labels = class_indices == index
        rows = np.sort(
            np.concatenate([rng.permutation(np.flatnonzero(side))[:_MOST_IMAGES] for side in (labels, ~labels)])
        )
        if min(len(np.unique(units[rows][side])) for side in (labels[rows], ~labels[rows])) >= FEWEST_UNITS:
            yield _Task(int(index), rows, labels[rows], units[rows], _folds(labels[rows], units[rows], rng))


def _folds(labels: Labels, units: Units, rng: np.random.Generator) -> NDArray[np.intp]:
    """A fold for each unit, so that those that are mostly of the class are spread evenly, and the others as well."""
    _, unit_of = np.unique(units, return_inverse=True)
    mostly = np.bincount(unit_of, weights=labels) * 2 > np.bincount(unit_of)
    fold_of = np.empty(len(mostly), np.intp)
    for side in (mostly, ~mostly):
        fold_of[side] = rng.permutation(int(side.sum())) % _FOLDS
    return fold_of[unit_of]


def _is_the_label(fact: Fact, class_indices: Units, classes: Sequence[str]) -> bool:
    """Whether a tag is where the label was taken from, or says the same."""
    if fact.values is None or fact.unit:
        return False
    names = np.array([name.casefold() for name in classes])
    return bool((np.char.lower(fact.values) == names[class_indices]).mean() > 0.5)


def _evidence(task: _Task, known: list[Fact]) -> Iterator[_Evidence]:
    """Each fact that tells the class, or all together where none does alone."""
    alone = [_Evidence(task, (fact,), _score(task, (fact,), task.labels)) for fact in known]
    telling = [one for one in alone if one.score >= (TELLING if one.facts[0].values is not None else TELLING_PICTURE)]
    yield from telling
    if not telling and len(known) > 1:
        score = _score(task, tuple(known), task.labels)
        if score >= TELLING_TOGETHER:
            yield _Evidence(task, tuple(known), score)


def _score(task: _Task, known: tuple[Fact, ...], labels: Labels) -> float:
    """The mean share of right answers on both sides, each image judged by a tree that has not seen its unit."""
    columns = np.concatenate([fact.columns[task.rows] for fact in known], axis=1)
    answers = np.zeros(len(labels), np.bool_)
    for fold in range(_FOLDS):
        held_out = task.folds == fold
        seen = labels[~held_out]
        if not held_out.any() or seen.all() or not seen.any():
            continue  # one side is all in this fold: it counts as not told
        weights = np.where(seen, 0.5 / seen.sum(), 0.5 / (~seen).sum())  # both sides count the same
        tree = _tree(len(known)).fit(columns[~held_out], seen, weights)
        answers[held_out] = tree.predict(columns[held_out])
    return float(answers[labels].mean() + (~answers[~labels]).mean()) / 2


def _tree(known: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    depth = 2 if known == 1 else 4
    return DecisionTreeClassifier(max_depth=depth, min_samples_leaf=3, random_state=0)


def _is_far_from_chance(evidence: _Evidence) -> bool:
    """Whether the score is far above those on labels that were shuffled among the units of each side."""
    task, rng = evidence.task, np.random.default_rng(0)
    blocks, firsts, block_of = np.unique(2 * task.units + task.labels, return_index=True, return_inverse=True)
    labels = task.labels[firsts]
    shuffled = [_score(task, evidence.facts, rng.permutation(labels)[block_of]) for _ in range(_SHUFFLES)]
    inside = int(labels.sum())
    least = 0.5 * np.sqrt(0.25 / inside + 0.25 / (len(blocks) - inside))  # of answers that are tosses of a coin
    deviation = max(float(np.std(shuffled, ddof=1)), float(least))
    return evidence.score >= float(np.mean(shuffled)) + DEVIATIONS * deviation


def _told(found: list[_Evidence], class_indices: Units, classes: Sequence[str]) -> Finding:
    named = dict.fromkeys(fact.title for evidence in found for fact in evidence.facts)
    told = len({evidence.task.index for evidence in found})
    which = f"{told:,} of {len(classes):,} classes" if told < len(classes) else f"All {told:,} classes"
    which = "The two classes" if len(classes) == 2 else which
    return folded(
        Severity.WARNING,
        "shortcut",
        [_line(evidence, class_indices, classes) for evidence in found],
        f"{which} can be told by {_listed(list(named))} alone, whatever the picture shows: right in up to"
        f" {found[0].score:.0%}, where guessing gives 50%. A network may learn that instead.",
        "Find out where it comes from. If from how the images were taken or saved, make it the same in all classes; if"
        " it belongs to the class, say so wherever the figures are shown.",
    )


def _line(evidence: _Evidence, class_indices: Units, classes: Sequence[str]) -> str:
    """ "sick: file type PNG in 98%, elsewhere 3% (96% right)"."""
    of = class_indices == evidence.task.index
    name = classes[evidence.task.index].replace(": ", ":")
    if len(evidence.facts) > 1:
        return f"{name}: all facts together ({evidence.score:.0%} right)"
    return f"{name}: {evidence.facts[0].told(of)} ({evidence.score:.0%} right)"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
