"""What is kept of names from outside: plain names of images stay, all others become numbers; patients become hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath

from core.sources.plain_names import Plain
from core.sources.reader import Entry
from core.sources.salt import salt
from core.specs import Finding

PATIENT_LETTERS = 10
NOT_KEPT = "[name not kept]"
_OF_WORDS = Plain(numbers=False)
_ENDING = re.compile(
    r"\.(?:png|jpe?g|jpe|jfif|bmp|dib|(?:ome\.)?tiff?|webp|gif|dcm|dicom|ima|nii(?:\.gz)?|zip|csv|tsv|xlsx|txt|pdf|json)$",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]")
_COUNT = re.compile(r"[0-9,]+ (?:images?|files?|rows?|times)")
_ROWS = re.compile(r"(?:row|rows|line) [0-9, ]+")
_NUMBERED = re.compile(r"image [0-9]{5,}")
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?!\w)""", re.DOTALL)


def plain_of(entries: Sequence[Entry], *, ids_in_files: bool = False) -> Plain:
    """What is plain in a source.

    Args:
        entries: all of it.
        ids_in_files: whether only the files themselves say whose they are: then no number can be told from an id.
    """
    return Plain(len(entries), {entry.patient for entry in entries}, numbers=not ids_in_files)


def plain_names(entries: Sequence[Entry], plain: Plain, *, keep_names: bool = False) -> list[str]:
    """The names under which the files of a source are kept, in their order; no two are the same.

    Args:
        entries: in natural order; the number of an image is its place.
        plain: what is plain in this source.
        keep_names: keep all names as they are.
    """
    if keep_names:
        return [entry.name for entry in entries]
    names, used = [], set()
    for number, entry in enumerate(entries, 1):
        name = plain_name(entry.name, entry.label, number, plain)
        if name in used:
            name = numbered(entry.name, entry.label, number, plain)
        used.add(name)
        names.append(name)
    return names


def plain_name(name: str, label: str, number: int, plain: Plain) -> str:
    """A name if it is plain, else "image 00017"; folders that are neither plain nor the class are dropped.

    Args:
        name: inside the source, with forward slashes.
        label: the class; "" where it is not known.
        number: of the image, from 1.
        plain: what is plain in its source.
    """
    stem = PurePosixPath(name).name
    stem = stem[: len(stem) - len(_ending(stem))]
    if not plain(stem, label) or _NUMBERED.fullmatch(stem):
        return numbered(name, label, number, plain)
    return "/".join([*_folders(name, label, plain), stem + _ending(name)])


def numbered(name: str, label: str, number: int, plain: Plain) -> str:
    """The name of an image that tells no more than its number, its class and its kind; as `plain_name` otherwise."""
    return "/".join([*_folders(name, label, plain), f"image {number:05d}{_ending(name)}"])


def _folders(name: str, label: str, plain: Plain) -> list[str]:
    """The class, and what is plain without a number: a folder with one may be that of a patient."""
    folders = PurePosixPath(name).parts[:-1]
    return [part for part in folders if part == label or (plain(part, label) and not _DIGIT.search(part))]


def _ending(name: str) -> str:
    """The ending of a name as it is written, if it is that of a known kind of file."""
    found = _ENDING.search(name)
    return found.group() if found else ""


def hashed_patient(patient: str, salt_file: Path) -> str:
    """A patient's id as this home keeps it: the same id gives the same, and nobody without the salt can tell which.

    Args:
        patient: as the source has it; "" stays "".
        salt_file: `Settings.salt_file`, made if need be.

    Returns:
        "p" and ten letters or digits: HMAC-SHA256, the first 50 bits in base32.
    """
    if not patient.strip():
        return ""
    digest = hmac.new(salt(salt_file), patient.strip().encode(), hashlib.sha256).digest()
    return "p" + base64.b32encode(digest).decode().lower()[:PATIENT_LETTERS]


class Names:
    """Takes names from outside out of what is told about a source.

    Args:
        entries: its files.
        names: those under which they are kept, in the same order.
        plain: what is plain in this source.
        kept: other texts that may be told (classes, columns).
        keep: let everything pass.
    """

    def __init__(
        self, entries: Sequence[Entry], names: Sequence[str], plain: Plain, kept: Iterable[str], *, keep: bool
    ) -> None:
        self._keep, self._is_plain = keep, plain
        self._plain: dict[str, str] = {}
        for entry, name in zip(entries, names, strict=True):
            self._plain.setdefault(entry.name, name)  # of several files of one name the first
        self._kept = set(kept)

    def finding(self, finding: Finding) -> Finding:
        """The same finding without names that are not kept."""
        if self._keep:
            return finding
        places = Counter(self._place(place) for place in finding.where)
        where = tuple(place if count == 1 else f"{place} ({count:,})" for place, count in places.items())
        told = {"where": where, "what": self.text(finding.what), "remedy": self.text(finding.remedy)}
        return finding.model_copy(update=told)

    def text(self, text: str) -> str:
        """A sentence, in which every quoted name is replaced by the one that is kept."""
        return text if self._keep else without_names(text, self._kept, self._plain)

    def _place(self, place: str) -> str:
        """A name, or a name with a note ("a/1.png: benign, malignant")."""
        name, colon, note = place.partition(": ")
        if place in self._plain or not colon:
            return self._one(place)
        notes = ", ".join(part if self._is_kept(part) else NOT_KEPT for part in note.split(", "))
        return f"{self._one(name)}: {notes}"

    def _one(self, name: str) -> str:
        """A name; that of a file which was not read may hold a running number as well."""
        if name in self._plain:
            return self._plain[name]
        folders, _, file = name.rpartition("/")
        stem = file[: len(file) - len(_ending(file))]
        known = all(map(self._is_kept, folders.split("/"))) if folders else True
        if self._is_kept(name) or (known and (self._is_kept(stem) or (stem != file and self._is_plain(stem)))):
            return name
        return NOT_KEPT + _ending(name)

    def _is_kept(self, text: str) -> bool:
        """A text that is allowed, one of ours, or one of plain words; a number by itself may be an id."""
        ours = _COUNT.fullmatch(text) or _ROWS.fullmatch(text)
        return text in self._kept or bool(ours) or (_OF_WORDS(text) and not self._is_plain.names_somebody(text))


def without_names(text: str, kept: Collection[str] = (), plain: dict[str, str] | None = None) -> str:
    """A sentence of ours without the names from outside that it quotes (as `repr` writes them).

    Args:
        text: the sentence.
        kept: what may be told.
        plain: names from outside and what they are called instead.
    """

    def told(found: re.Match[str]) -> str:
        quoted = found.group()
        inner = _unquoted(quoted)
        if plain and inner in plain:
            return repr(plain[inner])
        parts = PurePosixPath(inner).parts
        known = inner in kept or (parts and all(part in kept or _OF_WORDS(part) for part in parts))
        return quoted if known else NOT_KEPT

    return _QUOTED.sub(told, text)


def _unquoted(quoted: str) -> str:
    """What `repr` made this of, for texts of one line; close enough for the others, which are not kept anyway."""
    return re.sub(r"\\(['\"\\])", r"\1", quoted[1:-1])
