"""Patterns to talk about: for the safety role alone, in private, without a number and without a consequence."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.aftercare.do_not_send_patterns import cases
from bookings.models import Client, DoNotSend, Offer, Talk
from coop.models import Event
from members.models import Member, Notice
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NOW, local

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOTE = "Canary: she would like shorter ways"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def noa(db: None) -> Member:
    """Looks after safety."""
    return make.member("Noa Stern", hours=None, roles=["safety"])


def away(
    member: Member, *, client: Client | None = None, at=NOW, placer: str = "client", reason: str = "other"
) -> DoNotSend:
    client = client or make.client()
    return DoNotSend.place(client=client, member=member, placer=placer, reason=reason, at=at, by=client.user)


def listed(reader: Member, *, at=NOW) -> list[Member | Client | None]:
    return [case.member or case.client for case in cases(reader.user, at=at)]


def test_three_households_in_half_a_year_put_a_member_on_the_list(noa: Member, ana: Member) -> None:
    away(ana, at=NOW - 183 * DAY)
    away(ana, at=NOW - 182 * DAY, reason="schedule")
    away(ana, reason="schedule")
    assert listed(noa) == []
    away(ana, reason="language")
    case = cases(noa.user, at=NOW)[0]
    assert (case.member, case.reasons) == (
        ana,
        ["Being late or not coming", "We could not understand each other"],
    )


def test_what_was_lifted_and_what_members_asked_for_themselves_does_not_count(noa: Member, ana: Member) -> None:
    wishes = [away(ana) for _household in range(3)]
    for _household in range(3):
        away(ana, placer="member")
    assert listed(noa) == [ana]
    wishes[0].lift(at=NOW)
    assert listed(noa) == []


def test_more_than_three_by_one_household_in_a_year_are_looked_at(noa: Member) -> None:
    household, people = make.client(), [make.member() for _ in range(5)]
    away(people[0], client=household, at=NOW - 365 * DAY)
    for member in people[1:4]:
        away(member, client=household)
    assert listed(noa) == []
    away(people[4], client=household, reason="conduct")
    case = cases(noa.user, at=NOW)[0]
    assert (case.client, case.about) == (household, people[1:5])


def test_a_household_that_lifts_what_it_asked_for_is_looked_at_all_the_same(noa: Member) -> None:
    household = make.client()
    for member in [make.member() for _ in range(4)]:
        away(member, client=household).lift(at=NOW)
    assert listed(noa) == [household]


def test_after_a_talk_it_is_off_the_list_until_something_new_is_asked_for(noa: Member, ana: Member) -> None:
    for _household in range(3):
        away(ana, at=NOW - DAY)
    Talk.keep(member=ana, client=None, note="Well.", at=NOW, by=noa.user)
    assert listed(noa) == []
    away(ana, at=NOW + DAY)
    assert listed(noa, at=NOW + 2 * DAY) == [ana]


def test_nobody_reads_about_themselves(noa: Member, ana: Member) -> None:
    for _household in range(3):
        away(noa)
    other = make.member("Uma Safe", hours=None, roles=["safety"])
    assert (listed(noa), listed(other)) == ([], [noa])
    Talk.keep(member=noa, client=None, note=NOTE, at=NOW, by=other.user)
    assert NOTE not in desk.text(desk.signed_in(noa).get(reverse("review")))
    assert NOTE in desk.text(desk.signed_in(other).get(reverse("review")))


def test_the_page_says_with_whom_to_talk_and_keeps_what_was_agreed(noa: Member, ana: Member, bo: Member) -> None:
    for _household in range(3):
        away(ana)
    browser = desk.signed_in(noa)
    page = desk.text(browser.get(reverse("review")))
    assert "Ana R." in page
    assert "Please ask a mentor to talk with them" in page
    keep = reverse("keep_talk")
    assert "This is still missing." in desk.text(browser.post(keep, {"member": ana.pk}))
    assert browser.post(keep, {"member": bo.pk, "note": NOTE}).status_code == 404
    page = desk.text(browser.post(keep, {"member": ana.pk, "note": NOTE}, follow=True))
    assert ("Nothing to talk about." in page, NOTE in page) == (True, True)
    talk = Talk.objects.get()
    assert (talk.member, talk.client, talk.by, talk.talked_at) == (ana, None, noa.user, NOW)


def test_it_is_for_the_safety_role_alone(noa: Member, ana: Member, sol: Member, tess: Member, dan) -> None:
    for person in (ana, sol, tess, dan):
        assert desk.signed_in(person).get(reverse("review")).status_code == 403
        assert desk.signed_in(person).post(reverse("keep_talk"), {"member": ana.pk, "note": "x"}).status_code == 403


def test_nothing_follows_from_it_and_nothing_of_it_is_told_or_logged(
    noa: Member, ana: Member, bo: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for _household in range(3):
        away(ana)
    before = (Event.objects.count(), Notice.objects.count(), Member.objects.get(pk=ana.pk).state)
    desk.signed_in(noa).post(reverse("keep_talk"), {"member": ana.pk, "note": NOTE})
    assert (Event.objects.count(), Notice.objects.count(), Member.objects.get(pk=ana.pk).state) == before
    lines = [line for line in caplog.text.splitlines() if "django.db.backends" not in line]
    assert [line for line in lines if NOTE in line or f"safety/{ana.pk}" in line] == []
    make.confirmed(starts_at=local(12, 9), at=NOW, client=make.client())
    assert Offer.objects.get().member == ana


def test_a_copy_of_the_database_tells_no_note(noa: Member, ana: Member) -> None:
    Talk.keep(member=ana, client=None, note=NOTE, at=NOW, by=noa.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bookings_talk AS row WHERE row::text LIKE %s", [f"%{NOTE}%"])
        assert cursor.fetchone()[0] == 0


def test_a_talk_is_with_a_member_or_a_household(noa: Member) -> None:
    with pytest.raises(IntegrityError, match="a_talk_is_with"), transaction.atomic():
        Talk.keep(member=None, client=None, note="", at=NOW, by=noa.user)


def test_the_list_asks_as_often_for_many_as_for_few(noa: Member, ana: Member, bo: Member) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cases(noa.user, at=NOW)
        return len(queries)

    for _household in range(3):
        away(ana)
    asked()
    few = asked()
    for _household in range(3):
        away(bo, client=make.client())
    assert asked() == few
