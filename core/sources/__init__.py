"""What images come out of: zips, NPZ files, folders, loose files, public sets; and a look into them before an import.

May import: images, specs, files, settings, errors. Promises: nothing is unpacked before it is checked, names from
outside never become paths, links are never followed, and what may name a patient is hashed, numbered or left out.
"""

from core.sources.reader import Entry, Reader
from core.sources.source import Source, SourceFile

__all__ = ["Entry", "Reader", "Source", "SourceFile"]
