"""The configuration of a run in words: every setting with its label and unit, and how the images were prepared."""

from __future__ import annotations

from typing import Any

from core.specs import Augmentation, Knob, Recipe, RunConfig, Spec, knobs
from pages.parts import numbers, tables


def show(config: RunConfig) -> None:
    """Everything that decided a run."""
    rows = [
        ("Images", recipe_words(config.recipe)),
        ("Augmentation", augmentation_words(config.augmentation)),
        *settings_in_words(config.model),
        *settings_in_words(config.training),
    ]
    tables.show_facts(rows)


def settings_in_words(spec: Spec) -> list[tuple[str, str]]:
    """Label and value of each setting that matters, in the order of its form."""
    values = spec.model_dump()
    return [(row.label, in_words(row, values[row.name])) for row in knobs(type(spec)) if _matters(row, values)]


def recipe_words(recipe: Recipe) -> str:
    """The steps of a recipe in one line: `Colour: grey → Resize: 64 px, keep proportions`."""
    return " → ".join(_step_words(step) for step in recipe.steps)


def augmentation_words(augmentation: Augmentation) -> str:
    """The changes of training images in one line."""
    if augmentation.is_off:
        return "none"
    values = augmentation.model_dump()
    return ", ".join(
        row.label.lower() if row.kind == "switch" else f"{row.label.lower()} {in_words(row, values[row.name])}"
        for row in knobs(Augmentation)
        if values[row.name]
    )


def in_words(row: Knob, value: Any) -> str:
    """One value as people read it, with its unit."""
    if row.kind == "switch":
        return "on" if value else "off"
    if row.kind == "choice":
        return dict(zip(row.choices, row.choice_labels, strict=True))[value]
    if row.kind == "integers":
        return ", ".join(map(str, value)) or "none"
    number = numbers.small(value) if row.kind == "number" else str(value)
    return f"{number} {row.unit}".strip().replace(" °", "°")


def _step_words(step: Spec) -> str:
    title = getattr(step, "title", type(step).__name__)
    settings = [_in_a_sentence(words) for _, words in settings_in_words(step)]
    return f"{title}: {', '.join(settings)}" if settings else title


def _in_a_sentence(words: str) -> str:
    """`Keep proportions` as `keep proportions`, but RGB as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _matters(row: Knob, values: dict[str, Any]) -> bool:
    if row.name == "stop_below":  # depends on any choice but one, which `shown_with` cannot say
        return values["stop_when"] != "never"
    if row.name in ("batch_auto", "batch_size", "batch_most") and values["optimizer"] == "full_batch":
        return False
    return row.shown_with is None or str(values[row.shown_with[0]]) == row.shown_with[1]
