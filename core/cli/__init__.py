"""The command line: the same actions without a screen, each with `--json`.

May import: actions, specs, errors. Promises: exit status 0 (done), 1 (a run or job failed) or 2 (refused input),
and the same sentences as the pages, on stderr. A command imports what it needs when it is called.
"""

from core.cli.main import main

__all__ = ["main"]
