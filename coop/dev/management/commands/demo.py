"""Fill an empty co-op with months of believable life, through the same verbs that people use."""

import time as stopwatch
from argparse import ArgumentParser
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from bookings.models import DoorSign
from coop.contact import ContactFacts
from coop.dev.demo import overrides
from coop.dev.demo.bulk import write_history
from coop.dev.demo.days import Days, Town
from coop.dev.demo.founding import NEW_YORK, REACHED, Household, find_households, found_members
from coop.dev.demo.money import Purse
from coop.dev.demo.votes import FLOOR, LONGER, Assembly, savings
from coop.jobs import without_enqueueing
from coop.policies import policy_cache
from members.models import Member, Notice, Role, User

MANY = 400
"""With more clients than this the past is written in bulk: a load test, not a story."""
LIVELY = 30
"""So many of them live through the last days all the same."""


class Command(BaseCommand):
    help = (
        "Make a believable co-op: members, clients, months of visits, pay runs and votes. Only for an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=34)
        parser.add_argument("--clients", type=int, default=200)
        parser.add_argument("--months", type=float, default=6)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_real_life(options["members"])
        started = stopwatch.monotonic()
        with without_enqueueing(), policy_cache(), connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            self._replay(Random(options["seed"]), options)  # noqa: S311  (stories, not secrets)
            Notice.objects.filter(sent_at=None).update(sent_at=F("due_at"))
            cursor.execute("RESET synchronous_commit")
        self.stdout.write(f"The demo is ready after {stopwatch.monotonic() - started:.0f} seconds.")

    def _refuse_real_life(self, members: int) -> None:
        if not settings.STRIPE_BASE_URL:
            raise CommandError("The demo needs the Stripe stand-in: set STRIPE_BASE_URL to its address.")
        if Member.objects.exists():
            raise CommandError("There are members already. The demo is only for an empty database.")
        if members < 12:
            raise CommandError("The offices of the co-op need at least 12 members.")

    def _replay(self, dice: Random, options: dict[str, Any]) -> None:
        end = timezone.now().astimezone(NEW_YORK)
        start = end - timedelta(days=round(options["months"] * 30.4))
        members = found_members(dice, options["members"], start=start.date(), today=end.date())
        ContactFacts.say(at=start, by=_holder(Role.Kind.COORDINATOR), **REACHED)
        DoorSign.hang(is_open=True, at=start, by=_holder(Role.Kind.COORDINATOR))
        days = Days(dice, until=end, now=start)
        purse = Purse(
            days, settings.STRIPE_BASE_URL, treasurer=_holder(Role.Kind.TREASURER), approver=_holder(Role.Kind.BOARD)
        )
        town = Town(days, purse.save_card, purse.charge, coordinator=_holder(Role.Kind.COORDINATOR))
        assembly = Assembly(days, [member for member in members if member.is_owner])
        purse.begin()
        try:
            purse.wind(start)
            for member in members[:-1]:
                purse.onboard(member, at=start)
            self._plan_money_and_votes(purse, assembly, start, end)
            households = find_households(dice, options["clients"], start=start, end=end)
            if len(households) > MANY:
                written = write_history(dice, members, households, start=start, end=end - timedelta(days=2))
                self.stdout.write(f"  {written} finished visits")
                households = households[:LIVELY]
            for household in households:
                household.next_at = max(household.next_at, days.now)
                town.welcome(household)
            self._leave_something_to_do(days, town, households)
            days.run(lambda at: self._tell(at, purse, start, end))
            overrides.answer(town, at=end)
            overrides.swap(at=end)
        finally:
            purse.end()

    def _plan_money_and_votes(self, purse: Purse, assembly: Assembly, start: datetime, end: datetime) -> None:
        day = start.date() + timedelta(days=8)
        while day <= end.date():
            if day.day in (4, 19):
                purse.pay_on(day)
            day += timedelta(days=1)
        assembly.plan(FLOOR, voting_from=start + timedelta(days=30))
        assembly.plan(LONGER, voting_from=start + (end - start) / 2)
        assembly.plan(savings(end.date()), voting_from=end - timedelta(days=5))

    def _leave_something_to_do(self, days: Days, town: Town, households: list[Household]) -> None:
        """A full week ahead, and a few offers made this very minute, which nobody has answered yet."""
        for household in days.dice.sample(households, k=len(households) // 5):
            days.plan(days.until - timedelta(hours=days.dice.uniform(6, 60)), partial(town.book, household))
        for household in households[:4]:
            days.plan(days.until, partial(town.book, household))

    def _tell(self, at: datetime, purse: Purse, start: datetime, end: datetime) -> None:
        purse.wind(at)
        purse.count_time(at)
        if at.day == 1 and self.stdout.isatty():
            self.stdout.write(f"  {at:%B %Y} ({(at - start) / (end - start):.0%})")


def _holder(kind: str) -> User:
    return Role.objects.filter(kind=kind).order_by("pk")[0].member.user
