"""Start and finish at the door: place at the tap only, kept exactly once, flags that never block."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.models import Shift, Tap, TapPlace
from bookings.onsite.personal_data import forget
from bookings.onsite.tap_rules import Place, Said
from bookings.visits.tasks import sweep_notes
from coop.models import Event
from members.models import Member
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, TODAY, signed_in, words
from tests.races import at_once
from tests.test_input import BAD

pytestmark = pytest.mark.django_db
SENDABLE = [value for value in BAD if value != "\ud800"]
HOME = (40.66810, -73.98060)
HALF_A_KM_AWAY = (40.67260, -73.98060)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ms(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def tapped(shift: Shift, kind: str = "start", **more: Any) -> dict[str, Any]:
    """What a phone with a right clock sends at once."""
    now = ms(timezone.now())
    return {"uuid": str(uuid4()), "shift": shift.pk, "kind": kind, "device_at": now, "sent_at": now, **more}


def at(point: tuple[float, float], *, accuracy: int = 10) -> dict[str, Any]:
    return {"latitude": point[0], "longitude": point[1], "accuracy": accuracy}


def here(point: tuple[float, float], *, accuracy: int = 10) -> Said:
    return Said(timezone.now(), timezone.now(), Place(*point, accuracy))


def visited(shift: Shift, clock: Any, *, point: tuple[float, float] = HOME) -> None:
    """Somebody was at the home and tapped twice."""
    for kind, moment in (("start", shift.starts_at), ("finish", shift.ends_at)):
        clock.move_to(moment)
        Tap.deliver(uuid4(), shift=shift, kind=kind, said=here(point), at=moment, by=shift.member.user)


def again_at(shift: Shift, *, days: int) -> Shift:
    """The same household's next visit, at the same home and with the same worker."""
    from tests import make

    starts_at = shift.starts_at + timedelta(days=days)
    made = make.accepted(client=shift.home.client, starts_at=starts_at, at=NOW, street=shift.home.street)
    found: Shift = Shift.objects.with_related().get(pk=made.pk)
    assert found.home == shift.home
    return found


def test_a_start_and_a_finish_are_kept_with_time_and_place(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    answer = browser.post("/taps", tapped(shift, **at(HOME)))
    assert (answer.status_code, answer.json()) == (200, {"refusal": "", "onward": "/today"})
    clock.move_to(shift.ends_at)
    answer = browser.post("/taps", tapped(shift, "finish", **at(HOME)))
    assert answer.json() == {"refusal": "", "onward": f"/shifts/{shift.pk}/completion"}
    shift.refresh_from_db()
    assert (shift.state, shift.started_at, shift.done_at) == ("done", shift.starts_at, shift.ends_at)
    kept = Tap.objects.order_by("pk").values_list("kind", "at", "device_at", "received_at", "flags", "refusal")
    assert list(kept) == [
        ("start", shift.starts_at, shift.starts_at, shift.starts_at, [], ""),
        ("finish", shift.ends_at, shift.ends_at, shift.ends_at, [], ""),
    ]
    assert list(TapPlace.objects.values_list("latitude", "longitude", "accuracy")) == [(*HOME, 10)] * 2


def test_without_a_script_a_tap_has_a_time_and_no_place(ana: Member, clock) -> None:
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    signed_in(ana).post(f"/shifts/{shift.pk}/start")
    tap = Tap.objects.get()
    assert (tap.kind, tap.at, tap.device_at, tap.meters, tap.flags) == ("start", shift.starts_at, None, None, [])
    assert not TapPlace.objects.exists()


def test_the_same_tap_sent_again_is_the_one_that_is_kept(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    start = tapped(shift, **at(HOME))
    first = browser.post("/taps", start)
    clock.shift(timedelta(hours=1))
    again = browser.post("/taps", {**start, "sent_at": ms(timezone.now())})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert list(Tap.objects.values_list("at", flat=True)) == [shift.starts_at]
    assert Event.objects.filter(kind="bookings.shift", verb="start").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_tap_that_comes_five_times_at_once_starts_once(ana: Member, clock) -> None:
    then = NOW - timedelta(days=3)
    quote = make.quote(at=then, service=make.service())
    shift, uuid = make.accepted(starts_at=NOW + TODAY, at=then, quote=quote), uuid4()
    clock.move_to(shift.starts_at)

    def deliver() -> int:
        row = Shift.objects.get(pk=shift.pk)
        return Tap.deliver(uuid, shift=row, kind="start", said=here(HOME), at=shift.starts_at, by=ana.user).pk

    found = at_once(*[deliver] * 5)
    assert set(found) == {Tap.objects.get().pk}
    assert Event.objects.filter(kind="bookings.shift", verb="start").count() == 1


def test_nobody_sends_a_tap_under_the_number_of_another(ana: Member, bo: Member, clock) -> None:
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    start = tapped(shift)
    signed_in(shift.member).post("/taps", start)
    with pytest.raises(IntegrityError, match="a_tap_is_kept_once"), transaction.atomic():
        Tap.objects.create(uuid=start["uuid"], shift=shift, by=bo.user, kind="start", at=NOW, received_at=NOW)


def test_a_tap_that_waited_on_the_phone_counts_from_its_own_moment(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.ends_at + timedelta(hours=2))
    for kind, moment in (("start", shift.starts_at), ("finish", shift.ends_at)):
        browser.post("/taps", tapped(shift, kind, device_at=ms(moment)))
    shift.refresh_from_db()
    assert (shift.state, shift.started_at, shift.done_at) == ("done", shift.starts_at, shift.ends_at)
    kept = Tap.objects.order_by("pk").values_list("at", "received_at", "flags")
    assert list(kept) == [
        (shift.starts_at, timezone.now(), ["waited"]),
        (shift.ends_at, timezone.now(), ["waited"]),
    ]
    assert list(Tap.objects.unseen()) == []


def test_money_counts_from_when_we_hear_of_the_work(ana: Member, clock) -> None:
    from payouts.models import Entry

    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.ends_at + timedelta(hours=30))
    for kind, moment in (("start", shift.starts_at), ("finish", shift.ends_at)):
        browser.post("/taps", tapped(shift, kind, device_at=ms(moment)))
    stage.settle(clock)
    assert Entry.objects.get(visit=shift.visit_id).posted_at == timezone.now()


def test_a_wrong_clock_is_flagged_and_does_not_matter(ana: Member, clock) -> None:
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    wrong = ms(timezone.now() - timedelta(hours=7))
    signed_in(ana).post("/taps", tapped(shift, device_at=wrong, sent_at=wrong))
    tap = Tap.objects.get()
    assert (tap.at, tap.flags, tap.shift.state) == (shift.starts_at, ["clock"], "started")


def test_far_from_the_home_is_flagged_and_starts_all_the_same(ana: Member, clock) -> None:
    first = stage.accepted()
    second, third = again_at(first, days=1), again_at(first, days=2)
    visited(first, clock)
    visited(second, clock)
    clock.move_to(third.starts_at)
    signed_in(third.member).post("/taps", tapped(third, **at(HALF_A_KM_AWAY)))
    tap = Tap.objects.latest("pk")
    assert (tap.meters, tap.flags, tap.refusal, tap.shift.state) == (501, ["far"], "", "started")


def test_a_phone_that_is_not_sure_where_it_is_is_not_far(ana: Member, clock) -> None:
    first = stage.accepted()
    second, third = again_at(first, days=1), again_at(first, days=2)
    visited(first, clock)
    visited(second, clock)
    clock.move_to(third.starts_at)
    signed_in(third.member).post("/taps", tapped(third, **at(HALF_A_KM_AWAY, accuracy=400)))
    assert (third.taps.get().meters, third.taps.get().flags) == (501, [])


def test_where_a_home_is_is_learned_from_two_visits_and_not_from_one(ana: Member, clock) -> None:
    first = stage.accepted()
    second = again_at(first, days=1)
    visited(first, clock)
    clock.move_to(second.starts_at)
    signed_in(second.member).post("/taps", tapped(second, **at(HALF_A_KM_AWAY)))
    assert (second.taps.get().meters, second.taps.get().flags) == (None, [])


def test_another_town_is_flagged_before_the_home_is_known(ana: Member, clock) -> None:
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    signed_in(ana).post("/taps", tapped(shift, **at((40.2206, -74.7597))))
    assert (Tap.objects.get().flags, Tap.objects.get().shift.state) == (["area"], "started")


@pytest.mark.parametrize("fields", [("device_at", "latitude"), ("sent_at", "longitude"), ("accuracy",)], ids="-".join)
def test_whatever_a_phone_says_of_time_and_place_the_work_begins(fields: tuple[str, ...], ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    for value in SENDABLE:
        with transaction.atomic():
            answer = browser.post("/taps", tapped(shift, **{**at(HOME), **dict.fromkeys(fields, value)}))
            assert (answer.status_code, answer.json()["refusal"]) == (200, ""), value
            assert Shift.objects.get(pk=shift.pk).state == "started", value
            transaction.set_rollback(True)


@pytest.mark.parametrize("field", ["uuid", "shift", "kind"])
def test_what_is_no_tap_is_not_kept(field: str, ana: Member) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    for value in SENDABLE:
        answer = browser.post("/taps", {**tapped(shift), field: value})
        assert (answer.status_code, answer.json()) == (422, {"refusal": "This start or finish cannot be read."}), value
    assert not Tap.objects.exists()


def test_too_early_is_refused_in_words_and_the_words_are_kept(ana: Member) -> None:
    shift = stage.accepted()
    answer = signed_in(ana).post("/taps", tapped(shift))
    assert answer.json()["refusal"] == "It is too early: you can start up to 30 minutes before."
    assert (Tap.objects.get().refusal, Tap.objects.get().shift.state) == (answer.json()["refusal"], "accepted")
    assert list(Tap.objects.unseen()) == []


@pytest.mark.parametrize("end", ["released", "cancelled"])
def test_a_tap_for_a_visit_that_went_away_meanwhile_is_kept_and_shown(
    end: str, ana: Member, sol: Member, clock
) -> None:
    shift = stage.accepted()
    if end == "released":
        shift.release(at=NOW, by=ana.user, note="x")
    else:
        shift.visit.call_off(at=NOW, by=sol.user, note="x")
    clock.move_to(shift.starts_at + timedelta(hours=1))
    answer = signed_in(ana).post("/taps", tapped(shift, device_at=ms(shift.starts_at)))
    assert answer.json()["refusal"] == "This visit is not yours any more."
    assert "This visit is not yours any more." in words(signed_in(sol).get(reverse("odd_taps")))


def test_a_start_that_was_made_in_another_way_since_is_well(ana: Member, clock) -> None:
    shift, browser = stage.accepted(), signed_in(ana)
    clock.move_to(shift.starts_at)
    browser.post(f"/shifts/{shift.pk}/start")
    clock.shift(timedelta(hours=1))
    answer = browser.post("/taps", tapped(shift, device_at=ms(shift.starts_at)))
    assert answer.json()["refusal"] == ""
    assert (Tap.objects.count(), Event.objects.filter(kind="bookings.shift", verb="start").count()) == (2, 1)


def test_nobody_taps_at_the_door_of_another(ana: Member, bo: Member, clock) -> None:
    shift = stage.accepted()
    other = bo if shift.member == ana else ana
    clock.move_to(shift.starts_at)
    assert signed_in(other).post("/taps", tapped(shift)).status_code == 422
    assert not Tap.objects.exists()


def test_a_browser_asks_whose_taps_it_may_send(ana: Member) -> None:
    answer = signed_in(ana).get("/taps").json()
    assert (answer["user"], bool(answer["token"])) == (ana.user.pk, True)


def test_the_office_looks_once(ana: Member, sol: Member, clock) -> None:
    shift = stage.accepted()
    clock.move_to(shift.starts_at)
    wrong = ms(timezone.now() - timedelta(hours=7))
    signed_in(ana).post("/taps", tapped(shift, device_at=wrong, sent_at=wrong))
    office = signed_in(sol)
    assert "The phone’s clock is off" in words(office.get("/office/taps")).replace("&#x27;", "’")
    for _time in range(2):
        office.post(f"/office/taps/{Tap.objects.get().pk}/look")
    assert "Nothing to look at." in words(office.get("/office/taps"))


def test_a_place_is_deleted_after_ninety_days_and_the_tap_stays(ana: Member, clock) -> None:
    visited(stage.accepted(), clock)
    clock.shift(timedelta(days=89))
    sweep_notes()
    assert TapPlace.objects.count() == 2
    clock.shift(timedelta(days=2))
    sweep_notes()
    assert (TapPlace.objects.count(), Tap.objects.count()) == (0, 2)


def test_a_household_that_is_forgotten_leaves_no_place(ana: Member, clock) -> None:
    shift = stage.accepted(starts_in=TODAY)
    visited(shift, clock)
    forget(shift.home.client.user, at=timezone.now())
    assert (TapPlace.objects.count(), Tap.objects.count()) == (0, 2)


@pytest.mark.parametrize("change", ["UPDATE bookings_tap SET at = now()", "DELETE FROM bookings_taplook"])
def test_what_was_tapped_and_looked_at_is_never_changed(change: str, ana: Member, sol: Member, clock) -> None:
    visited(stage.accepted(), clock)
    Tap.objects.earliest("pk").look_at(at=NOW, by=sol.user)
    with pytest.raises(Exception, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
