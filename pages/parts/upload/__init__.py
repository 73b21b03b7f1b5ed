"""Files from the visitor to the server's disk: drop zone, progress bar, cancel; streamed past Streamlit's memory.

A components-v2 piece in front of our upload route; one file, or several and whole folders, one after the other.
Promises: what arrives is handed over once, and only when all of it is whole.
"""

from pages.parts.upload.upload import upload_file

__all__ = ["upload_file"]
