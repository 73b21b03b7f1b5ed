"""What every spec is: frozen, complete, checked at birth; and a knob, the one row of a tunable number.

From a knob come the widget, the check, the command-line flag, the Optuna range, the table in the README and the
refusal tests. Adding a hyperparameter is one row here and the one line that uses it.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import BadSetting

Scale = Literal["linear", "log"]
Kind = Literal["integer", "number", "switch", "choice", "integers", "text"]


class Spec(BaseModel):
    """A frozen, complete value; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Self:
        """The spec of these values, or one sentence that names the first setting that does not fit.

        Raises:
            BadSetting: unknown key, wrong type, or outside the limits.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise _as_bad_setting(cls, error) from error


@dataclass(frozen=True)
class Knob:
    """One tunable setting, as read off its spec."""

    name: str
    kind: Kind
    label: str
    default: Any
    low: float | None
    high: float | None
    scale: Scale
    step: float | None
    unit: str
    choices: tuple[Any, ...]
    choice_labels: tuple[str, ...]
    min_items: int
    max_items: int
    shown_with: tuple[str, str] | None
    does: str
    when: str

    @property
    def help(self) -> str:
        """The two sentences: what it does, when to change it."""
        return f"{self.does} {self.when}"

    @property
    def limits(self) -> str:
        """What it takes, in words: "a whole number from 1 to 11 px"."""
        if self.kind == "choice":
            return "one of " + ", ".join(str(choice) for choice in self.choices)
        if self.kind == "switch":
            return "on or off"
        if self.kind == "text":
            return "text"
        span = f"from {_number(self.low)} to {_number(self.high)}"
        if self.kind == "integers":
            return f"{self.min_items} to {self.max_items} whole numbers {span}"
        return f"{'a whole number' if self.kind == 'integer' else 'a number'} {span} {self.unit}".rstrip()


def knob(
    default: Any,
    label: str,
    *,
    does: str,
    when: str,
    low: float | None = None,
    high: float | None = None,
    scale: Scale = "linear",
    step: float | None = None,
    unit: str = "",
    choice_labels: tuple[str, ...] = (),
    items: tuple[int, int] = (1, 1),
    shown_with: tuple[str, str] | None = None,
) -> Any:
    """A pydantic field that is also a row of the form.

    Args:
        default: the value when nothing is set; its type decides the widget together with the annotation.
        label: its name on the screen.
        does: one sentence: what it does.
        when: one sentence: when to change it.
        low, high: the limits, both allowed; of each entry for a tuple of integers.
        scale: "log" where values are compared by their ratio.
        step: the widget's step.
        unit: as written behind the number.
        choice_labels: what the choices of a `Literal` are called on the screen, in order.
        items: least and most entries of a tuple of integers.
        shown_with: (other setting, its value): matters only then, so a form shows it only then.
    """
    extra: dict[str, Any] = {"low": low, "high": high, "scale": scale, "step": step, "unit": unit}
    extra |= {"choice_labels": choice_labels, "items": items, "shown_with": shown_with, "does": does, "when": when}
    limits: dict[str, Any] = {}
    if isinstance(default, tuple):
        limits = {"min_length": items[0], "max_length": items[1]}
    elif not isinstance(default, (bool, str)):
        limits = {"ge": low, "le": high}
    return Field(default=default, title=label, json_schema_extra={"knob": extra}, **limits)


def knobs(spec: type[Spec]) -> tuple[Knob, ...]:
    """Every tunable setting of a spec, in the order in which it is written there."""
    return tuple(_read(name, field) for name, field in spec.model_fields.items() if _is_knob(field))


def check_items(values: tuple[int, ...], spec: type[Spec], name: str) -> tuple[int, ...]:
    """For validators: each entry of a tuple of integers lies within its knob's limits.

    Raises:
        ValueError: an entry outside; pydantic turns it into its own error.
    """
    row = next(k for k in knobs(spec) if k.name == name)
    low, high = int(row.low or 0), int(row.high or 0)
    for value in values:
        if not low <= value <= high:
            raise ValueError(f"each entry must lie between {low} and {high}")
    return values


def _is_knob(field: FieldInfo) -> bool:
    return isinstance(field.json_schema_extra, dict) and "knob" in field.json_schema_extra


def _read(name: str, field: FieldInfo) -> Knob:
    extra: Any = field.json_schema_extra
    row = extra["knob"]
    kind, choices = _kind(field.annotation)
    least, most = row["items"]
    return Knob(
        name=name,
        kind=kind,
        label=field.title or name,
        default=field.default,
        low=row["low"],
        high=row["high"],
        scale=row["scale"],
        step=row["step"],
        unit=row["unit"],
        choices=choices,
        choice_labels=row["choice_labels"] or tuple(str(choice) for choice in choices),
        min_items=least,
        max_items=most,
        shown_with=row["shown_with"],
        does=row["does"],
        when=row["when"],
    )


def _kind(annotation: Any) -> tuple[Kind, tuple[Any, ...]]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        inner = next(a for a in get_args(annotation) if a is not type(None))
        return _kind(inner)
    if origin is Literal:
        return "choice", get_args(annotation)
    if origin is tuple:
        return "integers", ()
    plain: dict[Any, Kind] = {bool: "switch", int: "integer", float: "number", str: "text"}
    return plain[annotation], ()


def _as_bad_setting(spec: type[Spec], error: ValidationError) -> BadSetting:
    first = error.errors()[0]
    place = first["loc"]
    if first["type"] == "extra_forbidden":
        known = f"The settings here are: {', '.join(spec.model_fields)}." if len(place) == 1 else "Leave it out."
        return BadSetting(f"There is no setting called {'.'.join(map(str, place))!r}.", known)
    row = next((k for k in knobs(spec) if k.name == place[0]), None) if place else None
    if row is not None:
        return BadSetting(f"{row.label} ({row.name}) cannot be {_received(first['input'])}.", f"Choose {row.limits}.")
    message = first["msg"].removeprefix("Value error, ")
    if not place:  # a rule over several settings, already a sentence
        return BadSetting(f"{message[:1].upper()}{message[1:]}.", "Correct it and try again.")
    return BadSetting(
        f"{'.'.join(map(str, place))} cannot be {_received(first['input'])}: {message[:1].lower()}{message[1:]}.",
        "Correct it and try again.",
    )


def _received(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "empty"
    return repr(value) if isinstance(value, str) else str(value)


def _number(value: float | None) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
