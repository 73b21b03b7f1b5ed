"""What a column of a table holds, in numbers, and what its name and its values make it likely to be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from core.datasets.folders import SPLIT_WORDS
from core.datasets.tables import Table, said
from core.specs import ColumnLook

_EXAMPLES, _EXAMPLE_LETTERS = 6, 60
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
DATE = re.compile(
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})|(?:19|20)[0-9]{6})"
    r"(?:[T ][0-9:.+Z-]+)?"
)
_TOKEN = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-zà-ÿ])|[0-9]+")


@dataclass(frozen=True)
class ColumnFacts:
    """One column: how often it has each value ("" where it says nothing)."""

    name: str
    counts: Counter[str]

    @cached_property
    def filled(self) -> int:
        """Rows that say something."""
        return self.counts.total() - self.counts[""]

    @cached_property
    def distinct(self) -> int:
        """Different values."""
        return len(self.counts) - ("" in self.counts)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its name in small letters: "PatientID_alt" has patient, id and alt."""
        return words(self.name)

    def called(self, words: frozenset[str]) -> bool:
        """Whether its name holds one of these words; one of five letters or more may be a part of another."""
        folded = self.name.casefold()
        return bool(self.words & words) or any(len(word) >= 5 and word in folded for word in words)

    @cached_property
    def numeric(self) -> bool:
        """Whether all values are numbers."""
        return self._all(NUMBER)

    @cached_property
    def whole(self) -> bool:
        """Whether all values are whole numbers."""
        return self._all(_WHOLE)

    @cached_property
    def dates(self) -> bool:
        """Whether all values are dates."""
        return self._all(DATE)

    @cached_property
    def splits(self) -> bool:
        """Whether its values are those of a split: train, val and test under one of their names."""
        values = {value.casefold() for value in self.counts if value}
        parts = {SPLIT_WORDS[value] for value in values if value in SPLIT_WORDS}
        return "train" in parts and len(parts) > 1 and values <= SPLIT_WORDS.keys()

    @cached_property
    def identifying(self) -> bool:
        """Whether its values are like ids: letters and digits together, or of one length, and short."""
        values = [value for value in self.counts if value][:500]
        if not values or self.dates or (self.numeric and not self.whole):
            return False
        mixed = sum(any(map(str.isdigit, value)) and any(map(str.isalpha, value)) for value in values)
        alike = len({len(value) for value in values}) == 1 and len(values[0]) >= 4
        return max(map(len, values)) <= 64 and (mixed >= 0.6 * len(values) or alike)

    def look(self) -> ColumnLook:
        """It as the page shows it."""
        examples = [value[:_EXAMPLE_LETTERS] for value, _ in self.counts.most_common(_EXAMPLES + 1) if value]
        return ColumnLook(
            name=self.name,
            distinct=self.distinct,
            empty=self.counts[""],
            examples=tuple(examples[:_EXAMPLES]),
        )

    def _all(self, expression: re.Pattern[str]) -> bool:
        return self.distinct > 0 and all(expression.fullmatch(value) for value in self.counts if value)


def words(name: str) -> frozenset[str]:
    """The words and numbers of a name, in small letters."""
    return frozenset(word.casefold() for word in _TOKEN.findall(name))


def column_facts(table: Table) -> list[ColumnFacts]:
    """The facts of every column, in order."""
    import pyarrow.compute as pc

    found = []
    for name in table.columns:
        counts: Counter[str] = Counter()
        for row in pc.value_counts(table.cells[name]).to_pylist():
            counts[said(row["values"])] += row["counts"]
        found.append(ColumnFacts(name, counts))
    return found
