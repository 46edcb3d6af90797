"""Who said yes and whose certificate ends before the day stands on a list, until somebody shows a newer one."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Offer, Shift
from members.models import Member
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING


def test_accepted_work_without_a_certificate_on_its_day_is_listed(ana: Member) -> None:
    with time_machine.travel(NOW, tick=False):
        held = make.credential(ana)
        shift = make.accepted(starts_at=NOW + timedelta(days=5), at=NOW, service=make.service(credential="hha"))
        day = shift.starts_at.date()
        assert Shift.objects.without_credential(NOW).count() == 0
        type(held).objects.filter(pk=held.pk).update(expires_on=day)
        assert Shift.objects.without_credential(NOW).get() == shift
        browser = Browser()
        browser.force_login(make.member("Sol Vega", hours=None, roles=["coordinator"]).user)
        page = browser.get(reverse("unfilled_shifts")).content.decode()
        assert "Their certificate ends before" in page
        assert reverse("relieve_shift", args=[shift.pk]) in page
        assert "Shifts whose certificate ends before" in browser.get(reverse("home")).content.decode()
        make.credential(ana, issued_on=NOW.date(), expires_on=day + timedelta(days=1))
        assert Shift.objects.without_credential(NOW).count() == 0


def test_from_the_day_of_expiry_nobody_says_yes_on_the_page(ana: Member) -> None:
    with time_machine.travel(NOW, tick=False):
        held = make.credential(ana)
        starts_at = NOW + timedelta(days=5)
        booking = make.confirmed(starts_at=starts_at, at=NOW, service=make.service(credential="hha"))
        offer = Offer.objects.waiting().get(shift__visit__booking=booking)
        type(held).objects.filter(pk=held.pk).update(expires_on=starts_at.date())
        browser = Browser()
        browser.force_login(ana.user)
        browser.post(reverse("accept_offer", args=[offer.pk]))
        assert Shift.objects.filter(pk=offer.shift_id, state="accepted").count() == 0
