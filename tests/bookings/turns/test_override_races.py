"""Deciding a turn otherwise while whoever was asked says yes or no: real threads."""

import pytest

from bookings.models import Offer, Override, Shift
from members.models import Member
from tests import make
from tests.bookings.clock import NOW
from tests.bookings.visits.test_booking_races import offers
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_a_shift_is_taken_or_given_and_never_both(ana: Member, bo: Member, sol: Member) -> None:
    kept, given = 0, 0
    for offer in offers(make.service(minutes=120)):
        other = bo if offer.member == ana else ana
        shift = Shift.objects.with_related().get(pk=offer.shift_id)
        at_once(
            lambda offer=offer: offer.accept(at=NOW, by=offer.member.user),
            lambda shift=shift, other=other: Override.give(shift, to=other, reason="Why not", at=NOW, by=sol.user),
        )
        shift.refresh_from_db()
        waiting = list(Offer.objects.waiting().filter(shift=shift))
        overrides = Override.objects.filter(shift=shift).count()
        if shift.state == "accepted":
            assert (shift.member, waiting, overrides) == (offer.member, [], 0)
            kept += 1
        else:
            assert (shift.state, [each.member for each in waiting], overrides) == ("offered", [other], 1)
            given += 1
    assert kept + given == 6


def test_of_two_coordinators_the_second_sees_what_the_first_decided(ana: Member, bo: Member, sol: Member) -> None:
    for offer in offers(make.service(minutes=120)):
        other = bo if offer.member == ana else ana
        shifts = [Shift.objects.with_related().get(pk=offer.shift_id) for _coordinator in range(2)]
        at_once(
            *(
                lambda shift=shift, other=other: Override.give(shift, to=other, reason="Why not", at=NOW, by=sol.user)
                for shift in shifts
            )
        )
        assert [each.member for each in Offer.objects.waiting().filter(shift=offer.shift_id)] == [other]
        assert Override.objects.filter(shift=offer.shift_id).count() == 1
