"""Settings from `--config` and `--set` become a checked run config: one key for every knob of the specs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import BadSetting, NotFound
from core.specs import (
    Augmentation,
    CnnConfig,
    Colour,
    DatasetCard,
    Knob,
    Recipe,
    Resize,
    RunConfig,
    Spec,
    TrainingConfig,
    default_recipe,
    knobs,
)

SECTIONS: dict[str, type[Spec]] = {"model": CnnConfig, "training": TrainingConfig, "augmentation": Augmentation}
FILE_SECTIONS = (*SECTIONS, "recipe")
RECIPE_STEPS: tuple[type[Spec], ...] = (Colour, Resize)  # those that every recipe has; the others come with --config
SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


def run_config(dataset_id: str, card: DatasetCard, file: Path | None, assignments: Sequence[str]) -> RunConfig:
    """The config of a run: the defaults for this data set, then the file, then each `key=value`.

    Raises:
        BadSetting: an unknown key, or a value outside its limits.
        NotFound: there is no such file.
    """
    given = _read(file) if file else {}
    values = {section: dict(_table(given, section)) for section in SECTIONS}
    recipe = Recipe.checked(_table(given, "recipe")) if "recipe" in given else default_recipe(card)
    steps: dict[str, dict[str, Any]] = {}
    for key, text in map(_key_and_value, assignments):
        section, knob = known_keys()[key] if key in known_keys() else _refuse(key)
        target = values[section] if section in SECTIONS else steps.setdefault(section, {})
        target[key] = parse(knob, text)
    parts: dict[str, Any] = {section: spec.checked(values[section]) for section, spec in SECTIONS.items()}
    return RunConfig(dataset_id=dataset_id, recipe=_with_steps(recipe, steps), **parts)


def known_keys() -> dict[str, tuple[str, Knob]]:
    """Every key that `--set` takes, with the section or the recipe step it belongs to."""
    found = {knob.name: (section, knob) for section, spec in SECTIONS.items() for knob in knobs(spec)}
    for spec in RECIPE_STEPS:
        found |= {knob.name: (spec.model_fields["step"].default, knob) for knob in knobs(spec)}
    return found


def parse(knob: Knob, text: str) -> object:
    """Text as a value of the knob's kind; what cannot be read is left as it is, and the spec refuses it in words."""
    if knob.kind == "switch":
        return SWITCH.get(text.lower(), text)
    if knob.kind == "choice":
        return next((choice for choice in knob.choices if str(choice) == text), text)
    if knob.kind == "integers":
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _key_and_value(assignment: str) -> tuple[str, str]:
    key, equals, value = assignment.partition("=")
    if not equals:
        raise BadSetting(f"--set {assignment} has no value.", "Write it as KEY=VALUE, for example --set epochs=5.")
    return key.strip(), value.strip()


def _refuse(key: str) -> tuple[str, Knob]:
    raise BadSetting(f"There is no setting called {key!r}.", f"The settings are: {', '.join(known_keys())}.")


def _with_steps(recipe: Recipe, changes: Mapping[str, Mapping[str, Any]]) -> Recipe:
    steps = [type(step).checked(step.model_dump() | dict(changes.get(step.step, {}))) for step in recipe.steps]
    return Recipe.checked({"steps": steps})


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise NotFound(f"There is no file {file.name!r}.", "Check the path.")
    try:
        text = file.read_text(encoding="utf-8")
        given = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except ValueError as error:  # both readers and the decoder raise kinds of it
        raise BadSetting(
            f"{file.name} cannot be read: {error}.", "Write it as JSON, or as TOML in a .toml file."
        ) from error
    if not isinstance(given, dict):
        raise BadSetting(f"{file.name} is not a table of settings.", f"Its sections are: {', '.join(FILE_SECTIONS)}.")
    # A run's own config.json may be given as it is: the data set comes from the command line.
    unknown = sorted(set(given) - {*FILE_SECTIONS, "task", "dataset_id"})
    if unknown:
        raise BadSetting(
            f"{file.name} has no section called {unknown[0]!r}.", f"Its sections are: {', '.join(FILE_SECTIONS)}."
        )
    return given


def _table(given: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    table = given.get(section, {})
    if not isinstance(table, Mapping):
        raise BadSetting(
            f"The section {section!r} is not a table of settings.", "Write key and value for each setting."
        )
    return table
