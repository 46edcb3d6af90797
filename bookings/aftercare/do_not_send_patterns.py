"""Patterns of do-not-sends that somebody should talk about, kindly and in private. Lists people, counts nothing aloud.

A pattern is on the list until somebody has talked with them, and again only when something new was asked for since.
Nothing follows from it by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bookings.aftercare.safety_talks import Talk
from bookings.households.clients import Client
from bookings.households.do_not_send import DoNotSend
from bookings.policies import REVIEW_ASKED, REVIEW_ASKED_DAYS, REVIEW_HOUSEHOLDS, REVIEW_HOUSEHOLDS_DAYS
from coop.policies import values
from members.models import Member, User

CLIENT = DoNotSend.Placer.CLIENT


@dataclass(frozen=True)
class Case:
    """Somebody to talk with: a member whom several households asked not to send, or a household that asked often.

    `reasons` are those given, each once; `about` are the members whom a household asked not to send.
    """

    member: Member | None
    client: Client | None
    reasons: list[str]
    about: list[Member]


def cases(reader: User, *, at: datetime) -> list[Case]:
    """Whom to talk with, members first; never the reader or their household: somebody else thinks about those."""
    rules = values(timezone.localdate(at), (REVIEW_HOUSEHOLDS, REVIEW_HOUSEHOLDS_DAYS, REVIEW_ASKED, REVIEW_ASKED_DAYS))
    lately = DoNotSend.objects.filter(placer=CLIENT)
    of_members = lately.standing().filter(placed_at__gt=at - timedelta(days=rules[REVIEW_HOUSEHOLDS_DAYS.key]))
    of_clients = lately.filter(placed_at__gt=at - timedelta(days=rules[REVIEW_ASKED_DAYS.key]))
    members = _passing(
        of_members.exclude(member__user=reader), "member", "client", Q(n__gte=rules[REVIEW_HOUSEHOLDS.key])
    )
    of_clients = of_clients.exclude(client__in=Client.objects.of(reader))
    clients = _passing(of_clients, "client", "member", Q(n__gt=rules[REVIEW_ASKED.key]))
    return [*_of_members(of_members, members), *_of_clients(of_clients, clients)]


def case_of(reader: User, *, member: int | None, client: int | None, at: datetime) -> Case | None:
    """The case of this member or this household, if it is on the list."""
    for case in cases(reader, at=at):
        if (case.member and case.member.pk == member) or (case.client and case.client.pk == client):
            return case
    return None


def _passing(wishes: QuerySet[DoNotSend], side: str, other: str, threshold: Q) -> list[int]:
    """The members or clients past the threshold about whom something is newer than the last talk with them."""
    talked = Talk.objects.filter(**{side: OuterRef(side)}).order_by("-talked_at").values("talked_at")[:1]
    rows = wishes.order_by().values(side).annotate(n=Count(other, distinct=True), latest=Max("placed_at"))
    rows = rows.annotate(talked=Subquery(talked)).filter(threshold)
    return [row[side] for row in rows if row["talked"] is None or row["latest"] > row["talked"]]


def _of_members(wishes: QuerySet[DoNotSend], pks: list[int]) -> Iterable[Case]:
    people = Member.objects.select_related("user").in_bulk(pks)
    given = list(wishes.filter(member__in=pks).values_list("member", "reason"))
    return [
        Case(people[pk], None, _reasons(reason for about, reason in given if about == pk), []) for pk in sorted(pks)
    ]


def _of_clients(wishes: QuerySet[DoNotSend], pks: list[int]) -> Iterable[Case]:
    households = Client.objects.select_related("user").in_bulk(pks)
    given = list(wishes.filter(client__in=pks).select_related("member__user").order_by("member"))
    found = []
    for pk in sorted(pks):
        mine = [wish for wish in given if wish.client_id == pk]
        about = list({wish.member_id: wish.member for wish in mine}.values())
        found.append(Case(None, households[pk], _reasons(wish.reason for wish in mine), about))
    return found


def _reasons(codes: Iterable[str]) -> list[str]:
    given = set(codes)
    return [str(reason.label) for reason in DoNotSend.Reason if reason.value in given]
