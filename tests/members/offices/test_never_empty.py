"""Nobody leaves an office empty without a sentence that says so, also where its other holder is on the way out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from members.membership.leaving import offices_end
from members.models import Member
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
A_DAY = timedelta(days=1)
GONE = NOW.date() + 14 * A_DAY


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tess(db: None) -> Member:
    make.member("Ana")
    return make.member("Tess", roles=["treasurer"])


@pytest.fixture
def tom(tess: Member) -> Member:
    return make.member("Tom", roles=["treasurer"])


def page(member: Member, name: str, number: int) -> str:
    browser = Browser()
    browser.force_login(member.user)
    return browser.get(reverse(name, args=[number])).content.decode()


@pytest.mark.parametrize("leaves", [True, False])
def test_it_is_said_to_the_second_treasurer_where_the_first_leaves(tess: Member, tom: Member, leaves: bool) -> None:
    if leaves:
        tess.give_notice(gone_on=GONE, at=NOW, by=tess.user)
    assert any("Nobody else holds" in said for said in offices_end(tom, GONE, NOW)) is leaves
    assert ('name="knows"' in page(tom, "end_term", tom.terms.get().pk)) is leaves
    assert ("Nobody else holds" in page(tom, "go_on_leave", tom.pk)) is leaves


def test_it_is_said_of_no_office_that_a_coop_can_be_without(tess: Member) -> None:
    mentor = make.member("Mel", roles=["mentor"])
    assert "Nobody else holds" not in page(mentor, "go_on_leave", mentor.pk)
