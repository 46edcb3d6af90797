"""The wings of this room, each standing on those before it, and how the pieces that they bring are found."""

from importlib.util import find_spec

WINGS = (
    "catalog",
    "matching",
    "households",
    "visits",
    "series",
    "turns",
    "onsite",
    "checkout",
    "care",
    "aftercare",
    "fairness",
    "office",
    "client",
)


def pieces(name: str) -> list[str]:
    """The modules of this name, wing by wing: `bookings.turns.rules` and its like."""
    modules = [f"bookings.{wing}.{name}" for wing in WINGS]
    return [module for module in modules if find_spec(module)]
