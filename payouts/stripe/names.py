"""What each thing that we make at Stripe is for, written on it, so that a restored database would name it the same.

A name says what is paid and by which installation, and never the number of the row that asked for it: a pay run that
is drafted anew after a restore has other rows and the same debts. Names hold ids and digests, no words about anybody.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from coop.models import Installation

Name = dict[str, str]
DIGITS = 32


def digest_of(words: Iterable[str]) -> str:
    """A set of words (keys of entries in the books) in 32 digits: the same for the same words, in whatever order."""
    said = json.dumps(sorted(set(words)), ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:DIGITS]


def name(kind: str, *, settles: Iterable[str] = (), **about: object) -> Name:
    """The metadata of something at Stripe: the installation, the kind, whom or what it is about, which entries it pays.

    `settles` are the keys of those entries, here or to come.
    """
    keys = list(settles)
    entries = {"entries": digest_of(keys)} if keys else {}
    return {
        "installation": Installation.ours(),
        "kind": kind,
        **{part: str(word) for part, word in about.items()},
    } | entries


def key_of(name: Mapping[str, str]) -> str:
    """The idempotency key of whatever carries this name."""
    return _join(name, sorted(name.keys() - {"installation"}))


def debt_of(name: Mapping[str, str]) -> Name:
    """What all tries of one debt have in common."""
    return {part: word for part, word in name.items() if part != "number_of_try"}


def group_of(name: Mapping[str, str], *parts: str) -> str:
    """The `transfer_group` of all that has these parts of a name in common."""
    return _join(name, parts)


def name_in(params: Mapping[str, Any] | None) -> Name | None:
    """The name in parameters that were frozen; None where they were frozen before names were written."""
    metadata: Name = (params or {}).get("metadata", {})
    return metadata if "installation" in metadata else None


def _join(name: Mapping[str, str], parts: Iterable[str]) -> str:
    return ":".join([name["installation"], *(f"{part}={name[part]}" for part in parts)])
