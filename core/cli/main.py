"""Read the arguments, call the command, and turn an error of ours into its sentence and exit status."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from core.cli.parser import build_parser
from core.cli.show import plain, print_json
from core.errors import LightboxError

INTERRUPTED = 130  # what a shell reports after Ctrl-C (128 + SIGINT)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments without the program's name; None: those of this process.

    Returns:
        0 when it was done, 1 for a run or a job that failed, 2 for a refused input, 130 after Ctrl-C.
    """
    arguments = build_parser().parse_args(argv)
    try:
        return _command(arguments)(arguments)
    except LightboxError as error:
        _tell(error, as_json=getattr(arguments, "json", False))
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, `less`) has left; without this Python complains once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _command(arguments: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    found: Callable[[argparse.Namespace], int] = getattr(
        importlib.import_module(f"core.cli.{arguments.module}"), arguments.function
    )
    return found


def _tell(error: LightboxError, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": {"kind": error.code, "what": error.what, "remedy": error.remedy}})
    else:
        print(plain(str(error)), file=sys.stderr)
