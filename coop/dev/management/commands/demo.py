"""Fill an empty co-op with months of believable life, through the same verbs that people use."""

import time as stopwatch
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from bookings.models import AreaChange, DoorSign
from coop.contact import ContactFacts
from coop.dev.demo import overrides
from coop.dev.demo.announced import announce
from coop.dev.demo.bodies import found_bodies
from coop.dev.demo.bulk import History, Rota
from coop.dev.demo.days import Days, Town
from coop.dev.demo.founding import NEW_YORK, REACHED, Household, find_households, found_members
from coop.dev.demo.keeping import agree, bring_households, file_papers, put_duties
from coop.dev.demo.law import say_how_all_are_paid, write_down_the_law
from coop.dev.demo.lessons import Lessons
from coop.dev.demo.money import Purse
from coop.dev.demo.phones import prove_numbers
from coop.dev.demo.votes import FLOOR, LONGER, Assembly, savings
from coop.jobs import without_enqueueing
from coop.policies import policy_cache
from members.models import Member, Notice, Role, User

LIVELY = timedelta(weeks=2)
"""So long life goes by the verbs that people use; what was before is written in bulk."""
NEW_AREAS, WHY_THERE = ("10701", "10704", "10705"), "Two of us live near Yonkers and can be there quickly."
NEXT_AREAS, WHY_NEXT = ("10550", "10552"), "Whoever comes to Yonkers is near Mount Vernon, too."
MOST_LIVELY = 400
"""With more clients than this only so many live through those weeks: a load test, not a story."""
START, HISTORY = 10, 25
"""Per cent done once everybody is there, and once the months before the last weeks are written."""


class Command(BaseCommand):
    help = (
        "Make a believable co-op: members, clients, months of visits, pay runs and votes. Only for an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=24)
        parser.add_argument("--clients", type=int, default=140)
        parser.add_argument("--months", type=float, default=6)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_real_life(options["members"])
        started = stopwatch.monotonic()
        with without_enqueueing(), policy_cache(), connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET join_collapse_limit = 2")  # a row fetched with all around it: as it is written is best
            self._replay(Random(options["seed"]), options)  # noqa: S311  (stories, not secrets)
            Notice.objects.filter(sent_at=None).update(sent_at=F("due_at"))
            cursor.execute("RESET synchronous_commit")
            cursor.execute("RESET join_collapse_limit")
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
        self._begin(members, at=start)
        days = Days(dice, until=end, now=start)
        opens = max(end - LIVELY, start).replace(hour=0, minute=0, second=0, microsecond=0)
        treasurer, approver = _holder(Role.Kind.TREASURER), _holder(Role.Kind.BOARD)
        purse = Purse(days, settings.STRIPE_BASE_URL, treasurer=treasurer, approver=approver, opens=opens)
        coordinator = _holder(Role.Kind.COORDINATOR)
        town = Town(days, purse.save_card, purse.charge, coordinator=coordinator, opens=opens)
        assembly = Assembly(days, [member for member in members if member.is_owner])
        purse.begin()
        try:
            purse.wind(start)
            for member in members[:-1]:
                purse.onboard(member, at=start)
            self._plan_money_and_votes(purse, assembly, start, end)
            households = find_households(dice, options["clients"], start=start, end=end)
            self._say(START)
            history = History(dice, purse, Rota(members))
            history.expect(households, until=opens)
            for day in [*half_months(start.date(), opens.date()), opens.date()]:
                until = datetime.combine(day, time(), NEW_YORK)
                days.plan(until, partial(history.write, until=until))
            lively = households[:MOST_LIVELY]
            for household in lively:
                town.welcome(household)
            Lessons(town, purse, _holder(Role.Kind.MEMBERSHIP), lively).plan()
            self._leave_something_to_do(days, town, lively)
            days.run(lambda at: self._tell(at, purse, start=start, opens=opens, end=end))
            self._end(town, members, start=start, end=end)
            self._say(100)
        finally:
            purse.end()

    def _begin(self, members: list[Member], *, at: datetime) -> None:
        """What a co-op says before its first booking."""
        coordinator = _holder(Role.Kind.COORDINATOR)
        ContactFacts.say(at=at, by=coordinator, **REACHED)
        DoorSign.hang(is_open=True, at=at, by=coordinator)
        AreaChange.make(add=NEW_AREAS, reason=WHY_THERE, from_day=timezone.localdate(at), at=at, by=coordinator)
        write_down_the_law(at=at, by=_holder(Role.Kind.TREASURER))
        say_how_all_are_paid(members, at=at, by=_holder(Role.Kind.MEMBERSHIP))

    def _end(self, town: Town, members: list[Member], *, start: datetime, end: datetime) -> None:
        """What is to be seen on the day on which somebody looks."""
        overrides.answer(town, at=end)
        overrides.swap(at=end)
        self._keep([one for one in members if one.means_on(end.date()).reads], at=end)
        announce(end)
        soon = timezone.localdate(end) + timedelta(weeks=3)
        coordinator = _holder(Role.Kind.COORDINATOR)
        AreaChange.make(add=NEXT_AREAS, reason=WHY_NEXT, from_day=soon, at=end, by=coordinator)
        prove_numbers(end)
        found_bodies(members, start=start.date(), at=end)

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
        for household in days.dice.sample(households, k=len(households) // 8):
            days.plan(days.until - timedelta(hours=days.dice.uniform(6, 60)), partial(town.book, household))
        for household in households[:4]:
            days.plan(days.until, partial(town.book, household))

    def _keep(self, people: list[Member], *, at: datetime) -> None:
        """What the offices keep for everybody."""
        board = _holder(Role.Kind.BOARD)
        agree(people, at=at, by=board)
        file_papers(at=at, by=board)
        bring_households(at=at, by=_holder(Role.Kind.COORDINATOR))
        put_duties([one for one in people[:8] if one.means_on(at.date()).acts], at=at, by=board)

    def _tell(self, at: datetime, purse: Purse, *, start: datetime, opens: datetime, end: datetime) -> None:
        purse.wind(at)
        purse.count_time(at)
        if at < opens:
            self._say(START + round((HISTORY - START) * ((at - start) / (opens - start))))
        else:
            self._say(HISTORY + round((99 - HISTORY) * ((at - opens) / (end - opens))))

    def _say(self, percent: int) -> None:
        """How much of its life is lived, for whoever waits for it."""
        self.stdout.write(f"{percent} %")


def half_months(first: date, last: date) -> list[date]:
    """The firsts and sixteenths between two days: when one half of a month is over."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days))
    return [day for day in days if day.day in (1, 16)]


def _holder(kind: str) -> User:
    return Role.objects.filter(kind=kind).order_by("pk")[0].member.user
