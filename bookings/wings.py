"""The wings of this room, each standing on those before it."""

WINGS = (
    "catalog",
    "matching",
    "households",
    "imports",
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
