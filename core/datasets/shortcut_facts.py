"""What is known of an image without looking at the picture: its size, depth, file, border, brightness, coded tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

MOST_TAGS = 12
_MOST_VALUES = 8  # of a fact that is a word; rarer ones count as "another"
_USUAL = 0.5  # a size that so many of a class have is named; else the range is
_MIDDLE = (0.05, 0.95)
_KEPT_APART = frozenset({"Rows", "Columns", "BitsStored", "BitsAllocated", "SamplesPerPixel", "NumberOfFrames"})

Numbers = NDArray[np.float64 | np.uint8]
Words = NDArray[np.str_]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Fact:
    """One kind of fact about every image.

    Attributes:
        title: what it is, in words: "image size".
        columns: `(N, K)` as a model reads them.
        values: `(N,)` as a person reads them; None where these are measured numbers.
        unit: of measured numbers: "%"; empty for words.
    """

    title: str
    columns: Numbers
    values: Words | None
    unit: str = ""

    def told(self, of: Chosen) -> str:
        """How the images of a class differ from the others in this fact.

        Args:
            of: `(N,)`, which images are of the class.
        """
        if self.values is not None:
            names, numbers = np.unique(self.values, return_inverse=True)
            shares = np.bincount(numbers[of], minlength=len(names)) / of.sum()
            others = np.bincount(numbers[~of], minlength=len(names)) / (~of).sum()
            most = int(np.abs(shares - others).argmax())
            if not self.unit or max(shares[most], others[most]) >= _USUAL:
                return f"{self.title} {names[most]} in {shares[most]:.0%}, elsewhere {others[most]:.0%}"
        return self._range_told(of)

    def _range_told(self, of: Chosen) -> str:
        """Between which numbers the middle nine tenths of a class lie, and how many of the others do."""
        measured = self.columns[:, :2]
        low, high = np.quantile(measured[of], _MIDDLE, axis=0)
        inside = ((measured >= low) & (measured <= high)).all(axis=1)
        ends = [(self._number(least), self._number(most)) for least, most in zip(low, high, strict=True)]
        ranges = [least if least == most else f"{least} to {most}" for least, most in ends]
        return f"{self.title} {' × '.join(ranges)} in {inside[of].mean():.0%}, elsewhere {inside[~of].mean():.0%}"

    def _number(self, number: float) -> str:
        return f"{number:.0%}" if self.unit == "%" else f"{number:.0f} {self.unit}"


def facts(items: pd.DataFrame) -> list[Fact]:
    """Every fact in which the images of a table differ; those that the table lacks are left out."""
    return [fact for fact in _all(items) if np.ptp(fact.columns, axis=0).any() and not np.isnan(fact.columns).any()]


def _all(items: pd.DataFrame) -> Iterator[Fact]:
    width, height = items["width"].to_numpy(np.float64), items["height"].to_numpy(np.float64)
    sizes = (items["width"].astype(str) + " × " + items["height"].astype(str) + " px").to_numpy(dtype=np.str_)
    yield Fact("image size", np.stack([width, height, width / height], axis=1), sizes, "px")
    yield _words("bit depth", (items["bit_depth"].astype(str) + " bits").to_numpy(dtype=np.str_))
    yield _words("colour", np.where(items["channels"] == 1, "grey", "colour"))
    if "format" in items:
        yield _words("file type", items["format"].to_numpy(dtype=np.str_))
    for column, title in (("border", "brightness of the border"), ("brightness", "mean brightness")):
        if column in items:
            yield Fact(title, items[column].to_numpy(np.float64)[:, None], None, "%")
    if "tags" in items:
        yield from _tags(items["tags"])


def _tags(column: pd.Series[str]) -> Iterator[Fact]:
    """The coded tags by which images differ, those that most images have first."""
    rows, texts = column.factorize(sort=True)  # as an array each would take as much memory as the longest
    tables: list[dict[str, str]] = [json.loads(text) for text in texts]
    images = np.bincount(rows, minlength=len(texts))
    having: dict[str, int] = {}
    for table, count in zip(tables, images, strict=True):
        for keyword in table:
            having[keyword] = having.get(keyword, 0) + int(count)
    known = sorted(having.keys() - _KEPT_APART, key=lambda keyword: (-having[keyword], keyword))
    for keyword in known[:MOST_TAGS]:
        yield _words(f"tag {keyword}", np.array([str(table.get(keyword, "missing")) for table in tables])[rows])


def _words(title: str, values: Words) -> Fact:
    """A fact that is a word, as columns of 0 and 1 for the values that are met most often."""
    names, counts = np.unique(values, return_counts=True)
    frequent = names[np.argsort(-counts, kind="stable")[:_MOST_VALUES]]
    return Fact(title, (values[:, None] == frequent[None, :]).astype(np.uint8), values)
