"""Where labels are written: folders, tables, patterns on file names; what is proposed, and what it would give.

May import: as core.sources. Promises: no formula and no pattern of a user is ever evaluated, tables are bounded
before they are read, and a row that contradicts another decides nothing.
"""

from core.sources.labels.look_folder import read_look
from core.sources.labels.proposing import propose

__all__ = ["propose", "read_look"]
