"""The first people of a fresh co-op; afterwards a rescue only, of which every member is told."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from coop.models import ZipCode
from coop.postal_areas import meet
from coop.typed.text import email_address, zip_code
from members.models import Member, Notice, Role, User
from members.standing.decisions import FOUNDING

ENOUGH = 3
"""From so many owners on offices are given on the page, by two people."""


@transaction.atomic
def appoint(email: str, *, name: str, role: str, zip_code: ZipCode, at: datetime, rescue: str = "") -> bool:
    """Make whoever has this address a member who holds `role` from today; False if they hold it already.

    Refused in a co-op of three owners, unless it is a `rescue`, for a reason that all members are told.
    """
    today = timezone.localdate(at)
    if Member.objects.owners(today).count() >= ENOUGH and not rescue:
        raise CommandError(
            "Three members are there: offices are given on the page Offices. "
            "Where nobody can do that any more, add --rescue 'reason'; all members are told."
        )
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
    known = Member.objects.filter(user=user).first()
    member = known or Member.objects.take_in(user, zip=zip_code, on=today, at=at, by=None)
    if member.state_on(today) == Member.State.FORMER:
        raise CommandError("They left the co-op: nobody holds an office who is not a member.")
    if member.state_on(today) == Member.State.CANDIDATE:
        member.admit(at=at, by=None, note=FOUNDING)
    if Role.objects.held(at).filter(member=member, kind=role).exists():
        return False
    gone_on = member.leaves_after(today)
    held = Role.objects.create(member=member, kind=role, starts_on=today, leaves_on=gone_on, decision=rescue)
    if rescue:
        _tell_everybody(held, at=at)
    return True


def _tell_everybody(held: Role, *, at: datetime) -> None:
    about = {"held": held, "decision": held.decision}
    for member in Member.objects.here(timezone.localdate(at)).select_related("user"):
        key = f"office_rescued:{held.pk}:{member.user_id}"
        Notice.post(key, to=member.user, mail="office_rescued", at=at, about=about)


class Command(BaseCommand):
    help = "Make somebody a member with an office, for example: appoint sol@example.org --name 'Sol Vega' --zip 11215"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--zip", required=True, help="where they live")
        parser.add_argument("--rescue", default="", help="why nobody can do it on the page; all members are told")
        parser.add_argument("--role", choices=Role.Kind.values, default=Role.Kind.COORDINATOR)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            email, code = email_address(options["email"]), zip_code(options["zip"])
        except ValidationError as wrong:
            raise CommandError(wrong.messages[0]) from wrong
        home = meet(code)
        if home is None:
            raise CommandError("There is no such ZIP code.")
        wanted = {"name": options["name"], "role": options["role"], "rescue": options["rescue"]}
        is_new = appoint(email, **wanted, zip_code=home, at=timezone.now())
        self.stdout.write("Appointed." if is_new else "Held that office already.")
