"""How a room in folders takes part: what each folder brings registers itself, the lowest folder first."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

HUBS = (
    *("rules", "tasks", "notices", "personal_data", "confirmable_acts"),
    *("receivers", "badges", "readiness", "register_lines", "leaving", "news", "who_looked", "places", "attention"),
)
"""The pieces by which a folder takes part in what is for the whole house; each is imported, and registers itself."""


def pieces(room: str, folders: tuple[str, ...], name: str) -> list[str]:
    """The modules of this name, folder by folder: `bookings.turns.rules` and its like."""
    modules = [f"{room}.{folder}.{name}" for folder in folders]
    return [module for module in modules if find_spec(module)]


class Room(AppConfig):
    """A room whose `folders` stand on those before them. Django takes the one class it finds in `apps`, so it is
    imported by way of this module.
    """

    folders: tuple[str, ...] = ()

    def ready(self) -> None:
        for hub in HUBS:
            for module in pieces(self.name, self.folders, hub):
                import_module(module)
