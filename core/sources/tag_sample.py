"""What the tags of a few DICOM files say, and whether files hold several images: enough to propose, quick to learn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import RefusedInput
from core.images import Readers
from core.settings import MiB, Settings
from core.sources.names import ending
from core.sources.progress import Ticker
from core.sources.source import Source, SourceFile, contents
from core.specs import TagLook

_SAMPLE = 60
_MOST_BYTES = 64 * MiB
_EXAMPLES, _EXAMPLE_LETTERS = 6, 60
_DICOM = ("", ".dcm", ".dicom", ".ima")
_VOLUMES = (".nii", ".nii.gz", ".ome.tif", ".ome.tiff")
_PAGES = (".tif", ".tiff")
_PATIENT = "PatientID"


@dataclass
class TagSample:
    """Tags that can be the label or the patient, the patient's id first; whether there are files of several images."""

    tags: list[TagLook] = field(default_factory=list)
    volumes: bool = False


def sample_tags(source: Source, images: Sequence[SourceFile], settings: Settings, ticker: Ticker) -> TagSample:
    """Open a few files, evenly spread over the source; those that cannot be read say nothing.

    Raises:
        Stopped: the ticker said so.
    """
    sample = TagSample(volumes=any(ending(file.name) in _VOLUMES for file in images))
    values: dict[str, Counter[str]] = defaultdict(Counter)
    with Readers() as readers:
        for file in [*_spread(images, _DICOM, _SAMPLE), *_spread(images, _PAGES, _SAMPLE // 6)]:
            ticker.check()
            try:
                data = contents(source, file)
                with readers.open(data, file.name, settings.max_image_pixels, ahead=False) as opened:
                    told, several = opened.told, opened.planes > 1
            except RefusedInput:
                continue  # the import will tell
            sample.volumes |= several
            if told.patient_id:
                values[_PATIENT][told.patient_id] += 1
            for keyword, value in told.labels.items():
                values[keyword][value] += 1
    ordered = sorted(values, key=lambda keyword: keyword != _PATIENT)
    sample.tags = [_look(keyword, values[keyword]) for keyword in ordered]
    return sample


def _spread(images: Sequence[SourceFile], endings: Sequence[str], count: int) -> list[SourceFile]:
    fitting = [file for file in images if ending(file.name) in endings and file.size <= _MOST_BYTES]
    return fitting[:: max(1, -(-len(fitting) // count))]


def _look(keyword: str, counts: Counter[str]) -> TagLook:
    examples = tuple(value[:_EXAMPLE_LETTERS] for value, _ in counts.most_common(_EXAMPLES))
    return TagLook(keyword=keyword, files=counts.total(), distinct=len(counts), examples=examples)
