"""The program that tells what a labelling would give of very many images; what it took ends with it.

`python -m core.sources.preview_process FOLDER`: the labelling as JSON on standard input; on standard output the preview
as JSON, or a list of code, words and remedy of what was refused.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from core.errors import LightboxError
from core.sources.previewing import preview_here
from core.specs import Labelling


def main(folder: str) -> None:
    """Answer the one question."""
    labelling = Labelling.model_validate_json(sys.stdin.buffer.read())
    try:
        answer = preview_here(Path(folder), labelling).model_dump_json()
    except LightboxError as error:
        answer = json.dumps([error.code, error.what, error.remedy])
    sys.stdout.write(answer)


if __name__ == "__main__":
    main(sys.argv[1])
