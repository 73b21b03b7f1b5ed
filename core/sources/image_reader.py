"""Read a source of images with their labels: which files come in, as what, and their bytes, a piece at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from core.errors import BadDataset, BadImage
from core.settings import Settings
from core.sources.contents import Contents, contents_of, findings_of
from core.sources.labels.column_words import is_patient
from core.sources.labels.first_row import is_no_head
from core.sources.labels.judging import judge
from core.sources.labels.labels import read_labels
from core.sources.labels.tables import Table, read_table, require_size
from core.sources.originals import Originals, Stored
from core.sources.reader import Deposit, Entry, files_in_words, natural_key
from core.sources.source import WORDS, Source, SourceFile, contents
from core.sources.wording import folded
from core.specs import Finding, Labelling, OriginKind, Severity

_TOLD_AS = {
    OriginKind.FOLDER: "of class folders",
    OriginKind.COLUMN: "with a table",
    OriginKind.TAG: "with DICOM tags",
    OriginKind.PATTERN: "with labels in file names",
    OriginKind.NONE: "without labels",
}
_UNLABELLED = {
    OriginKind.FOLDER: ("not lying in a class folder", "Move them into the folder of their class and import again."),
    OriginKind.COLUMN: ("having no label, or no single one, in the table", "Add them to the table and import again."),
    OriginKind.PATTERN: ("not fitting the pattern", "Choose a pattern that fits them, or rename them."),
}


class ImageReader:
    """Images in a zip, a folder or several files, labelled by folders, a table, DICOM tags, a pattern, or a mix.

    Args:
        source: open; closed by `close`.
        labelling: where labels, splits and patients are written.
        settings: the limits.

    Raises:
        BadArchive: no images in it; or the table is not there.
        BadDataset: no classes, only one, or far too many; or the table cannot be read.
        BadSetting: the pattern cannot be read.
    """

    synthetic = False
    entries: Sequence[Entry]

    def __init__(self, source: Source, labelling: Labelling, settings: Settings) -> None:
        self._source = source
        kind = labelling.label.kind
        self.source = f"{WORDS[source.kind]} {_TOLD_AS[kind]}"
        self.label_tag = labelling.label.name if kind is OriginKind.TAG else ""
        self.patient_tag = labelling.patient.name if labelling.patient.kind is OriginKind.TAG else ""
        self.patient_name = _patient_name(labelling)
        files = contents_of(source)
        table = _table(source, files, labelling)
        read = read_labels([file.name for file in files.images], labelling, table)
        labelled = [at for at, label in enumerate(read.label) if label or self.label_tag]
        chosen = [at for at in labelled if at not in read.left_out]
        self._files = [files.images[at] for at in chosen]
        self.entries = [Entry(files.images[at].name, read.label[at], read.split[at], read.patient[at]) for at in chosen]
        counts = Counter(entry.label for entry in self.entries)
        judged = [] if self.label_tag else list(judge(counts, source.kind, kind))
        _require_classes(judged)
        self.classes = () if self.label_tag else tuple(sorted(counts, key=natural_key))
        self.findings = (
            *source.findings,
            *unlabelled([file.name for file, label in zip(files.images, read.label, strict=True) if not label], kind),
            *read.findings,
            *judged,
            *findings_of(files, [file.name for file in self._files], source.kind, labelling.table),
        )
        self.bytes_needed = sum(file.size for file in self._files)

    @property
    def source_digest(self) -> str:
        """Fingerprint of the source, salted."""
        return self._source.fingerprint()

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def pieces(self, number: int) -> Iterator[bytes]:
        """The bytes of the file of an entry; in one thread at a time.

        Raises:
            BadImage: the file is damaged, gone, or larger than an image may be.
            BadArchive: the source itself does not hold.
        """
        return self._source.pieces(self._files[number])

    def deposits(self, originals: Originals) -> Iterator[Deposit]:
        """Each file is unpacked in the caller's thread, in order; a damaged one gives a deposit that raises."""
        for file in self._files:
            yield self._unpack(file, originals)

    def _unpack(self, file: SourceFile, originals: Originals) -> Deposit:
        try:
            return partial(_given, originals.put(self._source.pieces(file)))
        except BadImage as error:
            return partial(_refused, error)


def table_in(source: Source, file: SourceFile, names: Sequence[str], check: Callable[[], None] = lambda: None) -> Table:
    """Read a table that lies in a source; where its first row is an image too, its columns are numbered.

    Args:
        source: open.
        file: the table.
        names: of the images.
        check: called again and again; what it raises ends the reading.

    Raises:
        BadDataset, TooLarge: see `read_table`; the size is looked at before anything is read.
        BadArchive, BadImage: see `Source.pieces`.
    """
    require_size(file.size)
    data = contents(source, file)
    table = read_table(data, file.name, check=check)
    if table.headless or not is_no_head(table, names):
        return table
    return read_table(data, file.name, True, check)


def _table(source: Source, files: Contents, labelling: Labelling) -> Table | None:
    if OriginKind.COLUMN not in (labelling.label.kind, labelling.split.kind, labelling.patient.kind):
        return None
    file = next((file for file in files.tables if file.name == labelling.table), None)
    if file is None:
        raise BadDataset(
            "The table that was chosen is not among the files.", "Choose a table that lies beside the images."
        )
    return table_in(source, file, [image.name for image in files.images])


def _given(stored: Stored) -> Stored:
    return stored


def _refused(error: BadImage) -> Stored:
    raise error


def _patient_name(labelling: Labelling) -> str:
    """What keeps images together, in words that name nobody: what a column is called may be the first of its cells."""
    kind, name = labelling.patient.kind, labelling.patient.name
    if kind is OriginKind.COLUMN:
        return name if is_patient(name) else "a column of the table"
    if kind is OriginKind.TAG:
        return name
    return {OriginKind.FOLDER: "folder", OriginKind.PATTERN: "file name"}.get(kind, "")


def _require_classes(judged: Sequence[Finding]) -> None:
    for finding in judged:
        if finding.severity is Severity.ERROR:
            raise BadDataset(finding.what, finding.remedy)


def unlabelled(names: Sequence[str], kind: OriginKind) -> Iterator[Finding]:
    """At most one finding about the images to which a labelling gives no class."""
    if names and kind in _UNLABELLED:
        why, remedy = _UNLABELLED[kind]
        what = f"{files_in_words(len(names))} left out for {why}."
        yield folded(Severity.WARNING, "no_class", names, what, remedy)
