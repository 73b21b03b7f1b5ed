"""Folders and limits; the only reader of the environment.

Every setting is a variable `LIGHTBOX_<NAME>`; all have a default that suits a laptop. Byte limits are written in
bytes. `settings_from(os.environ)` is what a process calls once at its start.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadSetting

MiB = 1024**2
GiB = 1024**3


class Settings(BaseModel):
    """Where this home lies and what it allows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default=Path("~/.lightbox"), description="the home folder: everything Lightbox keeps")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the home folder")
    access_key: str = Field(default="", description="the key that visitors from the network must bring")
    start_worker: bool = Field(default=True, description="whether the app starts a worker when none is alive")
    max_upload_bytes: int = Field(default=20 * GiB, ge=1, description="largest upload")
    max_unpacked_bytes: int = Field(default=50 * GiB, ge=1, description="largest archive when unpacked")
    max_files: int = Field(default=1_000_000, ge=1, description="most files in an archive")
    max_image_pixels: int = Field(default=100_000_000, ge=1, description="most pixels of one image")
    max_image_bytes: int = Field(default=512 * MiB, ge=1, description="largest image file")
    max_batch_bytes: int = Field(default=2 * GiB, ge=1, description="largest batch (full-batch descent)")
    import_roots: str = Field(default="", description="folders that may be imported from, separated as in PATH")
    network: bool = Field(default=True, description="whether public data sets may be fetched from the network")
    max_packs_bytes: int = Field(default=20 * GiB, ge=1, description="prepared pixels kept on disk")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'lightbox.db'}"

    @property
    def uploads_dir(self) -> Path:
        """Uploads on their way in; emptied once imported."""
        return self.home / "uploads"

    @property
    def salt_file(self) -> Path:
        """What patient ids are hashed with; readable by this user alone."""
        return self.home / "salt"

    def look_dir(self, dataset_id: str) -> Path:
        """What a look into a source found (names, tables); deleted once it is imported."""
        return self.home / "looks" / _plain(dataset_id)

    def export_file(self, dataset_id: str) -> Path:
        """The archive that a data set was exported to."""
        return self.home / "exports" / f"{_plain(dataset_id)}.zip"

    @property
    def packs_dir(self) -> Path:
        """Prepared pixels; a cache, may be deleted."""
        return self.home / "packs"

    def dataset_dir(self, dataset_id: str) -> Path:
        """The folder of one data set."""
        return self.home / "datasets" / _plain(dataset_id)

    def run_dir(self, run_id: str) -> Path:
        """The folder of one run."""
        return self.home / "runs" / _plain(run_id)

    def answer_dir(self, job_id: str) -> Path:
        """The folder of one question to the inference process (an image to predict)."""
        return self.home / "answers" / _plain(job_id)


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the variables `LIGHTBOX_*` ask for.

    Raises:
        BadSetting: a value that does not fit its variable, or a `LIGHTBOX_*` variable that does not exist.
    """
    prefix = "LIGHTBOX_"
    given = {name[len(prefix) :].lower(): value for name, value in environment.items() if name.startswith(prefix)}
    for foreign in ("real_data", "chromium"):  # for the tests alone
        given.pop(foreign, None)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = prefix + str(first["loc"][0]).upper()
        raise BadSetting(
            f"The environment variable {name} cannot be used: {first['msg'].lower()}. Received: {first['input']!r}.",
            "Correct or unset it; the README lists every variable.",
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach an address; a name other than `localhost` counts as the network."""
    host = (address or "").strip("[]").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(identifier: str) -> str:
    """An id as a folder's name; ids are our own letters and digits, so anything else is an attack or a bug."""
    if not identifier.replace("_", "").isalnum() or not identifier.isascii():
        raise BadSetting(
            f"{identifier!r} is not an id of this home.", "Follow a link from the list of runs or data sets."
        )
    return identifier
