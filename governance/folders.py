"""The folders of this room, each standing on those before it."""

FOLDERS = ("ballots", "proposals", "rulebook", "presets")
