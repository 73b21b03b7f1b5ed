"""The recipe that a visitor is working on: steps in their order, and what was set of those that are switched off."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.specs import STEPS, Augmentation, DatasetCard, Recipe, Spec, default_recipe
from pages.parts import session

NEEDED = ("colour", "resize")
"""Steps that every recipe has; they can be set and moved, never switched off."""

FIRST = "window"
"""The step that comes before all others if it is switched on."""

KINDS: dict[str, type[Spec]] = {kind.model_fields["step"].default: kind for kind in STEPS}
_RANK = {name: place for place, name in enumerate(KINDS)}


@dataclass
class Draft:
    """A recipe and an augmentation that can be changed.

    Attributes:
        active: the steps that are switched on, in the order in which they are done.
        parked: the settings of steps that were switched off, by name, for when they come back.
        augmentation: the random changes of training images.
        seed: decides the draws that are shown; "draw again" raises it.
    """

    active: list[Spec]
    augmentation: Augmentation = field(default_factory=Augmentation)
    parked: dict[str, Spec] = field(default_factory=dict)
    seed: int = 0

    @property
    def recipe(self) -> Recipe:
        """The recipe as it stands."""
        return Recipe.model_validate({"steps": [step.model_dump() for step in self.active]})

    @property
    def names(self) -> list[str]:
        """Names of the active steps in their order."""
        return [name_of(step) for step in self.active]

    def switch_on(self, name: str) -> None:
        """Take a step in, with what was last set, at its usual place among the others."""
        step = self.parked.pop(name, None) or KINDS[name]()
        later = [place for place, other in enumerate(self.names) if _RANK[other] > _RANK[name]]
        self.active.insert(later[0] if later else len(self.active), step)

    def switch_off(self, name: str) -> None:
        """Leave a step out; its settings are kept for when it comes back."""
        place = self.names.index(name)
        self.parked[name] = self.active.pop(place)

    def move(self, name: str, by: int) -> None:
        """Do a step earlier (-1) or later (1); nothing happens where it cannot."""
        if self.can_move(name, by):
            place = self.names.index(name)
            self.active.insert(place + by, self.active.pop(place))

    def can_move(self, name: str, by: int) -> bool:
        """Whether a step can be done earlier (-1) or later (1): not beyond the ends, and never before the window."""
        first = 1 if self.names[0] == FIRST else 0
        return name != FIRST and first <= self.names.index(name) + by < len(self.active)

    def put(self, step: Spec) -> None:
        """Replace a step by another setting of it."""
        self.active[self.names.index(name_of(step))] = step

    def order_as_usual(self) -> None:
        """Bring the active steps into the usual order."""
        self.active.sort(key=lambda step: _RANK[name_of(step)])

    @property
    def in_usual_order(self) -> bool:
        """Whether the active steps are in the usual order."""
        ranks = [_RANK[name] for name in self.names]
        return ranks == sorted(ranks)

    def load(self, recipe: Recipe, augmentation: Augmentation) -> None:
        """Start again from a recipe."""
        self.active, self.augmentation, self.parked = list(recipe.steps), augmentation, {}


def draft_of(dataset_id: str, card: DatasetCard) -> Draft:
    """The visitor's draft for a data set; the default recipe of its images where there is none yet."""
    drafts, name = session.visitor().drafts, f"prepare:{dataset_id}"
    if name not in drafts:
        drafts[name] = Draft(list(default_recipe(card).steps))
    found: Draft = drafts[name]
    return found


def name_of(step: Spec) -> str:
    """The name of a step as it is written in a recipe: "colour", "crop_box", ..."""
    return str(type(step).model_fields["step"].default)


def title_of(name: str) -> str:
    """What a step is called on the screen."""
    return str(vars(KINDS[name])["title"])


def moves_pixels(name: str) -> bool:
    """Whether a step moves pixels (geometric); otherwise it changes their values (photometric)."""
    return bool(vars(KINDS[name])["nature"] == "geometric")
