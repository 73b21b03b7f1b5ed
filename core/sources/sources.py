"""Open whatever images come from, told apart by what it is: a folder, a zip, an NPZ."""

from __future__ import annotations

from pathlib import Path

from core.errors import DataGone
from core.settings import Settings
from core.sources.class_names import kept_names
from core.sources.folder_source import FolderSource
from core.sources.image_reader import ImageReader
from core.sources.joined_source import JoinedSource, parts_of
from core.sources.npz_reader import NpzReader, is_npz
from core.sources.reader import Reader
from core.sources.server_paths import is_bounded, is_file_at
from core.sources.source import Source, SourceFile
from core.sources.zip_checks import open_archive
from core.sources.zip_source import ZipSource
from core.specs import Labelling

__all__ = ["Source", "SourceFile", "open_reader", "open_source"]


def open_source(path: Path, settings: Settings) -> Source:
    """Open a zip, an NPZ, a folder, or a folder of zips that hold a set in parts; nothing is unpacked.

    Args:
        path: a file or a folder; left as it is.
        settings: the limits.

    Raises:
        DataGone: there is nothing at this path.
        BadArchive: it is none of these, empty, damaged, or would do harm.
        TooLarge: it holds more files or more bytes than the settings allow.
    """
    if path.is_dir():
        folder = FolderSource(path, settings)
        return JoinedSource(folder, settings) if parts_of(folder) else folder
    if not path.is_file():
        raise DataGone("The file to import is not on the server any more.", "Upload it again.")
    archive = open_archive(path, settings)
    try:
        if is_bounded(path, settings) and not is_file_at(archive.fp.fileno() if archive.fp else -1, path):
            raise DataGone("The file to import has become a link.", "Choose the file itself.")
        return ZipSource(archive, settings, "npz" if is_npz(archive) else "zip")
    except BaseException:
        archive.close()
        raise


def open_reader(path: Path, settings: Settings, labelling: Labelling = Labelling()) -> Reader:  # noqa: B008 - frozen
    """Open a source as images with their labels; an NPZ brings its own, whatever the labelling says.

    Raises:
        DataGone, BadArchive, TooLarge: see `open_source`.
        BadDataset, NotHandledYet: the images cannot be labelled so; see `ImageReader` and `NpzReader`.
    """
    source = open_source(path, settings)
    try:
        if isinstance(source, ZipSource) and source.kind == "npz":
            reader = NpzReader(source.archive, settings, kept_names(path, settings))
            reader.source_digest = source.fingerprint()
            return reader
        return ImageReader(source, labelling, settings)
    except BaseException:
        source.close()
        raise
