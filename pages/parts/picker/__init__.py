"""Images to choose from: a grid of thumbnails, each with a box to tick by mouse or by keyboard.

May import: pages.http. Promises: every text of a stranger is shown as text; ticking is told to the page as it happens.
"""

from pages.parts.picker.picker import Tile, chosen_of, pick, set_chosen

__all__ = ["Tile", "chosen_of", "pick", "set_chosen"]
