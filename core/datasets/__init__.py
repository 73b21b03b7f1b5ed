"""A data set on its shelf: files read onto it, what the checks and the guards find, splits, packs, exports.

May import: sources, images, specs, files, settings, errors. Promises: what may tell who a patient is stays outside,
no patient is divided unasked, a data set or a pack appears whole or not at all, one bad file never stops the rest.
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
