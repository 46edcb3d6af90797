"""The founders begin with a set of rules, seen before and taken on whole; after that they go by vote."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from bookings.models import DoorSign
from bookings.policies import MOST_PASSES, OPERATIONS_SHARE, REGULAR_POINTS, WORKER_SHARE
from coop.errors import Refusal
from coop.models import Amendment, Event
from coop.policies import check_all
from governance.presets.choosing import choose, differences
from governance.presets.presets import PRESETS, Preset, preset
from members.models import Member
from tests import make
from tests.bookings.desk import NOW, signed_in, text

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def take(key: str, by: Member) -> None:
    chosen = preset(key)
    assert chosen
    choose(chosen, at=NOW, by=by.user)


def moved(key: str, day: date = TODAY) -> dict[str, tuple[str, str]]:
    chosen = preset(key)
    assert chosen
    return {one.policy.key: (one.says_was, one.says) for one in differences(chosen, day=day) if one.moves}


def test_what_differs_is_shown_before() -> None:
    assert moved("three") == {
        "bookings.worker_share": ("95%", "94%"),
        "bookings.operations_share": ("4%", "5%"),
        "bookings.most_passes": ("5", "2"),
        "bookings.crew_minutes": ("360 minutes", "480 minutes"),
    }
    assert moved("cleaning") == {}


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.key)
def test_each_fits_the_bounds_and_says_why_and_from_where(one: Preset) -> None:
    check_all({choice.policy.key: choice.value for choice in one.choices}, day=TODAY)
    assert all(choice.why and choice.source for choice in one.choices)


def test_it_is_taken_on_whole_as_one_event_and_twice_is_once(ana: Member) -> None:
    take("three", ana)
    take("three", ana)
    assert (WORKER_SHARE.on(TODAY), OPERATIONS_SHARE.on(TODAY)) == (Fraction(94, 100), Fraction(5, 100))
    assert (MOST_PASSES.on(TODAY), MOST_PASSES.on(TODAY.replace(day=1))) == (2, 5)
    event = Event.objects.get(kind="governance.preset")
    assert (event.actor, event.after) == (ana.user, "three")
    assert "bookings.most_passes: 5 → 2" in event.note
    assert set(Amendment.objects.values_list("source", flat=True)) == {f"governance.preset:three:{event.pk}"}


def test_another_choice_leaves_nothing_of_the_first(ana: Member) -> None:
    take("three", ana)
    take("care", ana)
    assert (WORKER_SHARE.on(TODAY), MOST_PASSES.on(TODAY)) == (Fraction(95, 100), 5)
    assert REGULAR_POINTS.on(TODAY) == Fraction(30, 100)
    take("three", ana)
    assert (MOST_PASSES.on(TODAY), REGULAR_POINTS.on(TODAY)) == (2, REGULAR_POINTS.default)


def test_once_the_co_op_is_founded_rules_go_by_vote(ana: Member, bo: Member, sol: Member) -> None:
    DoorSign.objects.create(is_open=True, hung_at=NOW, hung_by=sol.user)
    with pytest.raises(Refusal, match="The co-op is founded"):
        take("three", ana)
    assert not Amendment.objects.exists()


def test_what_was_voted_is_not_overwritten(ana: Member) -> None:
    facts = {"numerator": 3, "effective_on": TODAY, "enacted_at": timezone.now(), "source": "governance.proposal:1"}
    Amendment.objects.create(policy=MOST_PASSES.key, **facts)
    with pytest.raises(Refusal, match="have voted"):
        take("three", ana)


def test_the_law_is_above_a_preset(ana: Member) -> None:
    make.least_wage(2300)
    Amendment.objects.create(
        policy="bookings.pay_floor", numerator=2400, effective_on=TODAY, enacted_at=NOW, source="by hand"
    )
    with pytest.raises(Refusal, match="By law an hour pays at least"):
        take("three", ana)


def test_a_founder_finds_it_on_the_list_looks_and_chooses(ana: Member) -> None:
    browser = signed_in(ana)
    assert reverse("presets") in text(browser.get(reverse("readiness")))
    assert reverse("choose_preset", args=["care"]) in text(browser.get(reverse("presets")))
    page = text(browser.get(reverse("choose_preset", args=["care"])))
    assert "15% → 30%" in " ".join(strip_tags(page).split())
    assert "Bice-Boxerman" in page
    browser.post(reverse("choose_preset", args=["care"]))
    assert "chosen by the founders" in text(browser.get(reverse("policies")))
    assert browser.get(reverse("choose_preset", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("away", ["suspended", "on_leave"])
def test_a_founder_who_is_away_chooses_no_rules(ana: Member, bo: Member, away: str) -> None:
    make.stand(away, ana)
    assert signed_in(ana).post(reverse("choose_preset", args=["three"])).status_code == 403
    assert not Amendment.objects.exists()
