"""The people whom a household knows: who came or comes, and what the household said about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from bookings.households.clients import Client
from bookings.households.do_not_send import DoNotSend
from bookings.households.send_again import SendAgain
from bookings.matching.rotation import NEVER
from bookings.visits.shifts.shifts import Shift
from coop.models import ZipCode
from members.models import Member, User


@dataclass(frozen=True)
class Person:
    """A member as a household knows them. `last`: when they came last, or come next; None when that fell away."""

    member: Member
    last: datetime | None
    zone: str
    kept_away: DoNotSend | None
    again: SendAgain | None


def people_of(user: User) -> list[Person]:
    """Everybody who came to this person's homes or said that they come, latest first. Four queries."""
    came = {row["member"]: row for row in _came(user)}
    away = {wish.member_id: wish for wish in DoNotSend.objects.standing().asked_by(user)}
    again = {wish.member_id: wish for wish in SendAgain.objects.standing().asked_by(user)}
    members = Member.objects.select_related("user").in_bulk({*came, *away})
    known = [
        Person(
            member=member,
            last=came[pk]["last"] if pk in came else None,
            zone=came[pk]["visit__booking__home__zip__zone"] if pk in came else "UTC",
            kept_away=away.get(pk),
            again=again.get(pk),
        )
        for pk, member in members.items()
    ]
    return sorted(known, key=lambda one: (one.last or NEVER, one.member.pk), reverse=True)


def households(user: User, member: Member) -> list[Client]:
    """The households of this person at whose homes the member was, or is to be."""
    there = Shift.objects.of(member).coming().values("visit__booking__home__client")
    return list(Client.objects.of(user).filter(pk__in=there).order_by("pk"))


@dataclass(frozen=True)
class RefusedHome:
    """A household to which a member does not go. `last`: their last shift there, if they were ever there."""

    wish: DoNotSend
    last: Shift | None

    @property
    def area(self) -> ZipCode | None:
        """Where it is, no closer than the postal area."""
        homes = self.wish.client.homes.all()
        return self.last.zip if self.last else homes[0].zip if homes else None


def refused_homes(member: Member) -> list[RefusedHome]:
    """The homes that this member refuses, latest first; without an address. Three queries."""
    wishes = DoNotSend.objects.standing().refused_by(member.user).select_related("client__user").order_by("-pk")
    wishes = wishes.prefetch_related("client__homes__zip")
    mine = Shift.objects.of(member).coming().select_related("zip", "visit__booking__home")
    last = {shift.home.client_id: shift for shift in mine.order_by("starts_at") if shift.visit_id}
    return [RefusedHome(wish, last.get(wish.client_id)) for wish in wishes]


def _came(user: User) -> Iterable[Any]:
    theirs = Shift.objects.coming().filter(visit__booking__home__client__in=Client.objects.of(user))
    rows = theirs.values("member", "visit__booking__home__zip__zone").annotate(last=Max("starts_at"))
    return rows.order_by("last")
