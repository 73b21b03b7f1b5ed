"""The words for training, validation and test that people write into tables, names and folders."""

from __future__ import annotations

import re

from core.specs import Split

SPLIT_WORDS = {
    **dict.fromkeys(("train", "training"), Split.TRAIN.value),
    **dict.fromkeys(("val", "valid", "validation"), Split.VALIDATION.value),
    **dict.fromkeys(("test", "testing"), Split.TEST.value),
}
"""Those that mean a split wherever they stand; the others only beside one of training."""

_VALIDATION = "dev development tune tuning internalvalidation"
_TEST = "holdout heldout eval evaluation external externalvalidation externaltest internaltest"
_WORDS = {
    **SPLIT_WORDS,
    **dict.fromkeys(_VALIDATION.split(), Split.VALIDATION.value),
    **dict.fromkeys(_TEST.split(), Split.TEST.value),
}
_BETWEEN = re.compile(r"[\s_.-]+")


def split_of(word: str) -> str:
    """The split that a word stands for ("train", "val", "test"), "" for what is none: "Held-out set" is the test."""
    bare = _BETWEEN.sub("", word.casefold())
    return _WORDS.get(bare) or _WORDS.get(bare.removesuffix("set"), "")
