"""Every command with its arguments; imports nothing of the library, so that help and refusals come at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli.parser_data import data_commands

SPLITS = ("val", "test")  # a run is never measured on what it learned from


def build_parser() -> argparse.ArgumentParser:
    """The parser; its result names the `module` of core.cli and the `function` that carries the command out."""
    parser = argparse.ArgumentParser(
        prog="python -m core",
        description="Lightbox without a screen: from a folder of images to a trained, tested model.",
        epilog="Lightbox is for exploration and teaching. It is not a medical device.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    data_commands(lambda *words: _add(commands, *words))
    _run_commands(commands)
    _machine_commands(commands)
    return parser


def _run_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = _add(commands, "train", "training.train", "train a network on a data set; starts a worker if none lives")
    train.add_argument("dataset", metavar="DATASET", help="the data set's id, as `import` printed it")
    train.add_argument("--name", help="what the run is called")
    train.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        dest="assignments",
        help="one setting, for example learning_rate=0.0003 or filters=16,32; `tables` lists every key",
    )
    train.add_argument("--config", metavar="FILE", type=Path, help="settings as JSON or TOML, like a run's config.json")
    train.add_argument("--wait", action="store_true", help="wait for the end, and say how it went")
    _add(commands, "runs", "training.list_all", "list the runs")
    _add(commands, "stop", "training.stop", "stop a run; it keeps its best weights").add_argument("run", metavar="RUN")
    resume = _add(commands, "resume", "training.resume", "go on where a run was stopped or failed, as a new run")
    resume.add_argument("run", metavar="RUN", help="the id of the run that has ended")
    resume.add_argument("--wait", action="store_true", help="wait for the end, and say how it went")
    report = _add(commands, "report", "results.report", "the classification report of a run")
    report.add_argument("run", metavar="RUN", help="the run's id")
    report.add_argument("--split", choices=SPLITS, default="val", help="test: opens the test split, and counts it")
    predict = _add(commands, "predict", "results.predict", "what a run's model says about images")
    predict.add_argument("run", metavar="RUN", help="the run's id")
    predict.add_argument("files", metavar="FILE", type=Path, nargs="+", help="an image")


def _machine_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "doctor", "machine.doctor", "what will be used: device, memory, disk, and whether training works")
    _add(commands, "worker", "machine.worker", "work on imports, runs and predictions until ended")
    serve = _add(commands, "serve", "serve.serve", "start the pages; an address of the network demands a key")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, default=8501)
    alive = _add(commands, "alive", "serve.alive", "whether the pages answer (the container's health check)")
    alive.add_argument("--port", type=int, default=8501)
    tables = _add(commands, "tables", "tables.tables", "every setting and every environment variable, as Markdown")
    tables.add_argument("--into", metavar="FILE", type=Path, help="write them between the marks of this file")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, target: str, words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
    module, function = target.split(".")
    parser.set_defaults(module=module, function=function)
    parser.add_argument("--json", action="store_true", help="print one JSON object, errors included")
    return parser
