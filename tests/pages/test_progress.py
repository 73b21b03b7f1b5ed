"""How far a piece of work is, in words."""

from core.specs import Progress
from pages.parts.progress import line


def test_the_unit_is_the_works_own():
    progress = Progress(stage="Unpacking", done=1200, total=4000, unit="files", rate=350, left_s=200)
    assert line(progress) == "1,200 of 4,000 files · 350 files/s · 3 min 20 s left"


def test_what_is_not_known_is_not_said():
    assert line(Progress(stage="Reading", done=7, unit="images")) == "7 images"
    assert line(Progress(stage="Checking")) == "The time left is known in a moment."
