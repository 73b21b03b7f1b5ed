"""The bar of steps: a components-v2 piece, because the steps must be real links that also tell their state.

Promises: every step is a link with an address of its own (it can be opened in another tab); a plain click switches
the page without a reload; `aria-current` marks where the visitor is, and words, not only colours, tell the states.
"""

from pages.parts.bar.bar import step_bar

__all__ = ["step_bar"]
