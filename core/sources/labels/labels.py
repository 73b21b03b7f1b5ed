"""Read class, split and patient of every image off the places that a labelling names: folders, a table, a pattern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.errors import BadDataset, BadSetting
from core.sources.labels.folders import Place, nested_places, places
from core.sources.labels.pattern import Captured, Pattern
from core.sources.labels.split_words import split_of
from core.sources.labels.table_labels import from_table
from core.sources.labels.tables import Table
from core.sources.labels.written_alike import as_one, known_patient
from core.sources.names import visible
from core.sources.reader import images_in_words
from core.sources.wording import folded
from core.specs import Finding, Labelling, OriginKind, Severity, Split

_Role: TypeAlias = Literal["label", "split", "patient"]


@dataclass(frozen=True)
class Labels:
    """Class, split ("train", "val", "test") and patient of each image in order; "" where nothing says.

    `left_out` are images that have a class and no split where others have one: nobody knows whether they may be
    learned from. `findings` say what in the table or the names could not be used.
    """

    label: list[str]
    split: list[str]
    patient: list[str]
    findings: list[Finding] = field(default_factory=list)
    left_out: frozenset[int] = frozenset()


def read_labels(names: Sequence[str], labelling: Labelling, table: Table | None = None) -> Labels:
    """What a labelling says of images.

    Args:
        names: of the images inside their source.
        labelling: where to look.
        table: the one that the labelling names; None where nothing is a column.

    Raises:
        BadDataset: the table is not there, or has no such column.
        BadSetting: the pattern cannot be read, or has no place for what is asked of it.
    """
    return _Reading(names, labelling, table).labels()


class _Reading:
    """One reading; folders, table and pattern are looked at once each, for whatever they say."""

    def __init__(self, names: Sequence[str], labelling: Labelling, table: Table | None) -> None:
        self._names, self._labelling, self._table = names, labelling, table
        self._findings: list[Finding] = []
        self._words: list[str] = []  # of the split, as they are written
        self._folders: list[Place] = self._places() if self._asked(OriginKind.FOLDER) else []
        self._captured: list[Captured] = self._captures() if self._asked(OriginKind.PATTERN) else []
        self._columns: dict[str, list[str]] = self._cells() if self._asked(OriginKind.COLUMN) else {}

    def labels(self) -> Labels:
        """All that is said."""
        label, patient = self._read("label"), self._patients()
        split = self._read("split")
        if self._labelling.split.kind in (OriginKind.COLUMN, OriginKind.PATTERN):
            self._words, split = split, self._given(split)
        left_out = self._without_split(label, split)
        if self._labelling.patient.kind not in (OriginKind.NONE, OriginKind.TAG):
            self._tell_lone(label, patient, left_out)
        return Labels([visible(name) for name in label], split, patient, self._findings, left_out)

    def _asked(self, kind: OriginKind) -> list[_Role]:
        return [role for role in _ROLES if getattr(self._labelling, role).kind is kind]

    def _read(self, role: _Role) -> list[str]:
        origin = getattr(self._labelling, role)
        if origin.kind is OriginKind.FOLDER:
            return [getattr(place, _IN_PLACE[role]) for place in self._folders]
        if origin.kind is OriginKind.PATTERN:
            return [getattr(captured, role) for captured in self._captured]
        if origin.kind is OriginKind.COLUMN:
            return self._columns[origin.name]
        if origin.kind is OriginKind.TAG and role == "split":
            raise BadSetting("A DICOM tag cannot be the split.", "Take the split from folders, a column or the name.")
        return [""] * len(self._names)

    def _patients(self) -> list[str]:
        """Patients; those whose ids differ in nothing but how they are written count as one, and that is told.

        To divide a patient between training and test is worse than to take two for one.
        """
        read = self._read("patient")
        known = {patient: known_patient(patient) for patient in set(read)}
        patients, count = as_one([known[patient] for patient in read])
        if count:
            what = (
                f"{count:,} patient{' is' if count == 1 else 's are'} written in several ways, which differ in nothing"
            )
            what += " but capitals, spaces or the zeros of numbers; each was taken as one, so that none is divided."
            remedy = "If they are different patients, give them ids that differ in more, and import again."
            self._findings.append(folded(Severity.WARNING, "similar_patients", (), what, remedy))
        return patients

    def _places(self) -> list[Place]:
        """Where label and patient are folders both, the class is the outer one; else the innermost is what is asked."""
        asked = self._asked(OriginKind.FOLDER)
        if {"label", "patient"} <= set(asked):
            return nested_places(self._names)
        found = places(self._names)
        if "patient" in asked:
            return [Place(place.class_name, place.split, place.class_name) for place in found]
        return found

    def _captures(self) -> list[Captured]:
        pattern = Pattern(self._labelling.pattern)
        lacking = next((role for role in self._asked(OriginKind.PATTERN) if role not in pattern.fields), None)
        if lacking:
            raise BadSetting(
                f"The pattern has no place for the {lacking}.", f"Write {{{lacking}}} where the name has it."
            )
        return [pattern.read(name) or Captured() for name in self._names]

    def _cells(self) -> dict[str, list[str]]:
        if self._table is None:
            raise BadDataset("The table with the labels is not there.", "Choose a table that lies beside the images.")
        asked = self._asked(OriginKind.COLUMN)
        chosen = [getattr(self._labelling, role).name for role in asked]
        columns, findings = from_table(
            self._names, self._table, self._labelling.image_column, chosen, labels="label" in asked
        )
        self._findings += [*self._table.findings, *findings]
        return columns

    def _given(self, words: list[str]) -> list[str]:
        """The splits that words stand for; none where they do not make a split."""
        known = {word: split_of(word) for word in set(words)}
        strange = Counter(word for word in words if word and not known[word])
        parts = set(known.values()) - {""}
        made = Split.TRAIN.value in parts and len(parts) > 1
        if strange:
            told = {word: count for word, count in strange.items() if not any(map(str.isdigit, word))}  # others are ids
            where = [f"{word}: {count:,}" for word, count in Counter(told).most_common(20)]
            what = f"{images_in_words(strange.total())} with a split that is none of train, val and test"
            what += ": left out." if made else "; so one will be drawn for all images, these too."
            remedy = "Write train, val or test for them and import again, or let Lightbox draw the split of all images."
            self._findings.append(folded(Severity.WARNING, "unknown_split", where, what, remedy))
        if made:
            return [known[word] for word in words]
        if parts or not strange:
            what = "What was chosen as the split does not name training images and others, so a split will be drawn."
            remedy = "Choose another column if the data bring a split."
            self._findings.append(folded(Severity.NOTE, "no_given_split", (), what, remedy))
        return [""] * len(words)

    def _without_split(self, label: Sequence[str], split: Sequence[str]) -> frozenset[int]:
        """Images with a class and without a split, where others have one; those that say nothing at all are told."""
        if not any(split):
            return frozenset()
        by_tag = self._labelling.label.kind is OriginKind.TAG
        without = [at for at, (of, part) in enumerate(zip(label, split, strict=True)) if (of or by_tag) and not part]
        strange = {at for at in without if self._words and self._words[at]}
        silent = [self._names[at] for at in without if at not in strange]
        if silent:
            what = f"{images_in_words(len(silent))} left out: without a split, while others have one."
            remedy = "Say for them too whether they are for training, and import again, or let Lightbox draw the split."
            self._findings.append(folded(Severity.WARNING, "no_split", silent, what, remedy))
        return frozenset(without)

    def _tell_lone(self, label: Sequence[str], patient: Sequence[str], left_out: frozenset[int]) -> None:
        by_tag = self._labelling.label.kind is OriginKind.TAG
        each = enumerate(zip(self._names, label, patient, strict=True))
        lone = [name for at, (name, of, who) in each if (of or by_tag) and not who and at not in left_out]
        if lone:
            what = f"{images_in_words(len(lone))} without a patient; each counts as one of its own."
            remedy = "If they belong together, complete what says whose they are, and import again."
            self._findings.append(folded(Severity.WARNING, "no_patient", lone, what, remedy))


_ROLES: tuple[_Role, ...] = ("label", "split", "patient")
_IN_PLACE = {"label": "class_name", "split": "split", "patient": "patient"}
