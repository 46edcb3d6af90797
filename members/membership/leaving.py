"""Leaving the co-op: the day, the reason, and what is said about what follows."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.errors import Refusal
from members.membership.reasons import LeavingReason
from members.people.members import Member
from members.people.users import User
from members.policies import LEAVING_DAYS
from members.standing.leaving_facts import Place, tells
from members.standing.meaning import MemberState


def soonest(member: Member, *, at: datetime, by: User) -> date:
    """The first day on which they can be gone: after the notice that the co-op asks for, whoever writes it down.

    Where somebody else does, that is never today: they are written to, and can take it back until the day.
    """
    today = timezone.localdate(at)
    days = LEAVING_DAYS.on(today)
    return today + timedelta(days=days if by.pk == member.user_id else max(days, 1))


def leave(member: Member, *, gone_on: date, why: str, words: str, at: datetime, by: User) -> None:
    """From `gone_on` on they are no member any more; today means at this moment.

    Refused for a day before `soonest`.
    """
    first = soonest(member, at=at, by=by)
    if gone_on < first:
        raise Refusal(
            (
                _("The first day on which you can be gone is %(day)s.")
                if by.pk == member.user_id
                else _("The first day on which they can be gone is %(day)s: until the day they can take it back.")
            )
            % {"day": date_format(first)},
            field="gone_on",
        )
    with transaction.atomic():
        if gone_on == timezone.localdate(at):
            member.leave_coop(at=at, by=by)
        else:
            member.give_notice(gone_on=gone_on, at=at, by=by)
        leaving = member.standings.valid().filter(state=MemberState.FORMER).latest("starts_on")
        LeavingReason.say(leaving, why=why, words=words, at=at)


@tells(Place.OFFICES)
def offices_end(member: Member, gone_on: date, at: datetime) -> Iterator[str]:
    """The offices, and those that would stand empty."""
    for term in member.terms.held(at).order_by("kind"):
        about = {"office": term.get_kind_display(), "day": date_format(gone_on)}
        yield _("Your office (%(office)s) ends on the day before %(day)s.") % about
        if term.leaves_empty(at=at):
            yield _("Nobody else holds that office (%(office)s). Please see that somebody takes it on before.") % about


@tells(Place.ACCESS)
def access_ends(_member: Member, gone_on: date, _at: datetime) -> Iterator[str]:
    """What is signed out, and what stays."""
    yield _(
        "On %(day)s you are signed out everywhere, and the calendar of your shifts ends. As a client you sign in anew,"
        " and what is yours stays yours: bookings of your own home, receipts, your data."
    ) % {"day": date_format(gone_on)}
