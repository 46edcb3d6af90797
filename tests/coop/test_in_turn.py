"""Two people, or one who presses twice, do the same at the same moment: it is done once, and the second has a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import AddOn, ClosedDay, Service
from coop.errors import Refusal
from members.duties.usual import USUAL
from members.models import Agreement, BodyChange, CredentialType, Duty, Member, Skill
from tests import make
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

NAMES: dict[str, Any] = {"name_en": "Windows", "name_es": "Ventanas"}
SUMMARY: dict[str, Any] = {"summary_en": "x", "summary_es": "y"}
ADD: dict[Any, Callable[..., object]] = {
    Skill: lambda **by: Skill.add(**NAMES, **by),
    Agreement: lambda **by: Agreement.add(**NAMES, **by),
    CredentialType: lambda **by: CredentialType.add(**NAMES, months=12, needs_evidence=False, **by),
    Service: lambda **by: Service.add(**NAMES, **SUMMARY, skill="cleaning", **by),
    AddOn: lambda **by: AddOn.add(**NAMES, **by),
}


@pytest.fixture
def office() -> Member:
    make.member("Ana")
    return make.member("Ola Office", hours=None, roles=["coordinator", "membership", "board"])


def both(member: Member, address: str, sent: dict[str, Any]) -> list[Any]:
    browsers = [Browser(), Browser()]
    for browser in browsers:
        browser.raise_request_exception = False
        browser.force_login(member.user)
        browser.get(address)
    posts = [lambda one=one: one.post(address, sent).status_code for one in browsers]
    return sorted(at_once(*posts, spread=0))


@pytest.mark.parametrize("model", ADD)
def test_one_name_is_put_on_a_list_once(model: Any, office: Member) -> None:
    now = timezone.now()
    found = at_once(*[lambda: ADD[model](at=now, by=office.user)] * 2, spread=0)
    assert sorted(isinstance(one, Refusal) for one in found) == [False, True]
    assert not [one for one in found if isinstance(one, Exception) and not isinstance(one, Refusal)]
    assert model.objects.filter(**NAMES).count() == 1


def test_the_second_reads_that_it_is_on_the_list(office: Member) -> None:
    assert both(office, reverse("add_skill"), NAMES) == [200, 302]


def test_usual_duties_are_put_on_the_list_once(office: Member) -> None:
    both(office, reverse("add_usual_duties"), {"codes": [one.code for one in USUAL]})
    assert sorted(Duty.objects.values_list("code", flat=True)) == sorted(one.code for one in USUAL)


def test_a_day_that_was_closed_twice_at_once_is_open_when_it_is_taken_back(office: Member) -> None:
    now, day = timezone.now(), timezone.localdate() + timedelta(days=30)
    words = {"words_en": "We meet", "words_es": "Nos vemos"}
    at_once(*[lambda: ClosedDay.close(first=day, last=day, **words, at=now, by=office.user)] * 2, spread=0)
    ClosedDay.objects.get(takes_back=None).take_back(at=now, by=office.user)
    assert not ClosedDay.objects.between(day, day).exists()


def test_a_body_is_asked_for_once(office: Member) -> None:
    make.member("Third", roles=["board"])
    facts = {"name_en": "Board", "name_es": "Consejo", "may_en": "x", "may_es": "y", "quorum": 2, "up_to_cents": 0}
    about: dict[str, Any] = facts | {"decision": "Meeting", "at": timezone.now(), "by": office.user}
    at_once(*[lambda: BodyChange.about_body(None, **about)] * 2, spread=0)
    assert BodyChange.objects.count() == 1
