"""The front door: what it says depends on who stands before it, and it says the truth."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse
from django.utils import translation

from bookings.models import Service
from bookings.policies import OPERATIONS_SHARE, PAY_FLOOR, WORKER_SHARE
from coop.models import Amendment
from members.models import Member, User
from tests import make
from tests.browsers import Browser as Client

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 5, 4, 13, tzinfo=UTC)


def page(client: Client, name: str = "home") -> str:
    """What is shown, whatever the line breaks in the template."""
    text = client.get(reverse(name)).content.decode()
    return re.sub(r"\s*(<|>)\s*", r"\1", " ".join(text.split()))


def vote(*changes: tuple[str, int, int]) -> None:
    """Rules in force from the first day on."""
    for key, numerator, denominator in changes:
        Amendment.objects.create(
            policy=key,
            numerator=numerator,
            denominator=denominator,
            effective_on=make.FIRST_DAY,
            enacted_at=make.SPRING,
            source="governance.proposal:1",
        )


def test_a_visitor_reads_how_many_own_the_co_op(client: Client, cara: Member) -> None:
    for _ in range(4):
        make.member()
    assert "We are 4 cleaners and home aides who own this company together." in page(client)


def test_a_visitor_sees_a_price_and_where_it_goes(client: Client) -> None:
    shown = page(client)
    assert [amount in shown for amount in ("$131.25", "$124.69", "$5.25", "$0.66", "$22.25 an hour")] == [True] * 5


@pytest.mark.parametrize("name", ["home", "how_it_works"])
def test_the_promise_follows_the_vote(client: Client, name: str) -> None:
    vote((WORKER_SHARE.key, 94, 100), (OPERATIONS_SHARE.key, 5, 100), (PAY_FLOOR.key, 2450, 1))
    shown = page(client, name)
    assert [words in shown for words in ("94% of", "$24.50 an hour", "95% of", "$22.25")] == [True, True, False, False]


def test_the_first_question_leads_into_booking(client: Client) -> None:
    shown = page(client)
    services = [f'name="service" value="{code}"' in shown for code in ("cleaning", "deep", "moving", "aide")]
    assert (services, f'action="{reverse("quote")}"' in shown) == ([True] * 4, True)


def test_before_anything_is_offered_the_door_still_opens(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings_service CASCADE")
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize("who", ["ana", "cara"])
def test_who_works_goes_straight_to_their_day(client: Client, who: str, request: Any) -> None:
    client.force_login(request.getfixturevalue(who).user)
    assert client.get(reverse("home"))["Location"] == reverse("today")


def test_who_coordinates_sees_how_many_shifts_nobody_has(client: Client, sol: Member, ana: Member) -> None:
    with time_machine.travel(MONDAY, tick=False):
        make.confirmed(starts_at=MONDAY + timedelta(days=3), at=MONDAY)
        client.force_login(sol.user)
        shown = page(client)
    assert ("<small>Shifts that nobody has yet</small><b>1</b>" in shown, reverse("pay_runs") in shown) == (True, False)


def test_a_treasurer_is_led_to_the_pay_runs(client: Client, tess: Member) -> None:
    client.force_login(tess.user)
    shown = page(client)
    assert (reverse("pay_runs") in shown, reverse("unfilled_shifts") in shown) == (True, False)


def test_a_client_sees_the_next_visit_and_can_book_the_same_again(client: Client, ana: Member) -> None:
    household = make.client("Jordan Lee")
    with time_machine.travel(MONDAY, tick=False):
        shift = make.accepted(starts_at=MONDAY + timedelta(days=3), at=MONDAY, client=household)
        client.force_login(household.user)
        shown = page(client)
    again = "?service=cleaning&amp;zip=11215&amp;bedrooms=1&amp;bathrooms=1"
    words = ["Hello, Jordan", "Thursday, May 7", "9:00 AM – ", "Ana R.", reverse("visit", args=[shift.visit_id]), again]
    assert [word in shown for word in words] == [True] * 6


def test_a_client_without_a_planned_visit_is_told_so(client: Client, ana: Member) -> None:
    household = make.client("Jordan Lee")
    with time_machine.travel(MONDAY, tick=False):
        make.booking(starts_at=MONDAY + timedelta(days=3), at=MONDAY, client=household)
        client.force_login(household.user)
        assert "No visit is planned just now." in page(client)


def test_somebody_signed_in_who_never_booked_reads_the_promise(client: Client, dan: User) -> None:
    client.force_login(dan)
    assert "A cleaner home." in page(client)


@pytest.mark.parametrize(("trouble", "status"), [(OperationalError, 503), (InterfaceError, 503), (ValueError, 500)])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "We cannot look anything up for a moment."), ("es", "Por un momento no podemos consultar nada.")],
)
def test_a_database_that_is_away_is_no_fault_and_comes_back(
    monkeypatch: pytest.MonkeyPatch, trouble: type[Exception], status: int, language: str, words: str
) -> None:
    def fall(*_arguments: object) -> None:
        raise trouble

    monkeypatch.setattr(Service.objects, "offered", fall)
    with translation.override("en"):
        answer = Client(raise_request_exception=False).get(reverse("home"), headers={"accept-language": language})
    said = words in answer.content.decode()
    assert (answer.status_code, answer.get("Retry-After"), said) == (status, "60" if said else None, status == 503)
