"""How fast a run goes and how long it still takes, from the times of its steps and validations."""

from __future__ import annotations

from dataclasses import dataclass

# A validation passes images forward only; training passes them forward, and back at about twice the cost.
VALIDATION_COST = 1 / 3


@dataclass
class Pace:
    """Times gathered so far.

    Attributes:
        val_images: images of one validation.
        images: training images whose time is known.
        seconds: that time, without validations.
        last_validation_s: what the last validation took; None before the first.
    """

    val_images: int
    images: int = 0
    seconds: float = 0.0
    last_validation_s: float | None = None

    def trained(self, images: int, seconds: float) -> None:
        """A step over `images` images took `seconds`."""
        self.images += images
        self.seconds += seconds

    def validated(self, seconds: float) -> None:
        """A validation took `seconds`."""
        self.last_validation_s = seconds

    @property
    def images_per_s(self) -> float | None:
        """Training images per second, without validations; None before the first step."""
        return self.images / self.seconds if self.images and self.seconds > 0 else None

    def left_s(self, images_left: int, validations_left: int) -> float | None:
        """Seconds to the end of the run; None before the first step."""
        rate = self.images_per_s
        if rate is None:
            return None
        validation_s = self.last_validation_s
        if validation_s is None:
            validation_s = self.val_images * VALIDATION_COST / rate
        return images_left / rate + validations_left * validation_s
