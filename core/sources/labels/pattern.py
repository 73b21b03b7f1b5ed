"""A pattern on file names: `{patient}_*_{label}` reads the patient and the class off "p17_left_2_ap.png".

`{label}`, `{patient}` and `{split}` stand for something, `#` for a number, `*` for anything or nothing, as little as
possible. A field never holds what follows it in the pattern, nor a sign that comes before it: `{patient}_*` reads
"p17" off "p17_left_2", `*_{label}` reads "2", and `{label}_#` reads "p17_left". Capitals do not matter. The name is
read without its folders and its ending; a pattern with slashes is read against as many folders as it has, from the
innermost outwards.

A pattern is translated to a regular expression whose parts never give back what they took, so that no name, however
it is made, takes more than the square of its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from core.errors import BadSetting
from core.sources.names import base, without_ending

FIELDS = ("label", "patient", "split")
_MOST_LETTERS = 300
_LONGEST_NAME = 1000
_ANYTHING = "[^/]*?"
_PARTS = re.compile(r"\{(\w*)\}|(\*)|(#)|([^{}*#]+)|(.)", re.DOTALL)
_ENDINGS = re.compile(r"\.(?:\*|png|jpe?g|bmp|webp|gif|tiff?|dcm|nii|nii\.gz|ome\.tiff?)$", re.IGNORECASE)


class Captured(NamedTuple):
    """What a pattern read off a name; "" for what it has no place for."""

    label: str = ""
    patient: str = ""
    split: str = ""


@dataclass(frozen=True)
class _Part:
    """`kind` is a field's name, "*", "#", or "text"."""

    kind: str
    text: str = ""


class Pattern:
    """A checked pattern.

    Args:
        text: as the user wrote it.

    Raises:
        BadSetting: it has no field, one twice, one that does not exist, or nothing between two of them.
    """

    def __init__(self, text: str) -> None:
        written = _ENDINGS.sub("", text.strip().replace("\\", "/")).lstrip("/")
        parts = _parts(written)
        _check(parts)
        self.fields = tuple(part.kind for part in parts if part.kind in FIELDS)
        self._slashes = written.count("/")
        self._expression = re.compile(_expression(parts), re.IGNORECASE | re.DOTALL)

    def read(self, name: str) -> Captured | None:
        """What it reads off a name; None where the name does not fit it."""
        found = self._expression.fullmatch(self._relevant(name))
        return None if found is None else Captured(**{field: found[field].strip() for field in self.fields})

    def _relevant(self, name: str) -> str:
        plain = without_ending(name)[-_LONGEST_NAME:]
        return "/".join(plain.split("/")[-1 - self._slashes :]) if self._slashes else base(plain)


def _parts(text: str) -> list[_Part]:
    if len(text) > _MOST_LETTERS:
        raise BadSetting(f"The pattern has {len(text):,} letters.", f"Use at most {_MOST_LETTERS}.")
    parts = []
    for field, star, number, plain, other in _PARTS.findall(text):
        if other or (not star and not number and not plain and field not in FIELDS):
            strange = other or f"{{{field}}}"
            raise BadSetting(
                f"The pattern holds {strange!r}, which is no place that it knows.",
                "Use {label}, {patient} or {split}, * for anything and # for a number.",
            )
        parts.append(_Part(field or star or number or "text", plain))
    return parts


def _check(parts: Sequence[_Part]) -> None:
    fields = [part.kind for part in parts if part.kind in FIELDS]
    if not fields:
        raise BadSetting("The pattern reads nothing.", "Write {label} or {patient} where the name has it.")
    twice = next((field for field in fields if fields.count(field) > 1), "")
    if twice:
        raise BadSetting(f"The pattern has {{{twice}}} twice.", "Keep one of them and write * for the other.")
    for left, right in pairwise(parts):
        if left.kind == right.kind or (_open(left) and _open(right)):
            raise BadSetting(
                f"Nothing stands between {_shown(left)} and {_shown(right)} in the pattern.",
                "Write between them what stands there in the names, such as _ or -.",
            )


def _open(part: _Part) -> bool:
    return part.kind in FIELDS or part.kind == "*"


def _shown(part: _Part) -> str:
    return f"{{{part.kind}}}" if part.kind in FIELDS else part.kind


def _expression(parts: Sequence[_Part]) -> str:
    """Every stretch between two stars is found where it first fits, and left alone from then on."""
    stretches: list[list[str]] = [[]]
    for at, part in enumerate(parts):
        if part.kind == "*":
            stretches.append([])
        else:
            stretches[-1].append(_one(part, parts[:at], parts[at + 1 :]))
    first, *others = ["".join(stretch) for stretch in stretches]
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>{_ANYTHING}{stretch})" for stretch in middle) + _ANYTHING + last


def _one(part: _Part, before: Sequence[_Part], after: Sequence[_Part]) -> str:
    if part.kind == "text":
        return re.escape(part.text)
    if part.kind == "#":
        return "[0-9]++"
    following = [re.escape(other.text) if other.kind == "text" else "[0-9]+" for other in after[:2] if not _open(other)]
    if following and _open(after[0]):
        following = []
    ahead = f"(?!{''.join(following)})" if following else ""
    behind = before[-1].text[-1] if before and before[-1].kind == "text" else ""
    other_than = "" if behind.isalnum() else re.escape(behind)
    return f"(?P<{part.kind}>(?:{ahead}[^/{other_than}])++)"
