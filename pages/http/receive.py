"""An upload on its way to the disk, chunk by chunk: memory stays flat, and nothing half-arrived stays behind."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core import actions
from core.errors import BadSetting, DiskFull, RefusedInput, TooLarge
from pages.http import place, uploads
from pages.http.uploads import Basket

CHUNK_BYTES = 1024**2
SPARE_BYTES = 512 * 1024**2
_FULL = ("The disk that holds the home folder is full.", "Make room on it, or choose another LIGHTBOX_HOME.")


async def receive_file(request: Request) -> Response:
    """Stream the body of a POST to a file below the uploads folder; the page reads where it lies from its token.

    Under the permission for a basket one file after the other comes into it, each under a name of our own; `done=1`
    closes it, `cancel=1` empties it.

    Raises:
        AccessDenied: the token is not open.
        TooLarge, DiskFull, RefusedInput: the file is too large, does not fit, or did not arrive whole.
    """
    name = request.query_params.get("name", "") or "upload"
    with uploads.using(request.query_params.get("token", "")) as permission:
        if permission.basket is not None:
            permission.upload = await _into_basket(permission.basket, name, request)
            return JSONResponse({"files": len(permission.basket.names)})
        _refuse_empty(_check_announced(request))
        path = actions.new_upload_path(place.home(), name)
        await _stream_to(path, request)
        permission.upload = uploads.Upload(path, name)
    return JSONResponse({"upload": path.name})


async def _into_basket(basket: Basket, name: str, request: Request) -> uploads.Upload | None:
    """Take one file in, or empty the basket, or close it: then it is the upload that has arrived."""
    if request.query_params.get("cancel"):
        await asyncio.to_thread(_empty, basket)
        return None
    if request.query_params.get("done"):
        return _closed(basket)
    _check_basket(basket, _check_announced(request))
    if basket.path is None:
        basket.path = actions.new_basket(place.home())
    safe = f"{len(basket.names) + 1:06}{actions.ending_of(name)}"
    await _stream_to(basket.path / safe, request)
    basket.names[safe] = name
    basket.bytes += (basket.path / safe).stat().st_size
    return None


def _closed(basket: Basket) -> uploads.Upload:
    if basket.path is None:
        raise RefusedInput("No file has arrived.", "Choose files with images in them.")
    actions.name_basket(basket.path, basket.names)
    return uploads.Upload(basket.path, "")


def _empty(basket: Basket) -> None:
    if basket.path is not None:
        shutil.rmtree(basket.path, ignore_errors=True)
    basket.path, basket.names, basket.bytes = None, {}, 0


def _check_basket(basket: Basket, announced: int) -> None:
    settings = place.home().settings
    _check_size(basket.bytes + announced, settings.max_upload_bytes)
    if len(basket.names) >= settings.max_files:
        raise TooLarge(
            f"These are more than the limit of {settings.max_files:,} files.",
            "Upload fewer at a time, or raise LIGHTBOX_MAX_FILES.",
        )


def _check_announced(request: Request) -> int:
    announced = request.headers.get("content-length", "")
    if not announced.isdigit():
        raise BadSetting("The upload does not say how long it is.", "Send it with a Content-Length.")
    settings = place.home().settings
    _check_size(int(announced), settings.max_upload_bytes)
    free = shutil.disk_usage(settings.home).free
    if int(announced) and free < int(announced) + SPARE_BYTES:
        raise DiskFull(
            f"The upload needs {int(announced) / 1e9:.2f} GB, and {free / 1e9:.2f} GB are free on the server's disk.",
            "Make room on it, or choose another LIGHTBOX_HOME.",
        )
    return int(announced)


def _refuse_empty(size: int) -> None:
    if size == 0:
        raise RefusedInput("This file is empty.", "Choose a file with images in it.")


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(
            f"This upload is larger than the limit of {limit / 1e9:.2f} GB.",
            "Upload a smaller one, or raise LIGHTBOX_MAX_UPLOAD_BYTES.",
        )


async def _stream_to(path: Path, request: Request) -> None:
    """Write beside the place and rename into it; the part is removed whatever happens (a cut line, an error)."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("xb") as file:
            await _copy(request, file)
        os.replace(part, path)
    except ClientDisconnect as gone:
        raise RefusedInput("The upload was broken off.", "Upload the file again.") from gone
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(*_FULL) from error
        raise
    finally:
        part.unlink(missing_ok=True)


async def _copy(request: Request, file: BinaryIO) -> None:
    limit = place.home().settings.max_upload_bytes
    waiting, total = bytearray(), 0
    async for chunk in request.stream():
        total += len(chunk)
        _check_size(total, limit)
        waiting += chunk
        if len(waiting) >= CHUNK_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))  # a slow disk must not hold up everybody's pages
            waiting.clear()
    file.write(waiting)
