"""Read every file of a source: what it says is sorted, its pixels are kept without that, and facts are written down.

Files are taken from the source in one thread, and read in as many as there are cores. What a file says beside its
pixels (whose image it is, say) leaves this file as names of tags, as coded values and as a hash.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeAlias

from core.datasets.facts import Facts, Gathering, Origins, facts_of, tags_of
from core.datasets.parallel import ordered_map
from core.datasets.text_search import hint_of, is_looked_at
from core.errors import RefusedInput, TooLarge
from core.images import RISKY, Decoded, OpenFile, Readers, encode_png
from core.settings import Settings
from core.sources.deidentify import Names, hashed_patient, numbered, plain_names, plain_of
from core.sources.labels.written_alike import known_patient
from core.sources.originals import Arrivals, Originals, Stored
from core.sources.plain_names import Plain
from core.sources.progress import ShouldStop, Ticker
from core.sources.reader import MAX_CLASS_NAME, Deposit, Entry, Reader
from core.specs import Labelling, Told

FILE_NAME = "file name"
_AS_AN_ID = re.compile("[0-9]{3}")
_Job: TypeAlias = tuple[int, Entry, Deposit]


@dataclass
class Read:
    """What reading all files gave.

    Attributes:
        facts: of every image.
        files: of how many files there are images.
        refused: a sentence for each file that could not be read, or not to its end.
        unlabelled: names of the files in which the tag that should tell their class is missing.
        dropped: of each kind of tag that was not kept, in how many files.
        middle_only: how many files hold several images of which one came in.
    """

    facts: Gathering = field(default_factory=Gathering)
    refused: list[str] = field(default_factory=list)
    unlabelled: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    middle_only: int = 0
    files: int = 0


@dataclass
class _File:
    """What reading one file gave."""

    name: str
    label: str = ""
    facts: list[Facts] = field(default_factory=list)
    refused: str = ""
    dropped: set[str] = field(default_factory=set)
    planes: int = 1


class FileReader:
    """Reads the files of a source onto a shelf.

    Args:
        reader: the source.
        originals: where what is kept of each file goes.
        arrivals: where files are put until they are read.
        settings: the limits, and the salt of patients.
        labelling: how files are to be read, and what may be kept.
        should_stop: asked before each further image of a file; from any thread.
    """

    def __init__(
        self,
        reader: Reader,
        originals: Originals,
        arrivals: Arrivals,
        settings: Settings,
        labelling: Labelling,
        should_stop: ShouldStop,
    ) -> None:
        self._reader, self._originals, self._arrivals = reader, originals, arrivals
        self._settings, self._labelling = settings, labelling
        self._keeps = labelling.keep_names or reader.synthetic
        self._is_plain = plain_of(reader.entries, ids_in_files=bool(reader.patient_tag))
        self._plain = plain_names(reader.entries, self._is_plain, keep_names=self._keeps)
        chosen = [name for name in columns(labelling) if not self._is_plain.names_somebody(name)]
        kept = [*reader.classes, *chosen]
        self.names = Names(reader.entries, self._plain, self._is_plain, kept, keep=self._keeps)
        self._hashed: dict[str, str] = {}
        self._should_stop, self._stopped = should_stop, threading.Event()

    def read_all(self, ticker: Ticker) -> Read:
        """Every file in order; a bad one never stops the rest.

        Raises:
            BadArchive: the source itself breaks off.
            TooLarge: more images than files are allowed.
            Stopped: the ticker said so.
        """
        read = Read()
        deposits = self._reader.deposits(self._arrivals)
        jobs = zip(range(len(self._plain)), self._reader.entries, deposits, strict=True)
        with Readers() as readers, closing(ordered_map(lambda job: self._examine(job, readers), jobs)) as files:
            try:
                for file in files:
                    ticker.step()
                    _note(read, file)
                    self._require_few(read)
            except RefusedInput as error:  # of the source as a whole
                raise type(error)(self.names.text(error.what), self.names.text(error.remedy)) from None
            finally:
                self._stopped.set()  # for a thread in the middle of a volume
        return read

    def _examine(self, job: _Job, readers: Readers) -> _File:
        number, entry, deposit = job
        found = _File(self._plain[number])
        try:
            data = self._arrivals.take(deposit())
        except RefusedInput as error:
            found.refused = self.names.text(error.what)
            return found
        try:
            axis = self._labelling.slice_axis
            with readers.open(data, found.name, self._settings.max_image_pixels, axis) as file:
                self._read_file(number, entry, file, found)
        except RefusedInput as error:  # in words about the name that it was given
            found.refused = error.what.replace(repr(self._plain[number]), repr(found.name))
        return found

    def _read_file(self, number: int, entry: Entry, file: OpenFile, found: _File) -> None:
        told, several = file.told, file.planes > 1
        found.planes, found.dropped = file.planes, {*told.dropped}
        if not self._keeps and Plain(patients=[told.patient_id]).names_somebody(found.name):
            found.name = numbered(entry.name, entry.label, number + 1, self._is_plain)
        if found.name != entry.name:
            found.dropped.add(FILE_NAME)
        found.label = entry.label or _label(told, self._reader.label_tag)
        if not found.label:
            return
        origins = Origins(
            label=found.label,
            split=entry.split,
            patient=self._patient(entry, told),
            source_file=number,
            tags=tags_of(told.kept),
        )
        for plane in self._planes(file.planes):
            if several and (self._stopped.is_set() or plane > self._settings.max_files or self._should_stop()):
                break
            decoded = file.decode(plane)
            name = f"{found.name}, frame {plane + 1}" if several else found.name
            looks = not self._reader.synthetic and is_looked_at(number, len(self._plain), plane, file.planes)
            hint = hint_of(decoded) if looks else math.nan
            stored = self._keep(file, decoded)
            found.facts.append(facts_of(origins, name, plane, stored, decoded, hint))

    def _require_few(self, read: Read) -> None:
        if len(read.facts) > self._settings.max_files:
            raise TooLarge(
                f"The files hold more than {self._settings.max_files:,} images (pages, frames or slices).",
                "Take the middle image of each file, or raise the limit LIGHTBOX_MAX_FILES.",
            )

    def _planes(self, planes: int) -> Iterator[int]:
        if self._labelling.planes == "middle":
            yield planes // 2
        else:
            yield from range(planes)

    def _keep(self, file: OpenFile, decoded: Decoded) -> Stored:
        """The image on the shelf: of files that may be anything the stored pixels, of others the file without words."""
        if file.kind in RISKY:
            return self._originals.keep(encode_png(decoded.pixels))
        return self._originals.keep(file.reduced)

    def _patient(self, entry: Entry, told: Told) -> str:
        tag = self._reader.patient_tag
        by_tag = told.patient_id if tag == "PatientID" else told.labels.get(tag, "") if tag else ""
        patient = entry.patient or known_patient(by_tag)
        if self._labelling.keep_patient_ids:
            return patient.strip()
        if patient not in self._hashed:
            self._hashed[patient] = hashed_patient(patient, self._settings.salt_file)
        return self._hashed[patient]


def _note(read: Read, file: _File) -> None:
    read.facts.add(file.facts)
    read.files += bool(file.facts)
    read.dropped.update(file.dropped)
    if file.refused:
        read.refused.append(file.refused)
    elif not file.label:
        read.unlabelled.append(file.name)
    elif file.planes > len(file.facts):
        read.middle_only += 1


def _label(told: Told, tag: str) -> str:
    return told.labels.get(tag, "").strip()[:MAX_CLASS_NAME] if tag else ""


def columns(labelling: Labelling) -> list[str]:
    """What the user chose by name, and may read again; not with a number that may be an id, of a table without head."""
    origins = (labelling.label, labelling.split, labelling.patient)
    chosen = (*(origin.name for origin in origins), labelling.image_column, labelling.pattern)
    return [name for name in chosen if name and not _AS_AN_ID.search(name)]
