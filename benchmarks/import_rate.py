"""Images per second of an import, format by format, beside the plain decoder's own rate on the same cores.

10,000 generated images of 224 px in a zip of two class folders. The import does all that it always does: unpack,
check, decode, reduce to pixels, fingerprint, look for copies, write the shelf. The plain decoder (OpenCV, pydicom,
nibabel) only reads the same files out of the same zip and decodes them, in threads or in processes, whichever is
faster. Both sides run in processes of their own, in turns; what is given are medians and their ratio.

What the imports write stays until the end: some file systems (ext4 without a journal) make files twenty times slower
for minutes after many were deleted. For the same reason do not run this just after something that deletes a lot.
"""

import argparse
import io
import multiprocessing
import os
import statistics
import tempfile
import time
import zipfile
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import cv2
import nibabel
import numpy as np
import pydicom

from benchmarks.made_images import ENCODERS, write_zip
from benchmarks.measuring import machine
from core.datasets import import_source
from core.settings import Settings

CHUNK = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--formats", nargs="+", choices=sorted(ENCODERS), default=list(ENCODERS))
    parser.add_argument("--folder", type=Path, help="where zips and shelves are written; by default the system's")
    arguments = parser.parse_args()
    print(f"{machine()}; {arguments.images:,} images of {arguments.side} px a format")
    with tempfile.TemporaryDirectory(prefix="lightbox-bench-", dir=arguments.folder) as folder:
        for kind in arguments.formats:
            path = Path(folder) / f"{kind}.zip"
            write_zip(path, kind, arguments.images, arguments.side)
            print(words(kind, *measure(path, kind, arguments.images, arguments.rounds)), flush=True)


def measure(path: Path, kind: str, images: int, rounds: int) -> tuple[list[float], list[float]]:
    """Images per second of the import and of the plain decoder, a figure a round."""
    ours, plain = [], []
    for _ in range(rounds):
        ours.append(images / alone(time_import, path))
        plain.append(images / min(alone(time_plain, path, kind, pool) for pool in ("threads", "processes")))
    return ours, plain


def words(kind: str, ours: list[float], plain: list[float]) -> str:
    """One line of the result."""
    one, other = statistics.median(ours), statistics.median(plain)
    spread = f"{min(ours):,.0f} to {max(ours):,.0f}"
    return f"{kind:>5}: import {one:,.0f} images/s ({spread}), plain decoder {other:,.0f}, ratio {one / other:.2f}"


def alone(function, *arguments) -> float:
    """What a function returns in a fresh process, as imports run in one."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def time_import(path: Path) -> float:
    """Seconds of one import into an empty folder."""
    home = Path(tempfile.mkdtemp(prefix="home-", dir=path.parent))
    began = time.perf_counter()
    import_source(path, home / "set", Settings(home=home), lambda _: None, lambda: False)
    return time.perf_counter() - began


def time_plain(path: Path, kind: str, pool: str) -> float:
    """Seconds that the decoder needs for all files of the zip."""
    cores = len(os.sched_getaffinity(0))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    maker: type[Executor] = ThreadPoolExecutor if pool == "threads" else ProcessPoolExecutor
    with maker(cores) as executor:
        list(executor.map(int, range(cores)))  # the processes are there before the clock starts
        began = time.perf_counter()
        list(executor.map(decode_some, [path] * len(chunks), [kind] * len(chunks), chunks))
        return time.perf_counter() - began


def decode_some(path: Path, kind: str, names: list[str]) -> int:
    """Decode these files of the zip; the sum of their pixels, so that none is left out."""
    cv2.setNumThreads(1)
    with zipfile.ZipFile(path) as archive:
        return sum(decode(archive.read(name), kind).size for name in names)


def decode(data: bytes, kind: str) -> np.ndarray:
    """The plain decoder of a format."""
    if kind == "dcm":
        return pydicom.dcmread(io.BytesIO(data)).pixel_array
    if kind == "nii":
        return np.asarray(nibabel.Nifti1Image.from_bytes(data).dataobj)
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


if __name__ == "__main__":
    main()
