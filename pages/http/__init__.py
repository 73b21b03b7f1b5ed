"""The routes beside Streamlit (points, uploads, images), the gate in front of everything, and the life of the server.

May import: core.actions, core.errors, core.specs; never streamlit's screen commands. Promises: a request that no page
has authorised gets nothing; what a route refuses it refuses with the same two sentences as a page.
"""

from pages.http.gate import Gate, refuse_open_house
from pages.http.life import alive
from pages.http.routes import our_routes

__all__ = ["Gate", "alive", "our_routes", "refuse_open_house"]
