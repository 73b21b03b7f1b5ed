"""What a labelling would give, from what a look left behind: nothing is opened, so it can follow every click.

Of very many images and rows a process of its own tells: the pages' process keeps its memory and its breath.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.errors import WorkFailed, error_from
from core.sources.image_reader import unlabelled
from core.sources.labels.judging import judge
from core.sources.labels.labels import Labels, read_labels
from core.sources.labels.look_folder import read_columns, read_look, read_names
from core.sources.reader import natural_key
from core.specs import Finding, LabelledRow, Labelling, LabellingPreview, OriginKind, SourceLook

_ROWS = 24
MOST_HERE = 100_000  # images and rows together
_LIMIT_S = 300.0


def preview(folder: Path, labelling: Labelling) -> LabellingPreview:
    """What a labelling would give.

    Args:
        folder: where a look left what it found.
        labelling: to be tried.

    Raises:
        DataGone: the look is not there any more.
        BadDataset: the table or a column of it is not there.
        BadSetting: the pattern cannot be read.
        WorkFailed: the process that looks at very many of them did not end well.
    """
    look = read_look(folder)
    if look.kind == "npz":
        return LabellingPreview(images=look.images, labelled=look.images, classes=look.classes_by_folder)
    rows = sum(table.rows for table in look.tables if table.name == labelling.table)
    if look.images + rows <= MOST_HERE:
        return preview_here(folder, labelling)
    return _preview_elsewhere(folder.resolve(), folder.stat().st_mtime_ns, labelling.model_dump_json())


@lru_cache(maxsize=16)
def _preview_elsewhere(folder: Path, written_at: int, labelling: str) -> LabellingPreview:
    """The answer of a process; kept, as a page asks the same again at every click."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "core.sources.preview_process", str(folder)],
            input=labelling.encode(),
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it could quote what stands in the table
            timeout=_LIMIT_S,
            check=True,
        )
    except subprocess.SubprocessError:
        raise WorkFailed(
            "What these labels would give could not be found out.", "Choose others, or bring in fewer images at a time."
        ) from None
    if done.stdout.startswith(b"["):
        raise error_from(*json.loads(done.stdout))
    return LabellingPreview.model_validate_json(done.stdout)


def preview_here(folder: Path, labelling: Labelling) -> LabellingPreview:
    """The same as `preview`, in this process; of images, not of an NPZ."""
    look = read_look(folder)
    names = read_names(folder)
    origins = (labelling.label, labelling.split, labelling.patient)
    columns = [origin.name for origin in origins if origin.kind is OriginKind.COLUMN]
    table = read_columns(folder, look, labelling.table, [labelling.image_column, *columns]) if columns else None
    read = read_labels(names, labelling, table)
    counts = Counter(label for at, label in enumerate(read.label) if label and at not in read.left_out)
    by_tag = labelling.label.kind is OriginKind.TAG
    return LabellingPreview(
        images=len(names),
        labelled=0 if by_tag else counts.total(),
        classes={name: counts[name] for name in sorted(counts, key=natural_key)[:_MOST_CLASSES]},
        patients=_patients(read, labelling),
        rows=tuple(_rows(names, read)),
        findings=tuple(_findings(look, names, read, labelling, counts)),
    )


_MOST_CLASSES = 1000


def _patients(read: Labels, labelling: Labelling) -> int | None:
    if labelling.patient.kind in (OriginKind.NONE, OriginKind.TAG):
        return None
    by_tag = labelling.label.kind is OriginKind.TAG
    each = enumerate(zip(read.patient, read.label, strict=True))
    return len({who for at, (who, label) in each if who and (label or by_tag) and at not in read.left_out})


def _rows(names: list[str], read: Labels) -> Iterator[LabelledRow]:
    for row in zip(names[:_ROWS], read.label, read.split, read.patient, strict=False):
        yield LabelledRow(name=row[0], label=row[1], split=row[2], patient=row[3])


def _findings(
    look: SourceLook, names: list[str], read: Labels, labelling: Labelling, counts: Counter[str]
) -> Iterator[Finding]:
    kind = labelling.label.kind
    if kind is not OriginKind.TAG:
        yield from judge(counts, look.kind, kind)
        yield from unlabelled([name for name, label in zip(names, read.label, strict=True) if not label], kind)
    yield from read.findings
