"""The one-time address with which a co-op is set up, in a browser."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from coop.errors import Refusal
from members.models import SetupKey


class Command(BaseCommand):
    help = "Print the one-time address with which a new co-op is set up; an earlier one opens nothing any more"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = SetupKey.make(at=timezone.now())
        except Refusal as refusal:
            self.stdout.write(str(refusal))
            return
        self.stdout.write(f"Set up the co-op at {address}\nIt opens once, for whoever comes first: tell nobody else.")
