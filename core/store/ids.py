"""Names for new things: short, random, safe as a folder's name and in an address."""

from __future__ import annotations

import secrets

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # base32: 5 bits a letter


def new_id(prefix: str) -> str:
    """A fresh id such as `run_7k2m4qxd`: the prefix and 40 random bits in lower-case base32."""
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(8))}"
