"""Words in the names of columns and folders that tell what is in them, in a few languages."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


IMAGE = _set("image img file filename path bild datei imagen fichier picture scan slice dicom sop isic")
CLASS = _set(
    "label labels class classes klasse klassen diagnosis diagnose diagnostic diagnoses dx befund target category"
    " kategorie finding findings pathology disease krankheit entity malignant malignancy etiqueta clase classe"
)
CLASS_TOO = _set(
    "projection view type typ group gruppe stage grade severity result outcome status species organ tissue gewebe"
    " tumor tumour"
)
NOT_CLASS = _set(
    "sex gender geschlecht age alter site hospital scanner device modality manufacturer laterality side eye date time"
    " datum split fold subset race ethnicity height weight size offset val value wert source center centre version"
    " comment quality width id number nummer index"
)
PATIENT = _set(
    "patient patienten subject subjekt proband probanden person pid mrn case fall participant donor lesion animal"
    " individual sujet paciente"
)
GROUP = _set("slide wsi study exam examination series specimen block")
ID = _set("id number nummer index")
GENERIC = _set("image images img imgs data dataset part batch folder set scans files export dicom all new")
GRADED = CLASS | CLASS_TOO | _set("level score birads rads gleason kl phase category")
_TOGETHER = PATIENT | GROUP | ID | _set("site hospital center centre source study code key name hash who")
_BETWEEN = re.compile(r"(?<=[a-z])(?=[A-Z])|[ _.-]+")


def is_patient(name: str) -> bool:
    """Whether the name of a column is made of nothing but words for what keeps images together: "Patient_ID"."""
    found = [word.casefold() for word in _BETWEEN.split(name) if word]
    return bool(found) and all(word in _TOGETHER or word.removesuffix("id") in _TOGETHER for word in found)
