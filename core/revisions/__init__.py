"""Changes of a data set: edits, each a revision with its parent; samples, merges, copies settled, a split redrawn.

May import: datasets, sources, images, specs, files, settings, errors. Promises: a parent never changes, a change
appears whole or not at all and can be taken back, and images keep their split unless a split or folds are asked for.
"""

from core.revisions.revising import can_undo, forget_past, revise, undo

__all__ = ["can_undo", "forget_past", "revise", "undo"]
