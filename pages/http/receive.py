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

CHUNK_BYTES = 1024**2
SPARE_BYTES = 512 * 1024**2
_FULL = ("The disk that holds the home folder is full.", "Make room on it, or choose another LIGHTBOX_HOME.")


async def receive_file(request: Request) -> Response:
    """Stream the body of a POST to a file below the uploads folder; the page reads where it lies from its token.

    Raises:
        AccessDenied: the token is not open.
        TooLarge, DiskFull, RefusedInput: the file is too large, does not fit, or did not arrive whole.
    """
    name = request.query_params.get("name", "") or "upload"
    with uploads.using(request.query_params.get("token", "")) as permission:
        _check_announced(request)
        path = actions.new_upload_path(place.home(), name)
        await _stream_to(path, request)
        permission.upload = uploads.Upload(path, name)
    return JSONResponse({"upload": path.name})


def _check_announced(request: Request) -> None:
    announced = request.headers.get("content-length", "")
    if not announced.isdigit():
        raise BadSetting("The upload does not say how long it is.", "Send it with a Content-Length.")
    settings = place.home().settings
    _check_size(int(announced), settings.max_upload_bytes)
    if int(announced) == 0:
        raise RefusedInput("This file is empty.", "Choose a file with images in it.")
    free = shutil.disk_usage(settings.home).free
    if free < int(announced) + SPARE_BYTES:
        raise DiskFull(
            f"The upload needs {int(announced) / 1e9:.2f} GB, and {free / 1e9:.2f} GB are free on the server's disk.",
            "Make room on it, or choose another LIGHTBOX_HOME.",
        )


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(
            f"This file is larger than the limit of {limit / 1e9:.2f} GB.",
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
