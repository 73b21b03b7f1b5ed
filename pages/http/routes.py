"""Our own addresses beside Streamlit's: new points of a curve, uploads, images and exports of a data set, plotly."""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from core import actions
from core.errors import BadSetting, LightboxError
from pages.http import place, tokens
from pages.http.answers import as_json
from pages.http.receive import receive_file

LARGEST_SIDE_PX = 4096
PLOTLY_PATH = f"/api/plotly-{version('plotly')}.min.js"
FAVICON = Path(__file__).parents[1] / "parts" / "assets" / "favicon.png"
_FOREVER = "private, max-age=31536000, immutable"


def our_routes() -> list[Route]:
    """Every route of ours; the gate stands in front of them."""
    return [
        Route("/api/points/{run_id}", _refusing(points)),
        Route("/api/images/{dataset_id}/{item_id}", _refusing(image)),
        Route("/api/exports/{dataset_id}", _refusing(export)),
        Route("/api/upload", _refusing_async(receive_file), methods=["POST"]),
        Route(PLOTLY_PATH, plotly_script),
        Route("/favicon.png", favicon),  # what the browser shows before the first script run has named ours
    ]


def points_url(run_id: str) -> str:
    """Where a page's script may ask for the points of this run."""
    return f"/api/points/{run_id}?token={tokens.make('points', run_id)}"


def image_url(dataset_id: str, item_id: int, side_px: int = 0, version: str = "") -> str:
    """Where a page may show an image of a data set from: at most `side_px` pixels wide and high, 0: as it came.

    Args:
        version: begins the digest of the content: a change numbers the images anew, and a browser that keeps them for
            good must not show another one under the same number.
    """
    token = tokens.make("images", dataset_id)
    which = f"&v={version}" if version else ""
    return f"/api/images/{dataset_id}/{int(item_id)}?side={side_px}&token={token}{which}"


def export_url(dataset_id: str) -> str:
    """Where a page may have the export of a data set downloaded from."""
    return f"/api/exports/{dataset_id}?token={tokens.make('exports', dataset_id)}"


def points(request: Request) -> Response:
    """The points of a run after the last one that the asker has, and how the run stands."""
    run_id = request.path_params["run_id"]
    tokens.check(request.query_params.get("token", ""), "points", run_id)
    after = _whole("after", request.query_params.get("after", "0"))
    home = place.home()
    row = actions.run(home, run_id)  # before the points: a run seen as ended has written its last one
    new = actions.points_after(home, run_id, after)
    final = row.job.state.final
    body = {
        "points": [point.model_dump(mode="json") for point in new],
        "last": new[-1].seq if new else after,
        "state": row.job.state.value,
        "final": final,
        "attempt": row.job.attempt,
        "stopping": row.job.stop_requested and not final,
        "progress": row.job.progress.model_dump(mode="json") | {"share": row.job.progress.share},
        "position": 0 if final else actions.queue_position(home, run_id),
        "what": row.job.what,
        "remedy": row.job.remedy,
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def image(request: Request) -> Response:
    """One image of a data set as PNG."""
    dataset_id = request.path_params["dataset_id"]
    tokens.check(request.query_params.get("token", ""), "images", dataset_id)
    item_id = _whole("item", request.path_params["item_id"])
    side = min(_whole("side", request.query_params.get("side", "0")), LARGEST_SIDE_PX) or LARGEST_SIDE_PX
    png = actions.thumbnail_png(place.home(), dataset_id, item_id, side)
    return Response(png, media_type="image/png", headers={"Cache-Control": _FOREVER})


def export(request: Request) -> Response:
    """The archive of an exported data set, streamed from the disk."""
    dataset_id = request.path_params["dataset_id"]
    tokens.check(request.query_params.get("token", ""), "exports", dataset_id)
    path = actions.export_path(place.home(), dataset_id)
    name = re.sub(r"[^A-Za-z0-9 ()_-]+", "_", actions.dataset(place.home(), dataset_id).name).strip() or "data set"
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type="application/zip", filename=f"{name}.zip", headers=headers)


def plotly_script(request: Request) -> Response:
    """plotly.js as the plotly package brings it; its version is part of the address, so it may be kept for good."""
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_plotly_gzipped(), headers=headers | {"Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(_plotly_file().read_bytes(), headers=headers, media_type="text/javascript")


def favicon(_request: Request) -> Response:
    """Our own sign for the browser's tab."""
    return Response(FAVICON.read_bytes(), media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


def _plotly_file() -> Path:
    spec = importlib.util.find_spec("plotly")  # found without importing it: 0.3 s saved at the start
    if spec is None or not spec.submodule_search_locations:
        raise BadSetting("The plotly package is not installed.", "Install the pinned requirements again.")
    return Path(spec.submodule_search_locations[0]) / "package_data" / "plotly.min.js"


@cache
def _plotly_gzipped() -> bytes:
    return gzip.compress(_plotly_file().read_bytes(), 6)


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadSetting(f"{name} must be a whole number, received {text[:40]!r}.", "Reload the page.")
    return int(text)


def _refusing(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint (which Starlette runs in a thread), with its refusals as JSON."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except LightboxError as error:
            return as_json(error)

    return answer


def _refusing_async(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except LightboxError as error:
            return as_json(error)

    return answer
