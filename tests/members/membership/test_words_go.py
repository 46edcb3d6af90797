"""What was written about somebody is gone once they are forgotten; who decided what, and when, stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from coop.models import Event
from members.models import Admission, Candidate, Confirmation, Member, ProposedSuspension, Standing
from members.personal_data import erase
from tests import make
from tests.bookings.desk import signed_in
from tests.test_forgetting import found_anywhere

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mara() -> Member:
    return make.member("Mara Lund", hours=None, roles=["membership"])


def confirmed(clock: time_machine.Traveller) -> Confirmation:
    clock.move_to(NOW + timedelta(days=10))
    ben, asked = make.member("Ben Board", hours=None, roles=["board"]), Confirmation.objects.get()
    signed_in(ben).post(reverse("confirm_confirmation", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "confirmed"
    return asked


def forgotten(member: Member, clock: time_machine.Traveller) -> int:
    """How many events there are afterwards."""
    clock.move_to(NOW + timedelta(days=200))
    erase(Member.objects.get(pk=member.pk).user, at=timezone.now())
    assert found_anywhere(["Canary"]) == []
    return Event.objects.filter(kind="members.confirmation").count()


def test_why_somebody_was_suspended(ana: Member, mara: Member, clock: time_machine.Traveller) -> None:
    signed_in(mara).post(reverse("suspend", args=[ana.pk]), {"reason": "Canary drinks at work"})
    asked = confirmed(clock)
    one = Member.objects.get(pk=ana.pk)
    one.leave_coop(at=timezone.now(), by=one.user)
    before = Event.objects.about(asked).count()
    assert (forgotten(ana, clock), ProposedSuspension.objects.get().member_id) == (before, ana.pk)
    assert Standing.objects.filter(member=ana, state="suspended").exists()


def test_why_a_candidate_was_told_no(cara: Member, mara: Member, clock: time_machine.Traveller) -> None:
    Candidate.objects.get(pk=cara.pk).turn_down("Canary is rude", at=NOW, by=mara.user)
    confirmed(clock)
    assert Member.objects.get(pk=cara.pk).state == "former"
    assert forgotten(cara, clock)
    assert Admission.objects.get().outcome == "no"


def test_what_the_office_wrote_in_a_record(ana: Member, mara: Member, clock: time_machine.Traveller) -> None:
    sent = {"phone": "(212) 555-0199", "zip": ana.zip_id, "areas": "", "hours": "10", "note": "Canary told me"}
    assert signed_in(mara).post(reverse("change_member", args=[ana.pk]), sent).status_code == 302
    ana.leave_coop(at=timezone.now(), by=ana.user)
    forgotten(ana, clock)
    assert found_anywhere(["+12125550199"]) == []
    assert Event.objects.filter(kind="members.member", subject=ana.pk, verb="change", actor=mara.user).exists()


@pytest.mark.parametrize("change", [{"note": "otherwise"}, {"verb": "x"}, {"note": "", "verb": "x"}])
def test_nothing_else_of_an_event_changes(ana: Member, change: dict[str, str]) -> None:
    ana.record_event("change", at=NOW, by=ana.user, note="as it was")
    with pytest.raises(DatabaseError, match="events_are_never_changed"), transaction.atomic():
        Event.objects.filter(note="as it was").update(**change)
