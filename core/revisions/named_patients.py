"""Read the patient off the names of the images, after the import."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from core.errors import BadSetting
from core.revisions.draft import Changed, Draft
from core.settings import Settings
from core.sources.deidentify import hashed_patient, numbered
from core.sources.labels.pattern import Pattern
from core.sources.labels.written_alike import as_one, known_patient
from core.sources.plain_names import Plain
from core.sources.reader import images_in_words
from core.specs import PatientsFromNames

if TYPE_CHECKING:
    import pandas as pd

PATIENT_NAME = "name of the file"
_PLANE = re.compile(r", [a-z]+ [0-9]+$")  # ", frame 3", which an import adds


def patients_from_names(draft: Draft, edit: PatientsFromNames, settings: Settings) -> Changed:
    """Give every image the patient, as a salted hash, that a pattern reads off its name; "" forgets them all.

    Raises:
        BadSetting: the pattern is none, has no place for a patient, or reads none off any name.
    """
    if not edit.pattern.strip():
        return _with(draft, [""] * len(draft.items), "", "Forgot which images belong to one patient.")
    pattern = Pattern(edit.pattern)
    if "patient" not in pattern.fields:
        raise BadSetting("The pattern has no place for the patient.", "Write {patient} where the name has it.")

    @cache
    def hashed(patient: str) -> str:
        return hashed_patient(patient, settings.salt_file)

    read = [pattern.read(_PLANE.sub("", name)) for name in draft.items["name"]]
    ids, _ = as_one([known_patient(captured.patient) if captured else "" for captured in read])
    found = [hashed(patient) if patient else "" for patient in ids]
    number = len({patient for patient in found if patient})
    if not number:
        raise BadSetting(
            "The pattern reads no patient off any name.",
            "Compare it with the names in the gallery; where Lightbox has numbered the images, import them again"
            " with the names kept or with the pattern.",
        )
    what = f"Read {number:,} {'patient' if number == 1 else 'patients'} off the names of the images"
    without = found.count("")
    what += f"; {images_in_words(without)} with a name that does not fit." if without else "."
    return _with(replace(draft, items=_unnamed(draft, {*ids} - {""})), found, PATIENT_NAME, what)


def _unnamed(draft: Draft, ids: set[str]) -> pd.DataFrame:
    """The table without names that share anything with the id of a patient, unless names are kept: they are numbers."""
    items = draft.items
    if draft.card.names_kept:
        return items
    plain = Plain(len(items), ids)

    def unnamed(name: str, label: str, number: int) -> str:
        base = _PLANE.sub("", name)
        return numbered(base, label, number + 1, plain) + name[len(base) :] if plain.names_somebody(base) else name

    labels = (draft.classes[index] for index in items["class_index"])
    return items.assign(name=list(map(unnamed, items["name"], labels, items["source_file"])))


def _with(draft: Draft, patients: list[str], name: str, what: str) -> Changed:
    card = draft.card.model_copy(update={"patient_name": name, "patients_hashed": True})
    return Changed(replace(draft, items=draft.items.assign(patient=patients), card=card), what, len(patients))
