"""Handing a day over while somebody says yes to a shift of it, or hands it over, too: real threads."""

from typing import Any

import pytest

from bookings.models import HandOver, Shift
from members.models import Member
from tests import make
from tests.bookings.clock import NOW
from tests.bookings.visits.test_booking_races import offers
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_whoever_hands_a_day_over_keeps_no_shift_of_it_whoever_says_yes_meanwhile(
    ana: Member, bo: Member, sol: Member
) -> None:
    left: list[Any] = []
    troubles: list[Any] = []
    for offer in offers(make.service(minutes=120)):
        member, day = offer.member, offer.shift.starts_at.date()

        def hand_over(member: Member = member, day=day) -> HandOver:
            return HandOver.begin(member, day=day, at=NOW, by=sol.user)

        results = at_once(lambda offer=offer: offer.accept(at=NOW, by=offer.member.user), hand_over, hand_over)
        troubles += [trouble for trouble in results[1:] if isinstance(trouble, Exception)]
        left += Shift.objects.filter(member=member, starts_at__date=day, state__in=["offered", "accepted"])
    assert (left, troubles) == ([], [])
    assert HandOver.objects.count() == 6
