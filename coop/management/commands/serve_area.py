"""Which postal areas the co-op serves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coop.postal_areas import of_county, serve


class Command(BaseCommand):
    help = "Serve every postal area of a county, for example: serve_area NY 'Kings County'"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state")
        parser.add_argument("county")

    def handle(self, *args: Any, **options: Any) -> None:
        found = of_county(options["state"], options["county"])
        if not found:
            raise CommandError("No postal area of that county is known.")
        serve(found)
        self.stdout.write(f"{len(found)} areas are served.")
