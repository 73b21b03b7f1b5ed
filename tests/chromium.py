"""Where a Chromium is on this machine, for the journeys and the measurements."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LACKING = "no Chromium found; on Debian: sudo apt-get install chromium"


def find_chromium():
    """The path of a Chromium, the one that LIGHTBOX_CHROMIUM names first; None without one."""
    return os.environ.get("LIGHTBOX_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
