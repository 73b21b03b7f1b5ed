"""A child that takes a job and hangs in the middle of it, so that a test can kill it there.

`python half_way.py HOME LANE PROGRESS [ADDRESS MD5]`: says "half way" at its PROGRESS-th word of progress. With an
address, public sets are fetched from there.
"""

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from core.jobs import fetch_job
from core.jobs.children import DO
from core.jobs.sink import StoreSink
from core.jobs.work import Work
from core.settings import Settings
from core.sources.public import public_set
from core.store import Store


class Hanging(StoreSink):
    """Tells nothing more from a certain word on."""

    left = 0

    def progress(self, progress):
        """Count down, then hang."""
        self.left -= 1
        if self.left == 0:
            print("half way", flush=True)
            time.sleep(600)
        super().progress(progress)


def main(home, lane, words, address="", md5=""):
    """Do the next job of a lane until it hangs."""
    settings = Settings(home=Path(home))
    if address:
        fetch_job.public_set = lambda key: replace(public_set(key), address=address, md5=md5)
    with Store.open(settings.database) as store:
        job = store.claim(lane, "wrk_dead")
        sink = Hanging(store, job, threading.Event())
        sink.left = int(words)
        DO[job.kind](Work(settings, store, job, sink, SimpleNamespace(close=lambda: None)))


if __name__ == "__main__":
    main(*sys.argv[1:])
