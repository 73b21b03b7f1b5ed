"""Where uploads lie: one file, or a basket of several; under our own names, as a file's name may be a patient's."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from core.actions.home import Home
from core.errors import NotFound
from core.files import write_file

BASKET_NAMES = ".lightbox-names.json"
"""In a basket: what the visitor calls each of its files."""

_ENDING = re.compile(
    r"\.(zip|npz|png|jpe?g|bmp|webp|gif|(ome\.)?tiff?|dcm|dicom|ima|nii|nii\.gz|csv|tsv|txt|xlsx?)$", re.IGNORECASE
)


def new_upload_path(home: Home, filename: str) -> Path:
    """A free path below the uploads folder for a file that a visitor calls `filename` (hostile text).

    Only its ending is kept.
    """
    return _uploads(home) / f"{secrets.token_hex(12)}{ending_of(filename)}"


def uploaded_path(home: Home, upload: str) -> Path:
    """The path of an upload by the name that its route gave.

    Raises:
        NotFound: no such upload in this home.
    """
    path = home.settings.uploads_dir / upload
    if not upload or Path(upload).name != upload or not path.exists():
        raise NotFound("This upload is not on the server any more.", "Upload the file again.")
    return path


def new_basket(home: Home) -> Path:
    """An empty folder below the uploads for several files that belong together."""
    basket = _uploads(home) / f"{secrets.token_hex(12)}.basket"
    basket.mkdir(mode=0o700)
    return basket


def name_basket(basket: Path, names: Mapping[str, str]) -> None:
    """Write into a basket what its files are really called, folders included (hostile text)."""
    write_file(basket / BASKET_NAMES, json.dumps(dict(names)))


def ending_of(filename: str) -> str:
    """The ending of a file's name in small letters where Lightbox knows it, else nothing: `.png`, `.nii.gz`."""
    found = _ENDING.search(PurePosixPath(filename.replace("\\", "/")).name)
    return found.group().lower() if found else ""


def _uploads(home: Home) -> Path:
    home.settings.uploads_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home.settings.uploads_dir
