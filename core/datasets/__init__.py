"""Bringing images in and working on them: sources, labels, findings, splits, guards, revisions, the shelf, packs.

May import: images, specs, files, settings, errors. Promises: nothing is unpacked before it is checked, names from
outside never become paths and stay outside with all that may tell who a patient is, no patient is divided unasked, a
data set or a pack appears whole or not at all, and one bad file never stops the rest.
"""

from core.datasets.fitness import require_trainable
from core.datasets.importing import import_practice, import_source
from core.datasets.pack import Pack, pack
from core.datasets.practice import PRACTICE_CLASSES, PRACTICE_SIDE_PX, practice_recipe
from core.datasets.shelf import Shelf
from core.datasets.split import draw_split

__all__ = [
    "PRACTICE_CLASSES",
    "PRACTICE_SIDE_PX",
    "Pack",
    "Shelf",
    "draw_split",
    "import_practice",
    "import_source",
    "pack",
    "practice_recipe",
    "require_trainable",
]
