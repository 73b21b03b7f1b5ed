"""What a data set's card says, in sentences that a clinician reads."""

from __future__ import annotations

from core.specs import DatasetCard, Split, SplitConfig
from pages.parts import numbers


def summary(card: DatasetCard) -> str:
    """What came in, in two or three plain sentences; plain text, to be escaped before it is shown."""
    images = numbers.count(card.images, "image")
    classes = numbers.count(len(card.classes), "class", "classes")
    words = [f"{images} in {classes}. Source: {card.source}.", f"{sizes(card)} {colours(card)}"]
    if card.unreadable:
        words.append(
            f"{numbers.count(card.unreadable, 'file')} could not be read and {_were(card.unreadable)} left out."
        )
    return " ".join(words)


def sizes(card: DatasetCard) -> str:
    """How large the images are."""
    width, height = f"{card.median_width_px:,}", f"{card.median_height_px:,}"
    if card.min_side_px == card.max_side_px:
        return f"Every image is {width} × {height} px."
    return f"The middle size is {width} × {height} px; sides run from {card.min_side_px:,} to {card.max_side_px:,} px."


def colours(card: DatasetCard) -> str:
    """Grey or colour, and how fine the values are where that is unusual."""
    deep = " with 16 bits (65,536 values) per pixel" if card.bit_depth == 16 else ""
    return f"All are grey{deep}." if card.grey else f"At least some are in colour{deep}."


def split(config: SplitConfig) -> str:
    """How the images are divided, in one sentence."""
    if config.source == "given":
        return "Divided as the data set brought it."
    return (
        f"Drawn at random: {config.train_percent} % training, {config.val_percent} % validation,"
        f" {config.test_percent} % test, each class in the same shares, seed {config.seed}."
    )


def split_counts(card: DatasetCard) -> str:
    """How many images each split holds."""
    return " · ".join(f"{part.label} {numbers.count(card.count(part))}" for part in Split)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
