"""The columns of the table of images (`items.parquet`), and what those that an earlier version did not write stand for.

`item_id` 0..N-1; `name`; `class_index`; `given_split` ("" where the source brought none) and `placed` ("" or the
split an edit put the image into); `split` in force ("train", "val", "test"); `patient` ("" unknown); `source_file`, the
number of the file, and `plane` in it; `width`, `height`, `channels`, `bit_depth`, `format`; `file` below the originals,
its `bytes` and `digest`; `pixel_digest` and `fingerprint`; `brightness`, `contrast`, `sharpness`, `border` as `Look`
has them; `text_hint` 0..1; `near_group`, -1 for none; `tied`, what an edit put together and no draw may
divide, -1 for none; `tone_slope`, `tone_intercept`, `tone_low`, `tone_high`,
`tone_unit`, the values that stored pixels stand for (NaN: for themselves); `tags`, JSON of the coded tags kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

NO_TAGS = "{}"
TONE = ("tone_slope", "tone_intercept", "tone_low", "tone_high")
_LATER: dict[str, Any] = {
    "patient": "",
    "plane": np.int64(0),
    "placed": "",
    "format": "",
    "border": np.nan,
    "fingerprint": b"",
    "text_hint": np.nan,
    **dict.fromkeys(TONE, np.nan),
    "tone_unit": "",
    "tags": NO_TAGS,
    "near_group": np.int64(-1),
    "tied": np.int64(-1),
}


def completed(items: pd.DataFrame) -> pd.DataFrame:
    """The table with every column of this version; what was not known when it was written gets its default."""
    lacking = {name: value for name, value in _LATER.items() if name not in items}
    if "source_file" not in items:  # one image a file, in those days
        lacking["source_file"] = np.arange(len(items), dtype=np.int64)
    return items.assign(**lacking)
