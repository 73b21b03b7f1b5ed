"""What a column of a table holds, in numbers, and what its name and its values make it likely to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.sources.labels.split_words import split_of
from core.sources.labels.tables import Table, said
from core.specs import ColumnLook

_EXAMPLES, _EXAMPLE_LETTERS = 6, 60
_SOME = 500
_WHOLE_TEXT = r"[+-]?[0-9]+(?:\.0+)?"
_NUMBER_TEXT = r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?"
_DATE_TEXT = (
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})|(?:19|20)[0-9]{6})"
    r"(?:[T ][0-9:.+Z-]+)?"
)
NUMBER, DATE = re.compile(_NUMBER_TEXT), re.compile(_DATE_TEXT)
_TOKEN = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-zà-ÿ])|[0-9]+")


@dataclass(frozen=True)
class ColumnFacts:
    """One column of a table.

    Attributes:
        name: its name; hostile text.
        rows: how many there are.
        filled: how many say something.
        distinct: how many different things they say.
        examples: the most frequent of them.
        numeric, whole, dates: whether all of them are numbers, whole numbers, dates.
        splits: whether they are those of a split: train, val and test under one of their names.
        identifying: whether they are like ids: short, letters and digits together, or all of one length.
        table: where they stand.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    numeric: bool
    whole: bool
    dates: bool
    splits: bool
    identifying: bool
    table: Table = field(repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its name in small letters: "PatientID_alt" has patient, id and alt."""
        return words(self.name)

    def called(self, words: frozenset[str]) -> bool:
        """Whether its name holds one of these words; one of five letters or more may be a part of another."""
        folded = self.name.casefold()
        return bool(self.words & words) or any(len(word) >= 5 and word in folded for word in words)

    def values(self) -> list[str]:
        """The different things that it says; not kept, as there may be very many."""
        import pyarrow.compute as pc

        found: Iterable[str] = map(said, pc.unique(self.table.cells[self.name]).to_pylist())
        if self.whole:  # as `Table.column` gives them
            found = (value.partition(".")[0] for value in found)
        return [value for value in dict.fromkeys(found) if value]

    def look(self) -> ColumnLook:
        """It as the page shows it."""
        return ColumnLook(name=self.name, distinct=self.distinct, empty=self.rows - self.filled, examples=self.examples)


def words(name: str) -> frozenset[str]:
    """The words and numbers of a name, in small letters."""
    return frozenset(word.casefold() for word in _TOKEN.findall(name))


def column_facts(table: Table) -> list[ColumnFacts]:
    """The facts of every column, in order."""
    return [_facts(table, name) for name in table.columns]


def _facts(table: Table, name: str) -> ColumnFacts:
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = pc.value_counts(table.cells[name])
    values, counts = counted.field("values"), counted.field("counts")
    telling = pa.array([bool(said(value)) for value in values.to_pylist()], pa.bool_())
    values, counts = values.filter(telling), counts.filter(telling)
    most = pc.select_k_unstable(pa.table({"n": counts}), k=min(_EXAMPLES, len(counts)), sort_keys=[("n", "descending")])
    some = values.slice(0, _SOME).to_pylist()

    def all_are(expression: str) -> bool:
        return len(values) > 0 and bool(pc.all(pc.match_substring_regex(values, f"^(?:{expression})$")).as_py())

    numeric, dates = all_are(_NUMBER_TEXT), all_are(_DATE_TEXT)
    whole = numeric and all_are(_WHOLE_TEXT)
    return ColumnFacts(
        name=name,
        rows=table.cells.num_rows,
        filled=int(pc.sum(counts).as_py() or 0),
        distinct=len(values),
        examples=tuple(value[:_EXAMPLE_LETTERS] for value in values.take(most).to_pylist()),
        numeric=numeric,
        whole=whole,
        dates=dates,
        splits=len(values) < _SOME and _are_splits(some),
        identifying=not dates and (whole or not numeric) and _are_ids(some),
        table=table,
    )


def _are_splits(values: Sequence[str]) -> bool:
    parts = list(map(split_of, values))
    return "train" in parts and len(set(parts)) > 1 and all(parts)


def _are_ids(values: Sequence[str]) -> bool:
    if not values or max(map(len, values)) > 64:
        return False
    mixed = sum(any(map(str.isdigit, value)) and any(map(str.isalpha, value)) for value in values)
    alike = len({len(value) for value in values}) == 1 and len(values[0]) >= 4
    return mixed >= 0.6 * len(values) or alike
