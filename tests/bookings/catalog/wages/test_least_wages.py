"""What the law says an hour pays at least: dated, untouched by votes, and counted where it is more than our own."""

from datetime import date, timedelta
from fractions import Fraction
from importlib import import_module
from threading import Event as Signal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse

from bookings.catalog.price_rules import PriceRules
from bookings.catalog.wages.floors import Floors
from bookings.models import LeastWage
from bookings.policies import PAY_FLOOR
from bookings.visits.pay import floor_at, pay_for
from coop.errors import Refusal
from coop.models import Amendment, Event, ZipCode
from coop.policies import check_all, policy_cache, registry
from coop.readiness.needs import lacking
from members.models import Member
from payouts.ledger.earnings import shares_of
from tests import make
from tests.bookings.desk import NOW, signed_in, text
from tests.payouts.stage import do, visit
from tests.races import Step, at_once

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
A_DAY = timedelta(days=1)
RISE = TODAY + 10 * A_DAY
FACTS = {"state": "NY", "locality": "Kings County", "work": "all", "cents": 2400, "citation": "12 NYCRR 142-2.1"}
carry_over = import_module("bookings.migrations.0048_least_wages_were_rules").carry_over


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def write_down(by: Member, *, from_day: date = RISE, **facts: object) -> LeastWage:
    return LeastWage.write_down(**FACTS | facts, from_day=from_day, at=NOW, by=by.user)  # type: ignore[arg-type]


def brooklyn() -> ZipCode:
    return make.zip_code("11215")


def queens() -> ZipCode:
    return make.zip_code("11101")


def test_the_greater_of_the_law_and_our_own_floor_counts_by_day_place_and_work() -> None:
    """New York's figures beside a floor of 22.25: nobody is paid less, whatever the law says."""
    for state, locality, work, cents in (
        ("", "", "all", 725),
        ("NY", "", "all", 1600),
        ("NY", "Kings County", "all", 1700),
        ("NY", "Kings County", "care", 1965),
        ("NJ", "", "all", 3000),
    ):
        make.least_wage(cents, state=state, locality=locality, work=work)
    make.least_wage(2400, state="NY", locality="Kings County", since=RISE)
    floors = Floors.on([RISE - A_DAY, RISE])
    assert [
        (floors.law(day, place, care=care), floors.at(day, place, care=care))
        for day in (RISE - A_DAY, RISE)
        for place in (brooklyn(), queens())
        for care in (False, True)
    ] == [
        (1700, 2225),
        (1965, 2225),
        (1600, 2225),
        (1600, 2225),
        (2400, 2400),
        (2400, 2400),
        (1600, 2225),
        (1600, 2225),
    ]
    assert [floors.everywhere(day) for day in (RISE - A_DAY, RISE)] == [2225, 2225]
    assert [floors.basic(RISE, place) for place in (brooklyn(), queens())] == [2400, 1600]


def test_a_city_of_the_law_is_found_by_its_name_or_its_county() -> None:
    make.least_wage(2500, state="NY", locality="brooklyn")
    floors = Floors.on([TODAY])
    assert [floors.at(TODAY, place, care=False) for place in (brooklyn(), queens())] == [2500, 2225]


def test_a_visit_pays_the_law_of_its_day_and_what_is_missing_comes_from_the_co_ops_share(ana: Member) -> None:
    """120 minutes at 23.42: 44.50 at our floor; from the rise on 48.00, beyond the price of 46.84."""
    service = make.service(minutes=120)
    make.price(service, cents_per_hour=2342)
    before, after = (visit(service=service, starts_at=NOW + days * A_DAY, at=NOW) for days in (9, 11))
    make.least_wage(2400, state="NY", locality="Kings County", since=RISE)
    make.least_wage(9900, state="NY", locality="Queens County")
    assert [floor_at(one) for one in (before, after)] == [2225, 2400]
    shown = [dict(pay_for(one.shifts.all())[one.shifts.get().pk])["worker"] for one in (before, after)]
    assert shown == [4450, 4800]
    shared = shares_of(do(after))
    assert (sum(shared.workers.values()) + sum(shared.topped_up.values()), sum(shared.funds.values())) == (4800, 0)
    assert sum(shares_of(do(before)).workers.values()) == 4450


def test_a_price_is_lifted_to_what_the_law_asks_for_where_it_asks_for_most() -> None:
    make.least_wage(2400, state="NY", locality="Kings County", since=RISE)
    make.least_wage(2500, work="care", since=RISE)
    found = [PriceRules.on(day, care=care).floor for day in (TODAY, RISE) for care in (False, True)]
    assert found == [2225, 2225, 2400, 2500]


def test_no_vote_touches_the_law_and_none_goes_below_it() -> None:
    make.least_wage(2400, since=RISE)
    check_all({PAY_FLOOR.key: Fraction(2300)}, day=RISE - A_DAY)
    with pytest.raises(Refusal, match=r"at least \$24\.00 an hour"):
        check_all({PAY_FLOOR.key: Fraction(2399)}, day=RISE)
    check_all({PAY_FLOOR.key: Fraction(2400)}, day=RISE)
    for key in ("payouts.minimum_wage", "payouts.aide_minimum"):
        assert key not in registry
        with pytest.raises(Refusal, match="written in the law"):
            check_all({key: Fraction(2000)}, day=RISE)


def test_what_a_vote_said_of_it_once_can_still_be_read() -> None:
    row = Amendment(policy="payouts.minimum_wage", numerator=1800, effective_on=TODAY, enacted_at=NOW, source="x")
    assert str(row) == "Minimum wage by law: $18.00 an hour"


def test_a_later_row_ends_the_earlier_and_a_wrong_one_is_taken_back_before_its_day(tess: Member) -> None:
    first, wrong = write_down(tess, from_day=date(2009, 7, 24), cents=725), write_down(tess, cents=9999)
    wrong.take_back(at=NOW, by=tess.user)
    write_down(tess, cents=2400)
    floors = Floors.on([TODAY, RISE])
    assert [floors.law(day, brooklyn(), care=False) for day in (TODAY, RISE)] == [725, 2400]
    with pytest.raises(Refusal, match="has begun"):
        first.take_back(at=NOW, by=tess.user)
    with pytest.raises(Refusal, match="What holds today stays"):
        write_down(tess, from_day=TODAY)
    assert list(Event.objects.about(wrong).values_list("verb", flat=True)) == ["write_down", "take_back"]


def test_the_database_lets_nobody_rewrite_or_backdate_the_law(tess: Member) -> None:
    held = write_down(tess, from_day=TODAY)
    again = {"cents_per_hour": 1, "citation": "x", "set_on": TODAY, "set_by": tess.user}
    same = {"state": "NY", "locality": "Kings County", "work": "all"}
    attempts = [
        lambda: LeastWage.objects.update(cents_per_hour=1),
        lambda: LeastWage.objects.filter(pk=held.pk)._raw_delete("default"),
        lambda: LeastWage.objects.create(effective_on=TODAY, **again, **same),
        lambda: LeastWage.objects.create(effective_on=TODAY, **again | {"citation": ""}),
        lambda: LeastWage.objects.create(effective_on=TODAY, locality="Kings County", **again),
        lambda: LeastWage.objects.create(effective_on=TODAY, takes_back=held, **again | same),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_what_was_written_down_counts_at_once_within_a_reading(tess: Member) -> None:
    with policy_cache():
        assert Floors.on([RISE]).at(RISE, brooklyn(), care=False) == 2225
        wage = write_down(tess)
        assert Floors.on([RISE]).at(RISE, brooklyn(), care=False) == 2400
        wage.take_back(at=NOW, by=tess.user)
        assert Floors.on([RISE]).at(RISE, brooklyn(), care=False) == 2225


def test_a_co_op_that_works_keeps_the_values_of_its_rules_and_a_new_one_has_none() -> None:
    carry_over(apps, None)
    assert not LeastWage.objects.exists()
    make.member("Ana Reyes")
    Amendment.objects.create(
        policy="payouts.minimum_wage", numerator=1800, effective_on=RISE, enacted_at=NOW, source="governance.proposal:1"
    )
    carry_over(apps, None)
    rows = LeastWage.objects.order_by("pk").values_list("work", "cents_per_hour", "effective_on", "citation", "state")
    carried = "carried over from the rules"
    assert list(rows) == [
        ("all", 1700, make.FIRST_DAY, carried, ""),
        ("all", 1800, RISE, carried, ""),
        ("care", 1965, make.FIRST_DAY, carried, ""),
    ]


def test_a_co_op_without_a_row_is_told_so(tess: Member) -> None:
    def missing() -> bool:
        return "least_wage" in {need.key for need in lacking()}

    assert missing()
    write_down(tess)
    assert missing()
    make.least_wage(725)
    assert not missing()


def test_the_treasurer_begins_with_a_figure_that_is_known_and_takes_a_wrong_one_back(tess: Member, ana: Member) -> None:
    brooklyn()
    browser = signed_in(tess)
    page = browser.get(reverse("write_down_least_wage"), {"known": "--all-2009-07-24"})
    assert 'value="7.25"' in page.content.decode()
    typed = {"place": "NY|Kings County", "work": "all", "rate": "24.00", "citation": "12 NYCRR 142-2.1"}
    refused = browser.post(reverse("write_down_least_wage"), typed | {"from_day": "1999-12-31"})
    assert "one since 2000" in text(refused)
    browser.post(reverse("write_down_least_wage"), typed | {"from_day": RISE.isoformat()})
    wage = LeastWage.objects.get()
    assert (wage.cents_per_hour, wage.set_by, wage.locality) == (2400, tess.user, "Kings County")
    assert "12 NYCRR 142-2.1" in text(signed_in(ana).get(reverse("least_wages")))
    browser.post(reverse("take_back_least_wage", args=[wage.pk]))
    assert not LeastWage.objects.standing().exists()


def test_one_figure_stands_for_a_place_a_work_and_a_day(tess: Member) -> None:
    first = write_down(tess, cents=1700)
    with pytest.raises(Refusal, match="Take that back first"):
        write_down(tess, cents=1800)
    write_down(tess, cents=1965, work="care")
    write_down(tess, cents=1750, from_day=RISE + A_DAY)
    first.take_back(at=NOW, by=tess.user)
    assert write_down(tess, cents=1800) in LeastWage.objects.in_force(RISE)


def test_what_was_taken_back_bars_no_first_figure_for_a_day_that_is_over(tess: Member) -> None:
    write_down(tess).take_back(at=NOW, by=tess.user)
    later = NOW + 20 * A_DAY
    first = LeastWage.write_down(**FACTS, from_day=RISE + A_DAY, at=later, by=tess.user)  # type: ignore[arg-type]
    assert list(LeastWage.objects.in_force(later.date())) == [first]


def second_while_first_is_open(first: Step, second: Step) -> list[Any]:
    """What each returned or raised; the second begins once the first has written, before that is there for others."""
    written, done = Signal(), Signal()

    def begin() -> None:
        with transaction.atomic():
            first()
            written.set()
            done.wait(timeout=0.3)

    def follow() -> None:
        written.wait(timeout=30)
        second()
        done.set()

    return at_once(begin, follow)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_waits_and_is_told_of_the_first(tess: Member) -> None:
    results = second_while_first_is_open(lambda: write_down(tess, cents=1700), lambda: write_down(tess, cents=1800))
    assert isinstance(results[1], Refusal)
    assert "Take that back first" in str(results[1])
    assert [one.cents_per_hour for one in LeastWage.objects.standing()] == [1700]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_database_lets_one_stand_whoever_forgets_to_queue() -> None:
    def write(cents: int) -> None:
        same = {"state": "NY", "locality": "Kings County", "citation": "x", "effective_on": RISE}
        LeastWage.objects.create(cents_per_hour=cents, **same)

    results = second_while_first_is_open(lambda: write(1700), lambda: write(1800))
    assert "one_figure_stands_for_a_place_a_work_and_a_day" in str(results[1])
    assert [one.cents_per_hour for one in LeastWage.objects.standing()] == [1700]
