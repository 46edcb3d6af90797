"""What the co-op still lacks, in the terminal: the same list as on its page of setting up, and the same questions."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from coop.readiness.needs import Need, lacking
from coop.readiness.trials import Finding, trials
from members.founding.readiness import who_mends

SIGNS = {"good": "works", "bad": "does not work", "": "nothing to ask"}


class Command(BaseCommand):
    help = "Ask mail, text messages and Stripe whether they work, and say what is missing; ends with 1 if anything is"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--offline", action="store_true", help="ask nobody outside, and go by what they said last")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["offline"]:
            self._ask()
        missing = lacking()
        for need in missing:
            self.stdout.write(f"- {need.lacks}\n  {need.mend}{_where(need)}")
        if missing:
            raise CommandError(f"{len(missing)} things are missing.")
        self.stdout.write("Nothing is missing.")

    def _ask(self) -> None:
        for trial in trials():
            found = Finding.note(trial.key, trial.ask(None), at=timezone.now())
            self.stdout.write(f"{trial.label}: {SIGNS[found.kind]}\n  {found.words}")


def _where(need: Need) -> str:
    """The page, and who may."""
    who = f" ({who_mends(need)})" if need.offices else ""
    return f"\n  {settings.BASE_URL}{reverse(need.address)}{who}" if need.address else ""
