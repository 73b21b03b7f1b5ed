"""What is written down about one image when it is brought in, and the table of a data set made from it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.look import Look, look_of
from core.datasets.tones import tone_columns
from core.images import Decoded, Tone
from core.sources.originals import Stored, file_of

if TYPE_CHECKING:
    import pandas as pd

_AT_A_TIME = 4096


@dataclass(frozen=True, slots=True)
class Origins:
    """Where an image comes from: what is the same for all planes of a file.

    `label` is the name of its class, `patient` as it may be kept, `tags` as `tags_of` gives them.
    """

    label: str
    split: str
    patient: str
    source_file: int
    tags: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One readable image; sizes in px."""

    origins: Origins
    name: str
    plane: int
    width: int
    height: int
    channels: int
    bit_depth: int
    format: str
    size: int
    digest: str
    pixel_digest: str
    tone: Tone | None
    look: Look
    text_hint: float


def facts_of(origins: Origins, name: str, plane: int, stored: Stored, decoded: Decoded, hint: float) -> Facts:
    """What is known of an image from its decoded pixels; `hint` of text in them, NaN where nobody looked."""
    pixels = decoded.pixels
    hasher = hashlib.sha256(f"{pixels.shape} {pixels.dtype}".encode())
    hasher.update(pixels.data)
    return Facts(
        origins=origins,
        name=name,
        plane=plane,
        width=pixels.shape[1],
        height=pixels.shape[0],
        channels=1 if decoded.grey else 3,
        bit_depth=decoded.bit_depth,
        format=decoded.format,
        size=stored.size,
        digest=stored.digest,
        pixel_digest=hasher.hexdigest(),
        tone=decoded.tone,
        look=look_of(decoded),
        text_hint=hint,
    )


def tags_of(kept: dict[str, str]) -> str:
    """Tags as the table keeps them."""
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


class Gathering:
    """The facts of many images as a table that grows: a few thousand at a time are kept as objects.

    In the table no value is an object of Python, which would take twice its bytes and keep its neighbours' memory.
    """

    def __init__(self) -> None:
        self._recent: list[Facts] = []
        self._tables: list[pd.DataFrame] = []
        self._images = 0

    def __len__(self) -> int:
        return self._images

    def add(self, facts: Sequence[Facts]) -> None:
        """More images, in order."""
        self._recent += facts
        self._images += len(facts)
        if len(self._recent) >= _AT_A_TIME:
            self._pack()

    def images_by_class(self) -> dict[str, int]:
        """How many images each class has."""
        self._pack()
        counts: Counter[str] = Counter()
        for table in self._tables:
            counts.update({str(label): count for label, count in table["label"].value_counts().items()})
        return dict(counts)

    def items(self, classes: Sequence[str]) -> pd.DataFrame:
        """The table of all images, as `table` tells; `described` adds what depends on all of them."""
        import pandas as pd  # half a second that the first page need not wait for

        self._pack()
        items = pd.concat(self._tables, ignore_index=True)
        self._tables.clear()
        index = {name: number for number, name in enumerate(classes)}
        return items.assign(class_index=items.pop("label").map(index).astype(np.int64))

    def _pack(self) -> None:
        if self._recent:
            self._tables.append(_table_of(self._recent))
            self._recent.clear()


def _table_of(facts: Sequence[Facts]) -> pd.DataFrame:
    import pandas as pd  # half a second that the first page need not wait for

    columns: dict[str, object] = {
        "name": [fact.name for fact in facts],
        "label": [fact.origins.label for fact in facts],
        "given_split": [fact.origins.split for fact in facts],
        "patient": [fact.origins.patient for fact in facts],
        "source_file": np.array([fact.origins.source_file for fact in facts], dtype=np.int64),
        "tags": [fact.origins.tags for fact in facts],
        "format": [fact.format for fact in facts],
        "bytes": np.array([fact.size for fact in facts], dtype=np.int64),
        "digest": [fact.digest for fact in facts],
        "pixel_digest": [fact.pixel_digest for fact in facts],
        "file": [file_of(fact.digest) for fact in facts],
        "fingerprint": pd.array([fact.look.fingerprint for fact in facts], dtype="binary[pyarrow]"),
        "text_hint": np.array([fact.text_hint for fact in facts], dtype=np.float64),
        **tone_columns([fact.tone for fact in facts]),
    }
    for name in ("plane", "width", "height", "channels", "bit_depth"):
        columns[name] = np.array([getattr(fact, name) for fact in facts], dtype=np.int64)
    for name in ("brightness", "contrast", "sharpness", "border"):
        columns[name] = np.array([getattr(fact.look, name) for fact in facts], dtype=np.float64)
    return pd.DataFrame(columns)
