"""Shared screen pieces: the frame, a visitor's session, page openings, forms, numbers, live curves, uploads.

May import: core.actions, core.figures, core.specs, core.errors, pages.http. The main script lies here because a
folder `pages/` beside the main script would switch on the old automatic menu.
"""

__all__ = []
