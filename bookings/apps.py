"""What this app registers when Django starts."""

from importlib import import_module

from django.apps import AppConfig

from bookings.wings import pieces

HUBS = ("rules", "tasks", "notices", "personal_data", "receivers", "badges")
"""The pieces by which a wing takes part in what is for the whole house; each is imported, and registers itself."""


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        for hub in HUBS:
            for module in pieces(hub):
                import_module(module)
