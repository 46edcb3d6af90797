"""At the door and inside: taps, delays, checklists, photos, lockouts, and what goes wrong."""
