"""A zip of drawn cells with a table, and the faults that real data have: for the pictures of the Data page.

Nothing in it comes from anybody: cells as in the practice data, patients that are numbers, faults planted by hand.
"""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np

from core.datasets.cells import draw_cell
from core.images import encode_png

PATIENTS, EACH = 24, 6
KINDS = {1: "round cell", 2: "spindle cell"}
COPIES = 4  # turned or mirrored, under a patient of their own
COLUMNS = ("image", "cell type", "patient", "day", "remark")


def write_cells(path: Path) -> None:
    """Write the zip: `images/cell_001.png` ..., and `cells.csv` beside them."""
    rng = np.random.default_rng(17)
    images, rows = [], []
    for patient in range(1, PATIENTS + 1):
        for _ in range(EACH):
            kind = int(rng.integers(1, 3))
            images.append(draw_cell(kind, rng))
            rows.append((KINDS[kind], f"P{patient:02d}", f"2026-03-{patient:02d}", ""))
    for number in range(COPIES):
        images.append(np.ascontiguousarray(np.rot90(images[5 * number + 2], number)[:, ::-1]))
        rows.append((rows[5 * number + 2][0], f"P{PATIENTS + 1 + number:02d}", "2026-04-02", "taken again"))
    images.append(images[40])
    rows.append((next(name for name in KINDS.values() if name != rows[40][0]), *rows[40][1:]))
    images[60] = np.clip(images[60] * 0.04, 0, 255).astype(np.uint8)
    images[90] = np.full_like(images[90], 22)
    with zipfile.ZipFile(path, "w") as archive:
        for number, image in enumerate(images, 1):
            archive.writestr(f"images/cell_{number:03d}.png", encode_png(image))
        archive.writestr("cells.csv", _table([(f"cell_{at:03d}.png", *row) for at, row in enumerate(rows, 1)]))


def _table(rows: list[tuple[str, ...]]) -> str:
    """The table, with one row more than there are images."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([COLUMNS, *rows, ("cell_900.png", "round cell", "P03", "2026-03-03", "lost")])
    return text.getvalue()
