"""One thing written in several ways: "7", "007" and "7.0", or "P7" and "p 7"; and patients of whom nothing is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"([+-]?)0*([0-9]+)(?:\.([0-9]+)|,([0-9]{1,2}))?")  # of "1,000" nobody knows what it is
_NOBODY_IS = (
    "unknown unk none na n/a nan nil null missing anonymous anonym anon anonymised anonymized anonymisiert"
    " unbekannt keine desconocido inconnu notknown notavailable notgiven unspecified"
)
_NOBODY = frozenset(_NOBODY_IS.split())


def form(text: str) -> str:
    """What is left of a text without capitals and spaces; of a number, without zeros that say nothing."""
    folded = "".join(text.casefold().split())
    number = _NUMBER.fullmatch(folded) if folded.isascii() else None
    if number is None:
        return folded
    sign, whole, point, comma = number.groups()
    fraction = (point or comma or "").rstrip("0")
    return f"{'-' if sign == '-' and (whole != '0' or fraction) else ''}{whole}{'.' * bool(fraction)}{fraction}"


def known_patient(patient: str) -> str:
    """A patient's id; "" where it says that the patient is not known ("unknown", "n/a", "?")."""
    said = "".join(patient.casefold().split())
    return "" if said in _NOBODY or not any(map(str.isalnum, said)) else patient


def in_several_ways(texts: Iterable[str]) -> list[list[str]]:
    """Different texts of one form, together."""
    groups: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        groups.setdefault(form(text), []).append(text)
    return [group for group in groups.values() if len(group) > 1]


def as_one(texts: Sequence[str]) -> tuple[list[str], int]:
    """Texts of one form all written as the most frequent of them; and how many of them were written in several ways."""
    counts = Counter(texts)
    groups = in_several_ways(counts)
    instead = {text: max(group, key=counts.__getitem__) for group in groups for text in group}
    return [instead.get(text, text) for text in texts], len(groups)
