"""Which names are plain: known words, words of the class, and a small running number that is nobody's id.

Nobody can be recognised by `train/benign/image 17.png`. Whatever else a file is called may be a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

MOST_DIGITS, MOST_NUMBERS = 5, 2  # of a name, as they are written: more may be a date or the number of a record
SMALL_NUMBER = 999
LEAST_OF_AN_ID = 3  # digits in a row that make an id known within a longer number
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
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
_BETWEEN = re.compile(r"[\s_.,()+-]*")


class Plain:
    """Tells whether a text names nothing but an image of one source.

    Args:
        images: how many there are: a running number is no larger, or at most 999.
        patients: their ids; nothing that shares a word or a number with any of them is plain.
        numbers: whether there may be numbers at all; not where ids are yet to be read.
    """

    def __init__(self, images: int = 0, patients: Iterable[str] = (), *, numbers: bool = True) -> None:
        self._largest = max(SMALL_NUMBER, images) if numbers else -1
        self._ids = {mark for patient in patients for mark in marks(patient)}

    def __call__(self, text: str, label: str = "") -> bool:
        """Whether it does; the words of the label may stand in it."""
        tokens = _TOKEN.findall(text)
        numbers = [token for token in tokens if token.isdecimal()]
        if not tokens or len(numbers) > MOST_NUMBERS or sum(map(len, numbers)) > MOST_DIGITS:
            return False
        if any(int(number) > self._largest for number in numbers):
            return False
        if not all(_BETWEEN.fullmatch(between) for between in _TOKEN.split(text)):
            return False
        known = _words_of(label)
        words = (token.casefold() for token in tokens if not token.isdecimal())
        return all(word in VOCABULARY or word in known for word in words) and not self.names_somebody(text)

    def names_somebody(self, text: str) -> bool:
        """Whether a text shares a word or a number with the id of a patient."""
        return bool(self._ids) and any(mark in self._ids for mark in (*marks(text), *_within(text)))


def marks(text: str) -> set[str]:
    """By what a text is recognised: its words and numbers, each and all of them together; no zeros before a number."""
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    numbers = [token for token in tokens if token.isdecimal()]
    bare = {token.lstrip("0") or "0" if token.isdecimal() else token for token in tokens}
    return bare | {"".join(tokens), _bare("".join(numbers))} - {""}


def _bare(number: str) -> str:
    return number and (number.lstrip("0") or "0")


def _within(text: str) -> Iterator[str]:
    """Every number of a few digits that stands in the digits of a text."""
    digits = "".join(token for token in _TOKEN.findall(text) if token.isdecimal())[:50]
    for start in range(len(digits)):
        if digits[start] != "0":
            yield from (digits[start:end] for end in range(start + LEAST_OF_AN_ID, len(digits) + 1))


@lru_cache(maxsize=2000)
def _words_of(label: str) -> frozenset[str]:
    words = [token.casefold() for token in _TOKEN.findall(label) if not token.isdecimal()]
    return frozenset((*words, "".join(words)))
