"""The links by which a visitor of the demo comes in, one for each role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coop.dev.demo_links import link_for, one_of_each


class Command(BaseCommand):
    help = "Print a one-click sign-in link for each role (demo only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are sign-in links in the demo only (DEBUG and DEMO are on).")
        for role, user in one_of_each():
            self.stdout.write(f"  {role:12} {user.name or user.email:24} {link_for(user)}")
