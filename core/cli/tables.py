"""`tables`: every setting and every environment variable as Markdown, from the rows that the program itself uses."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli.assign import RECIPE_STEPS
from core.cli.show import print_json
from core.errors import BadSetting
from core.settings import Settings
from core.specs import STEPS, Augmentation, CnnConfig, Knob, Spec, SplitConfig, TrainingConfig, knobs

SECTIONS: tuple[tuple[str, tuple[type[Spec], ...]], ...] = (
    ("Network", (CnnConfig,)),
    ("Training", (TrainingConfig,)),
    ("Preparation", STEPS),
    ("Augmentation", (Augmentation,)),
    ("Split", (SplitConfig,)),
)


def tables(arguments: argparse.Namespace) -> int:
    """Print the tables, or write them into a file between its marks."""
    parts = {"settings": settings_table(), "environment": environment_table()}
    if arguments.into is not None:
        write_into(arguments.into, parts)
    if arguments.json:
        print_json(parts)
    elif arguments.into is None:
        print("\n\n".join(parts.values()))
    return 0


def settings_table() -> str:
    """One row for each knob: key, name, default, limits, and the two sentences of help."""
    return "\n\n".join(_section(title, specs) for title, specs in SECTIONS)


def environment_table() -> str:
    """One row for each variable `LIGHTBOX_*`."""
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default if field.default not in ("", None) else "(empty)"
        shown = f"{default:,}" if isinstance(default, int) and not isinstance(default, bool) else str(default)
        lines.append(f"| `LIGHTBOX_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)


def write_into(path: Path, parts: dict[str, str]) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->` in a file.

    Raises:
        BadSetting: the file lacks a mark.
    """
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        before, opening, rest = text.partition(f"<!-- {name} -->")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        if not opening or not closing:
            raise BadSetting(f"{path.name} has no marks <!-- {name} --> and <!-- /{name} -->.", "Write them first.")
        text = f"{before}{opening}\n{part}\n{closing}{after}"
    path.write_text(text, encoding="utf-8")


def _section(title: str, specs: tuple[type[Spec], ...]) -> str:
    lines = [f"**{title}**", "", "| key | name | default | takes | what it does, and when to change it |"]
    lines.append("|---|---|---|---|---|")
    for spec in specs:
        lines += [_row(spec, knob) for knob in knobs(spec)]
    return "\n".join(lines)


def _row(spec: type[Spec], knob: Knob) -> str:
    """A step's key carries the step's name where `--set` does not take it; its name on the screen always does."""
    step = spec.model_fields["step"].default if spec in STEPS else None
    key = knob.name if step is None or spec in RECIPE_STEPS else f"{step}.{knob.name}"
    label = knob.label if step is None else f"{getattr(spec, 'title', step)}: {knob.label}"
    return f"| `{key}` | {label} | {_shown(knob.default)} | {knob.limits} | {knob.help} |"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "(none)"
    return f"{value:g}" if isinstance(value, float) else str(value)
