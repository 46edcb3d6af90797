"""What the co-op still lacks, in the terminal: the same list as on its page of setting up."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from coop.readiness import Need, lacking
from members.founding.readiness import who_mends


class Command(BaseCommand):
    help = "Say what is still missing, and what to do about each; ends with 1 while anything is"

    def handle(self, *args: Any, **options: Any) -> None:
        missing = lacking()
        for need in missing:
            self.stdout.write(f"- {need.lacks}\n  {need.mend}{_where(need)}")
        if missing:
            raise CommandError(f"{len(missing)} things are missing.")
        self.stdout.write("Nothing is missing.")


def _where(need: Need) -> str:
    """The page, and who may."""
    who = f" ({who_mends(need)})" if need.offices else ""
    return f"\n  {settings.BASE_URL}{reverse(need.address)}{who}" if need.address else ""
