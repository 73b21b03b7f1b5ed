"""Another split as a change: what makes the next fold of an accepted data set a revision of it."""

from __future__ import annotations

from dataclasses import replace

from core.datasets.describing import split_items
from core.errors import BadSetting
from core.revisions.draft import Changed, Draft
from core.specs import DrawSplit, SplitConfig


def redraw(draft: Draft, edit: DrawSplit) -> Changed:
    """Divide the images anew; what was placed by hand stays there.

    Raises:
        BadSetting: the given split is asked for and the source brought none, or nothing would change.
    """
    if edit.split.source == "given" and not draft.card.has_given_split:
        raise BadSetting("This data set came without a split of its own.", "Draw one by percentages and a seed.")
    if edit.split == draft.card.split:
        raise BadSetting("The images are divided so already.", "Choose another fold, seed or share.")
    items = split_items(draft.items, edit.split)
    moved = int((items["split"].to_numpy() != draft.items["split"].to_numpy()).sum())
    card = draft.card.model_copy(update={"split": edit.split})
    return Changed(replace(draft, items=items, card=card), f"Drew another split: {_in_words(edit.split)}.", moved)


def _in_words(split: SplitConfig) -> str:
    if split.source == "given":
        return "the one that the data set brought"
    shares = f"{split.train_percent}, {split.val_percent} and {split.test_percent} %, seed {split.seed}"
    return f"{shares}, fold {split.fold} of {split.folds}" if split.folds > 1 else shares
