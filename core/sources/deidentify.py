"""What is kept of names from outside: plain names of images stay, all others become numbers; patients become hashes.

A name is plain when it consists of words of an imaging vocabulary, words of its class and short numbers: nobody can be
recognised by `train/benign/image 00017.png`. Whatever else a file is called may be a person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath

from core.sources.reader import Entry
from core.sources.salt import salt
from core.specs import Finding

PATIENT_LETTERS = 10
MOST_DIGITS, MOST_NUMBERS = 5, 2  # more may be a date or the number of a record
NOT_KEPT = "[name not kept]"
_WORDS = """
    train training val valid validation test testing dataset data set split fold sample samples example
    image images img imgs im picture pictures photo pic scan scans slice slices frame frames plane planes page pages
    view views cell cells tile tiles patch patches crop crops roi mask series stack volume volumes channel file files
    readme license notes copy bad good new old raw original resized turned mirrored rotated flipped cropped float
    axial coronal sagittal lateral frontal left right anterior posterior
    xray ray ct mr mri us pet oct ultrasound histology cytology microscopy dermoscopy fundus
    row rows column columns label labels class classes group groups positive negative normal abnormal
    png jpg jpeg bmp tif tiff webp gif dcm dicom nii nifti npz zip csv tsv xlsx
"""
VOCABULARY = frozenset(_WORDS.split())
_ENDING = re.compile(
    r"\.(?:png|jpe?g|jpe|jfif|bmp|dib|(?:ome\.)?tiff?|webp|gif|dcm|dicom|ima|nii(?:\.gz)?|zip|csv|tsv|xlsx|txt|pdf|json)$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
_BETWEEN = re.compile(r"[\s_.,()+-]*")
_COUNT = re.compile(r"[0-9,]+ (?:images?|files?|rows?|times)")
_NUMBERED = re.compile(r"image [0-9]{5,}")
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?!\w)""", re.DOTALL)


def plain_names(entries: Sequence[Entry], keep_names: bool) -> list[str]:
    """The names under which the files of a source are kept, in their order; no two are the same.

    Args:
        entries: in natural order; the number of an image is its place.
        keep_names: keep all names as they are.
    """
    if keep_names:
        return [entry.name for entry in entries]
    names, used = [], set()
    for number, entry in enumerate(entries, 1):
        name = plain_name(entry.name, entry.label, number)
        if name in used:
            name = _numbered(entry.name, entry.label, number)
        used.add(name)
        names.append(name)
    return names


def plain_name(name: str, label: str, number: int) -> str:
    """A name if it is plain, else "image 00017"; folders that are neither plain nor the class are dropped.

    Args:
        name: inside the source, with forward slashes.
        label: the class; "" where it is not known.
        number: of the image, from 1.
    """
    stem = PurePosixPath(name).name
    stem = stem[: len(stem) - len(_ending(stem))]
    if not is_plain(stem, label) or _NUMBERED.fullmatch(stem):
        return _numbered(name, label, number)
    return "/".join([*_folders(name, label), stem + _ending(name)])


def is_plain(text: str, label: str = "") -> bool:
    """Whether a text names nothing but an image: known words, words of the class, at most two short numbers."""
    tokens = _TOKEN.findall(text)
    numbers = [token.lstrip("0") for token in tokens if token.isdigit()]
    if not tokens or len(numbers) > MOST_NUMBERS or any(len(number) > MOST_DIGITS for number in numbers):
        return False
    if not all(_BETWEEN.fullmatch(between) for between in _TOKEN.split(text)):
        return False
    known = VOCABULARY | _words_of(label)
    return all(token.isdigit() or token.casefold() in known for token in tokens)


def _words_of(label: str) -> set[str]:
    words = [token.casefold() for token in _TOKEN.findall(label) if not token.isdigit()]
    return {*words, "".join(words)}


def _numbered(name: str, label: str, number: int) -> str:
    return "/".join([*_folders(name, label), f"image {number:05d}{_ending(name)}"])


def _folders(name: str, label: str) -> list[str]:
    return [part for part in PurePosixPath(name).parts[:-1] if part == label or is_plain(part, label)]


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
        plain: the names under which they are kept, in the same order.
        kept: other texts that may be told (classes, columns).
        keep: let everything pass.
    """

    def __init__(self, entries: Sequence[Entry], plain: Sequence[str], kept: Iterable[str], keep: bool) -> None:
        self._keep = keep
        self._plain: dict[str, str] = {}
        for entry, name in zip(entries, plain, strict=True):
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
        if name in self._plain:
            return self._plain[name]
        without = name[: len(name) - len(_ending(name))]
        parts = PurePosixPath(without).parts
        known = self._is_kept(name) or (parts and all(self._is_kept(part) for part in parts))
        return name if known else NOT_KEPT + _ending(name)

    def _is_kept(self, text: str) -> bool:
        return text in self._kept or is_plain(text) or bool(_COUNT.fullmatch(text))


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
        known = inner in kept or (parts and all(part in kept or is_plain(part) for part in parts))
        return quoted if known else NOT_KEPT

    return _QUOTED.sub(told, text)


def _unquoted(quoted: str) -> str:
    """What `repr` made this of, for texts of one line; close enough for the others, which are not kept anyway."""
    return re.sub(r"\\(['\"\\])", r"\1", quoted[1:-1])
