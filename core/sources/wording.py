"""How findings are worded: many places folded into one finding, and verbs that agree with their number."""

from __future__ import annotations

from collections.abc import Sequence

from core.specs import Finding, Severity

MOST_NAMED = 100
_LONGEST_NAME = 300


def folded(severity: Severity, rule: str, where: Sequence[str], what: str, remedy: str) -> Finding:
    """One finding about many files or classes; a hundred are named at most, the sentence should hold the count."""
    if len(where) > MOST_NAMED:
        what += f" The first {MOST_NAMED} of {len(where):,} are named."
    named = tuple(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in where[:MOST_NAMED])
    return Finding(severity=severity, rule=rule, where=named, what=what, remedy=remedy)


def stand(count: int) -> str:
    """ "stands" for one, "stand" for more."""
    return "stands" if count == 1 else "stand"


def were(count: int) -> str:
    """ "was" for one, "were" for more."""
    return "was" if count == 1 else "were"
