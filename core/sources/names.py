"""Names of files, as text: made readable, their endings, and what their endings say of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

Sort: TypeAlias = Literal["image", "table", "archive", "other", "system"]

TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods")  # of the last two it is said how to save them
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "__macosx")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".npz")
_TEXTS = ".txt .md .rst .json .jsonl .xml .yaml .yml .toml .ini .log .html .htm .py .r .m .ipynb .sh .bat"
_DOCUMENTS = ".pdf .doc .docx .odt .ppt .pptx"
_OTHERS = ".exe .dll .db .sqlite .npy .pkl .mat .h5 .pt .mp4 .avi"
_NOT_IMAGES = frozenset(f"{_TEXTS} {_DOCUMENTS} {_OTHERS}".split())
_NOT_IMAGES_BARE = ("readme", "license", "licence", "copying", "authors", "changelog", "notice", "makefile")

_ENDING = re.compile(r"(?:\.nii\.gz|\.ome\.tiff?|\.(?=[0-9a-z]*[a-z])[0-9a-z]{1,5})$", re.IGNORECASE)
"""A dot and up to five letters or digits, a letter among them: "1.2.840.10008" has no ending, "a.b.jp2" has one."""


def readable(name: str) -> str:
    """A name with forward slashes, composed letters, and nothing invisible in it; still hostile text."""
    return visible(name.replace("\\", "/"))


def visible(text: str) -> str:
    """A text in composed letters with nothing invisible in it; still hostile text."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def sort_of(name: str) -> Sort:
    """What a file is, as far as its name tells; one of an unknown kind counts as an image until decoding shows it."""
    folded = name.casefold()
    parts = folded.split("/")
    if any((part.startswith(".") and part != ".") or part in _SYSTEM_FILES for part in parts):
        return "system"
    stem, dot, ending = parts[-1].rpartition(".")
    suffix = f".{ending}" if dot and stem else ""
    if suffix in TABLES:
        return "table"
    if suffix in _ARCHIVES and not folded.endswith(".nii.gz"):
        return "archive"
    return "other" if suffix in _NOT_IMAGES or (not suffix and parts[-1] in _NOT_IMAGES_BARE) else "image"


def without_ending(name: str) -> str:
    """A name without its ending; of a name that has none, or is nothing else, all of it."""
    found = _ENDING.search(name)
    if found is None or name[: found.start()].rpartition("/")[2] == "":
        return name
    return name[: found.start()]


def ending(name: str) -> str:
    """The ending of a name in small letters, with its dot; "" where it has none."""
    return name[len(without_ending(name)) :].casefold()


def base(name: str) -> str:
    """A name without its folders."""
    return name.rpartition("/")[2]


def _visible(letter: str) -> str:
    """Control characters and those that turn the direction of text become a question mark of their own."""
    turning = unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    hidden = turning or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
    return "\ufffd" if hidden else letter
