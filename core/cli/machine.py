"""`doctor` and `worker`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict

from core import actions
from core.cli.show import plain, print_json


def doctor(arguments: argparse.Namespace) -> int:
    """Say in words what will be used; 1 when something is amiss."""
    checks = actions.doctor(actions.open_home())
    if arguments.json:
        print_json({"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            print(plain(f"{'ok  ' if check.ok else 'LOOK'}  {check.name}: {check.words}"))
    return 0 if all(check.ok for check in checks) else 1


def worker(arguments: argparse.Namespace) -> int:
    """Become the worker program: what the app starts by itself, so that there is one way for it to run."""
    del arguments
    os.execv(sys.executable, [sys.executable, "-m", "core.jobs.worker"])  # noqa: S606 - our own module
