"""How much of a long proof `make test` does. `make proofs` does all of it; its last figures stand in docs/proofs.md."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")
WHOLE = bool(os.environ.get("PROOFS"))
proof = pytest.mark.proof
"""A test that is tried in a whole proof only; what stands for it otherwise is named in docs/proofs.md."""


def some(rows: Sequence[T], *, of: int) -> Sequence[T]:
    """Every so many-th of them; all of them in a whole proof."""
    return rows if WHOLE else rows[::of]


def rounds(whole: int, *, short: int) -> int:
    """How often something is tried again."""
    return whole if WHOLE else short
