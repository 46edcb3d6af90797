"""A co-op of three of whom one leaves after it has opened: it stays founded, and nobody decides alone."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from bookings.models import DoorSign
from coop.errors import Refusal
from governance.presets.choosing import choose
from governance.presets.presets import preset
from members.founding.invitations import FounderInvitation
from members.models import Confirmation, Member
from tests import make
from tests.bookings.desk import NOW, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def two() -> tuple[Member, Member]:
    one = make.member("Una One", hours=None, roles=["coordinator", "board", "membership", "safety"])
    other = make.member("Dora Two", hours=None)
    third = make.member("Tom Three", hours=None, roles=["treasurer"])
    DoorSign.objects.create(is_open=True, hung_at=NOW, hung_by=one.user)
    third.leave_coop(at=NOW, by=third.user)
    return one, other


def asked_for(one: Member, whom: Member) -> Confirmation:
    sent = {"office": "treasurer", "member": whom.pk, "starts_on": NOW.date().isoformat(), "decision": "Meeting"}
    signed_in(one).post(reverse("seat_member"), sent)
    return Confirmation.objects.waiting().get()


def test_one_of_two_founds_nothing_alone(two: tuple[Member, Member]) -> None:
    one, other = two
    sent = {f"member-{one.pk}": ["treasurer"], "shown": [f"member-{one.pk}", f"member-{other.pk}"]}
    signed_in(one).post(reverse("share_offices"), sent)
    chosen = preset("three")
    assert chosen
    with pytest.raises(Refusal, match="The co-op is founded"):
        choose(chosen, at=NOW, by=one.user)
    signed_in(one).post(reverse("invite_founder"), {"email": "friend@example.org", "name": "Fred", "offices": []})
    assert (one.user.roles & {"treasurer"}, FounderInvitation.objects.exists()) == (set(), False)


@pytest.mark.parametrize("for_whom", [0, 1])
def test_of_two_the_other_confirms_who_holds_an_office(two: tuple[Member, Member], for_whom: int) -> None:
    one, other = two
    asked = asked_for(one, two[for_whom])
    assert (two[for_whom].terms.filter(kind="treasurer").exists(), asked.seconds(NOW)) == (False, [other.user])
    signed_in(other).post(reverse("confirm_confirmation", args=[asked.pk]))
    assert two[for_whom].terms.filter(kind="treasurer").exists()


def test_what_is_missing_leads_to_where_it_is_mended(two: tuple[Member, Member]) -> None:
    browser = signed_in(two[0])
    assert "Some offices have nobody." in text(browser.get(reverse("readiness")))
    ways = {"share_offices": "offices", "invite_founder": "applications"}
    mains = {name: text(browser.get(reverse(name))).partition("<main")[2] for name in ways}
    assert [name for name, to in ways.items() if f'href="{reverse(to)}"' not in mains[name]] == []
