"""A copy of the database that lives on beside the original becomes an installation of its own."""

import uuid
from argparse import ArgumentParser
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coop.installation import Installation

WHAT = (
    "This gives the database a new name. It then takes nothing at Stripe for its own that the original made, and would "
    "pay and charge once more what the original has paid and charged. Never run it on a database that was restored to "
    "go on as the original."
)


class Command(BaseCommand):
    help = "Say that this database is a copy, for trying things out, and not the co-op itself. " + WHAT

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="It is a copy: give it a name of its own.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PAYMENTS and "_live_" in settings.STRIPE_API_KEY:
            raise CommandError(
                "STRIPE_API_KEY moves real money. Give the copy a key of test mode first, or PAYMENTS=off."
            )
        if not options["yes"]:
            raise CommandError(f"{WHAT} If that is what you want, say --yes.")
        with pgtrigger.ignore("coop.Installation:an_installation_keeps_its_name"):
            Installation.objects.update(name=uuid.uuid4())
        self.stdout.write(f"It is called {Installation.ours()} now.")
