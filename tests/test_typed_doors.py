"""Behind every door at which an address can be typed, one that no mail reaches is refused with a sentence."""

import pytest
from django.urls import reverse

from members.models import User
from tests import house
from tests.house import House
from tests.test_typed import LONG

pytestmark = pytest.mark.django_db

DOORS: dict[str, tuple[str, str]] = {
    "account_login": (house.NOBODY, "email"),
    "account_signup": (house.NOBODY, "email"),
    "ask_for_area": (house.NOBODY, "email"),
    "gift_cards": (house.NOBODY, "email"),
    "send_application": (house.NOBODY, "email"),
    "household": ("lee", "email"),
    "add_client": ("sol", "email"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "typed", [LONG, "josé@example.org", "name@xn--a.example", '"a b"@example.org', "7@erased.invalid"], ids=ascii
)
def test_behind_every_door_it_is_said_that_no_mail_gets_there(door: str, typed: str, home: House) -> None:
    who, field = DOORS[door]
    people = User.objects.count()
    answer = home.browser(who).post(reverse(door), {field: typed})
    form = answer.context["form"] if "form" in answer.context else answer.context["area_form"]
    assert (answer.status_code, bool(form.errors[field]), User.objects.count()) == (200, True, people)
