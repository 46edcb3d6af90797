"""Which postal areas the co-op serves."""

from argparse import ArgumentParser
from typing import Any

import zipcodes
from django.core.management.base import BaseCommand, CommandError

from coop.models import ZipCode


def areas(*, state: str, county: str) -> list[ZipCode]:
    """The delivery areas of one county, as rows that are not saved yet."""
    return [
        ZipCode(
            code=found["zip_code"],
            city=found["city"],
            county=found["county"],
            state=found["state"],
            latitude=float(found["lat"]),
            longitude=float(found["long"]),
            zone=found["timezone"],
        )
        for found in zipcodes.filter_by(state=state, county=county, zip_code_type="STANDARD", active=True)
    ]


class Command(BaseCommand):
    help = "Serve every postal area of a county, for example: serve_area NY 'Kings County'"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state")
        parser.add_argument("county")

    def handle(self, *args: Any, **options: Any) -> None:
        found = areas(state=options["state"], county=options["county"])
        if not found:
            raise CommandError("No postal area of that county is known.")
        ZipCode.objects.bulk_create(found, ignore_conflicts=True)
        self.stdout.write(f"{len(found)} areas are served.")
