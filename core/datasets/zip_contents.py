"""Tell apart what lies in a zip by name: images, other archives, files that are no image, files of the system.

A file of an unknown kind counts as an image until decoding shows that it is none: then it is listed with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from core.datasets.zip_checks import Member
from core.errors import BadArchive

_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "__macosx")
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".npz")
_TEXTS = ".txt .md .rst .csv .tsv .json .jsonl .xml .yaml .yml .toml .ini .log .html .htm .py .r .m .ipynb .sh .bat"
_DOCUMENTS = ".pdf .doc .docx .odt .xls .xlsx .ods .ppt .pptx"
_OTHERS = ".exe .dll .db .sqlite .npy .pkl .mat .h5 .pt .mp4 .avi"
_NOT_IMAGES = frozenset(f"{_TEXTS} {_DOCUMENTS} {_OTHERS}".split())
_NOT_IMAGES_BARE = ("readme", "license", "licence", "copying", "authors", "changelog", "notice", "makefile")


@dataclass(frozen=True)
class Contents:
    """The files of a zip by what they are, as far as their names tell."""

    images: list[Member]
    archives: list[Member]
    others: list[Member]


def contents_of(members: list[Member]) -> Contents:
    """Sort files into images (or what may be one), archives and others; files of the system are left out.

    Raises:
        BadArchive: no file may be an image.
    """
    files = Contents([], [], [])
    for member in members:
        path = PurePosixPath(member.name.casefold())
        if any(part.startswith(".") or part in _SYSTEM_FILES for part in path.parts):
            continue
        if path.suffix in _ARCHIVES and not path.name.endswith(".nii.gz"):  # a volume: decoding says so in words
            files.archives.append(member)
        elif path.suffix in _NOT_IMAGES or (not path.suffix and path.stem in _NOT_IMAGES_BARE):
            files.others.append(member)
        else:
            files.images.append(member)
    _require_images(files)
    return files


def _require_images(files: Contents) -> None:
    if not files.images and files.archives:
        raise BadArchive(
            f"The zip holds no images, only other archives such as {files.archives[0].name!r}.",
            "Unpack them first, and put the class folders themselves into one zip.",
        )
    if not files.images:
        raise BadArchive("The zip holds no images.", "Put one folder for each class into it, with the images inside.")
