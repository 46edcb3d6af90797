"""The wings of this room, each standing on those before it."""

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
