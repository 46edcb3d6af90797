"""What a preset would change, and choosing it while the co-op is founded."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import cast

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import Amendment, Event
from coop.policies import Policy, Text, check_all, values
from governance.presets.presets import OWN, AnyPolicy, Preset, touched
from members.founding.founders import check_founding
from members.models import User

KIND = "governance.preset"
VOTED = "governance.proposal:"


@dataclass(frozen=True)
class Difference:
    """One rule: its value today, and the one that it gets, with why and from where."""

    policy: AnyPolicy
    was: Fraction
    value: Fraction
    why: Text
    source: Text

    @property
    def moves(self) -> bool:
        return self.was != self.value

    @property
    def says_was(self) -> str:
        return self.policy.say(self.was)

    @property
    def says(self) -> str:
        return self.policy.say(self.value)


def differences(preset: Preset, *, day: date) -> list[Difference]:
    """Every rule that presets are about, as it is on a day and as this one wants it. One query.

    A rule that this one says nothing of begins as for every new co-op, so that no other preset stays halfway.
    """
    policies = touched()
    now = values(day, cast(list[Policy[Fraction]], policies))
    chosen = {choice.policy.key: choice for choice in preset.choices}
    found = []
    for policy in policies:
        choice, was = chosen.get(policy.key), Fraction(now[policy.key])
        if choice:
            found.append(Difference(policy, was, choice.value, choice.why, choice.source))
        elif was != policy.default:
            found.append(Difference(policy, was, Fraction(policy.default), _("As every new co-op begins."), OWN))
    return found


@transaction.atomic
def choose(preset: Preset, *, at: datetime, by: User) -> None:
    """Take on all values of a preset from today on, as one event. Twice is once.

    Refused once the co-op is founded, or its members have voted on a rule: from then on rules go by vote.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('governance.presets'))")
    check_founding()
    if Amendment.objects.filter(source__startswith=VOTED).exists():
        raise Refusal(_("The members have voted on rules already: from now on rules go by vote."))
    today = timezone.localdate(at)
    moved = [one for one in differences(preset, day=today) if one.moves]
    if not moved:
        return
    check_all({one.policy.key: one.value for one in moved}, day=today)
    note = "; ".join(f"{one.policy.key}: {one.says_was} → {one.says}" for one in moved)
    event = Event.objects.create(
        kind=KIND, subject=0, verb="choose", actor=by, at=at, note=f"{preset.key}. {note}", after=preset.key
    )
    for one in moved:
        Amendment.objects.create(
            policy=one.policy.key,
            numerator=one.value.numerator,
            denominator=one.value.denominator,
            effective_on=today,
            enacted_at=at,
            source=f"{KIND}:{preset.key}:{event.pk}",
        )


def chosen_before() -> Event | None:
    """The last choice, if there was one."""
    return Event.objects.filter(kind=KIND).select_related("actor").order_by("pk").last()
