"""End an office by a decision, at this moment and not at midnight."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.models import Role


class Command(BaseCommand):
    help = "End somebody's office now, for example: end_term sol@example.org --role treasurer --why 'Proposal 12'"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.Kind.values, required=True)
        parser.add_argument("--why", required=True, help="which decision; it is kept and can be read")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        terms = Role.objects.held(now).filter(member__user__email__iexact=options["email"], kind=options["role"])
        if not terms:
            raise CommandError("They do not hold that office.")
        for term in terms:
            term.end(at=now, by=None, note=options["why"])
        self.stdout.write("Ended.")
