"""Numbers as people read them: 0.914, 12,480 images, 3 min 20 s, 1.4 GB; what could not be measured is a dash."""

from __future__ import annotations

import math

UNKNOWN = "–"


def figure(value: float | None, digits: int = 3) -> str:
    """A figure of merit, a loss or a share of 1, with `digits` decimals: `0.914`; a dash for None and NaN."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def interval(low: float | None, high: float | None, digits: int = 3) -> str:
    """A 95 % interval: `0.871 to 0.947`; empty where there is none."""
    return "" if low is None or high is None else f"{figure(low, digits)} to {figure(high, digits)}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 in per cent: `91 %`."""
    return UNKNOWN if share is None or not math.isfinite(share) else f"{100 * share:.{digits}f} %"


def count(number: float, noun: str = "", plural: str = "") -> str:
    """A whole number with thousands apart and its noun: `12,480 images`, `1 image`, `3 classes`."""
    if not noun:
        return f"{number:,.0f}"
    return f"{number:,.0f} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float | None) -> str:
    """A time span in at most two units: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return UNKNOWN
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, name, small, small_name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {name} {rest} {small_name}" if rest else f"{whole // size} {name}"
    return f"{whole} s"


def size(number_of_bytes: float | None) -> str:
    """An amount of bytes in decimal units: `840 B`, `12 kB`, `3.4 MB`, `1.4 GB`."""
    if number_of_bytes is None:
        return UNKNOWN
    amount, unit = float(number_of_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 999.5:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 9.95 else f"{amount:.1f} {unit}"


def rate(per_second: float | None, unit: str) -> str:
    """Units a second, with the digits that matter: `0.42 images/s`, `56 images/s`, `1,240 images/s`."""
    if per_second is None or not math.isfinite(per_second):
        return UNKNOWN
    digits = 0 if per_second >= 10 else 1 if per_second >= 1 else 2
    return f"{per_second:,.{digits}f} {unit}/s"


def small(value: float | None) -> str:
    """A setting such as a learning rate, without trailing zeros and without surprise: `0.001`, `3e-05`, `12`."""
    return UNKNOWN if value is None else f"{value:g}"
