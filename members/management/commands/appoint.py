"""The first people of a fresh co-op: somebody must be there before anybody can be voted in."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from coop.models import ZipCode
from coop.typed.text import email_address, zip_code
from members.models import Member, Role, User


@transaction.atomic
def appoint(email: str, *, name: str, role: str, zip_code: ZipCode, at: datetime) -> bool:
    """Make whoever has this address a member who holds `role` from today; False if they hold it already."""
    today = timezone.localdate(at)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
    known = Member.objects.filter(user=user).first()
    member = known or Member.objects.take_in(user, zip=zip_code, on=today, at=at, by=None)
    if member.state_on(today) == Member.State.FORMER:
        raise CommandError("They left the co-op: nobody holds an office who is not a member.")
    if member.state_on(today) == Member.State.CANDIDATE:
        member.admit(at=at, by=None, note="founding member")
    if Role.objects.held(at).filter(member=member, kind=role).exists():
        return False
    Role.objects.create(member=member, kind=role, starts_on=today)
    return True


class Command(BaseCommand):
    help = "Make somebody a member with an office, for example: appoint sol@example.org --name 'Sol Vega' --zip 11215"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--zip", required=True, help="where they live; serve_area adds areas")
        parser.add_argument("--role", choices=Role.Kind.values, default=Role.Kind.COORDINATOR)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email, code = email_address(options["email"]), zip_code(options["zip"])
        except ValidationError as wrong:
            raise CommandError(wrong.messages[0]) from wrong
        home = ZipCode.objects.filter(code=code).first()
        if home is None:
            raise CommandError("That ZIP code is not served. Add its county with serve_area first.")
        is_new = appoint(email, name=options["name"], role=options["role"], zip_code=home, at=timezone.now())
        self.stdout.write("Appointed." if is_new else "Held that office already.")
