"""Whoever is not sent somewhere gets the same pages, offers, answers and files as somebody who is merely busy.

Two worlds are told in the same words, once with a do-not-send and once without; everything that anybody can open is
compared byte for byte, and so is every question to the database, but for the numbers of rows and one-time tokens.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Booking, Client, DoNotSend, Offer, Shift, Swap, Visit
from members.models import CalendarAddress, Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NOW, local
from tests.browsers import Browser
from tests.house import undone
from tests.proofs import proof, some

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNTED = ("X-Request-ID", "Content-Length", "ETag")
"""Headers that differ from one answer to the next, or follow from the numbers of rows in it."""
World = Callable[[Client, Member], None]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def kept_away(household: Client, member: Member) -> None:
    DoNotSend.place(client=household, member=member, placer="client", reason="conduct", at=NOW, by=household.user)


def refusing(household: Client, member: Member) -> None:
    DoNotSend.place(client=household, member=member, placer="member", reason="conduct", at=NOW, by=member.user)


def busy(household: Client, member: Member) -> None:
    """Somebody else is just booking all their days of the coming weeks; they do not see that either."""
    quote = make.quote(at=NOW)
    mornings = [local(8, 0) + day * DAY for day in range(70)]
    Shift.objects.bulk_create(
        Shift(
            quote=quote,
            member=member,
            state="held",
            zip=member.zip,
            starts_at=starts_at,
            ends_at=starts_at + 23 * HOUR,
            span=(starts_at, starts_at + 23 * HOUR),
            held_until=NOW + DAY,
        )
        for starts_at in mornings
    )


def elsewhere(household: Client, member: Member) -> None:
    """As many rows as when they are busy; and nothing speaks against them."""
    kept_quote = make.quote(at=NOW)
    assert kept_quote.pk


@dataclass
class Seen:
    """What one answer was: its words, what it set, and what was asked of the database for it."""

    status: int
    body: str
    headers: list[tuple[str, str]]
    asked: list[str]


def without_numbers(text: str) -> str:
    """A text but for one-time tokens and the numbers of rows."""
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1#", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "#", text)
    return re.sub(r'(?<=/)\d+(?=[/"?\s<])|(?<=Visit )\d+|(?<=-)\d+(?=["@])|(?<=value=")\d+(?=")', "#", text)


def look(browser: Browser, way: str, address: str, **sent: object) -> Seen:
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(browser, way)(address, sent, follow=True)
    headers = [(name, without_numbers(value)) for name, value in answer.headers.items() if name not in COUNTED]
    asked = [re.sub(r"\d+", "#", re.sub(r"'[^']*'", "'#'", query["sql"])) for query in queries]
    return Seen(answer.status_code, without_numbers(_words(answer)), headers, asked)


def _words(answer: HttpResponse) -> str:
    """What an answer says; of a file to take along, what is in it."""
    if answer["Content-Type"] != "application/zip":
        return answer.content.decode()
    with ZipFile(BytesIO(answer.content)) as box:
        return "\n".join(box.read(name).decode() for name in sorted(box.namelist()))


def calendar_of(person: User, kind: str) -> Seen:
    """What a calendar program reads at somebody's secret address."""
    address = CalendarAddress.make(person, kind, at=NOW)
    return look(Browser(), "get", reverse("calendar_feed", args=[address.token]))


def everything(people: dict[str, Browser], shift: Shift, booking: Booking, draft_token: object) -> dict[str, Seen]:
    """All that members, the office and the household can look at, or try."""
    seen = {}
    for who in ("ana", "bo", "sol"):
        browser = people[who]
        for name in ("today", "offers", "me", "earnings", "homes_i_refuse", "thank_yous", "change_availability"):
            if (who, name) != ("ana", "homes_i_refuse"):  # one's own list, which only they see
                seen[f"{who}: {name}"] = look(browser, "get", reverse(name))
        for days in (28, 90):
            seen[f"{who}: spotlight of {days} days"] = look(browser, "get", reverse("spotlight"), days=days)
            seen[f"{who}: sheet of {days} days"] = look(browser, "get", reverse("spotlight_sheet"), days=days)
        seen[f"{who}: turn"] = look(browser, "get", reverse("turn", args=[shift.pk]))
        seen[f"{who}: visit"] = look(browser, "get", reverse("visit", args=[shift.visit_id]))
    seen["ana: take"] = look(people["ana"], "post", reverse("take_shift", args=[shift.pk]))
    seen["ana: refuse"] = look(people["ana"], "get", reverse("refuse_home", args=[shift.pk]))
    seen["sol: unfilled"] = look(people["sol"], "get", reverse("unfilled_shifts"))
    seen["sol: ask again"] = look(people["sol"], "post", reverse("ask_again", args=[shift.pk]))
    for who in ("ana", "bo", "sol"):
        person = User.objects.get(email__startswith=f"{who}-")
        seen[f"{who}: calendar"] = calendar_of(person, "member")
    seen["bo: data"] = look(people["bo"], "post", reverse("export_data"))
    household = people["household"]
    seen["household: calendar"] = calendar_of(booking.client.user, "client")
    seen["household: visit"] = look(household, "get", reverse("visit", args=[shift.visit_id]))
    seen["household: booking"] = look(household, "get", booking.get_absolute_url())
    seen["household: file"] = look(household, "get", reverse("booking_calendar", args=[booking.token]))
    seen["household: times"] = look(household, "get", reverse("choose_time", args=[draft_token]))
    return seen


def taken_along(world: World, whose: str) -> str:
    """The file with somebody's data, in a world."""
    with undone():
        household, ana = Client.objects.get(user__name="Jordan Lee"), Member.objects.get(user__name="Ana Reyes")
        world(household, ana)
        person = ana.user if whose == "ana" else household.user
        return look(desk.signed_in(person), "post", reverse("export_data")).body


def lived(world: World, sol: Member) -> tuple[dict[str, Seen], list[tuple[str, str]]]:
    """A household where Ana was; then the world; then a booking that goes round and ends on the board."""
    household, ana = Client.objects.get(user__name="Jordan Lee"), Member.objects.get(user__name="Ana Reyes")
    bo = Member.objects.get(user__name="Bo Lindgren")
    world(household, ana)
    booking = make.confirmed(starts_at=local(12, 9), at=NOW, client=household, street="1 Same Street")
    offer = Offer.objects.waiting().get(shift__visit__booking=booking)
    assert offer.member == bo
    offer.pass_on(at=NOW, by=bo.user)
    shift = Shift.objects.get(visit__booking=booking)
    assert shift.state == "open"
    people = {
        "ana": desk.signed_in(ana),
        "bo": desk.signed_in(bo),
        "sol": desk.signed_in(sol),
        "household": desk.signed_in(household.user),
    }
    draft = make.quote(at=NOW, client=household, street="1 Same Street")
    told = Notice.objects.order_by("pk").values_list("user__name", "subject", "body")
    return everything(people, shift, booking, draft.token), [
        tuple(without_numbers(one) for one in notice) for notice in told
    ]


@pytest.fixture
def both(ana: Member, bo: Member, sol: Member) -> None:
    """Ana was at the Lees'; Bo asked for fewer hours, so that it would be Ana's turn."""
    household = make.client("Jordan Lee")
    make.stand("on_leave", bo)
    shift = make.accepted(starts_at=local(8, 9), at=NOW - 4 * DAY, client=household, street="1 Same Street")
    shift.start(at=shift.starts_at, by=ana.user)
    shift.complete(at=shift.ends_at, by=ana.user)
    make.stand("member", bo)
    Member.objects.filter(pk=bo.pk).update(minutes_wanted=600)


@pytest.mark.usefixtures("both")
def test_an_excluded_member_cannot_be_told_from_a_busy_one(sol: Member) -> None:
    with undone():
        occupied, told_occupied = lived(busy, sol)
    for why in some((kept_away, refusing), of=2):
        with undone():
            excluded, told_excluded = lived(why, sol)
        assert told_excluded == told_occupied, why
        assert excluded.keys() == occupied.keys(), why
        for page, seen in excluded.items():
            as_busy = occupied[page]
            assert (why, page, seen.status, seen.body) == (why, page, as_busy.status, as_busy.body)
            assert (why, page, seen.headers) == (why, page, as_busy.headers)
            assert (why, page, seen.asked) == (why, page, as_busy.asked)


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(("why", "whose"), [(kept_away, "ana"), (refusing, "household")])
def test_what_the_other_side_wished_for_is_not_in_the_file_with_ones_data(why: World, whose: str) -> None:
    mine = taken_along(why, whose)
    assert mine == taken_along(busy, whose)
    assert "Jordan" in mine or "Ana" in mine


def times(world: World, ana: Member, household: Client) -> str:
    """What the household finds to choose from when nobody but Ana can do it."""
    with undone():
        world(household, ana)
        draft = make.quote(at=NOW, client=household, street="1 Same Street")
        page = look(desk.signed_in(household.user), "get", reverse("choose_time", args=[draft.token]))
        taken = look(
            desk.signed_in(household.user),
            "post",
            reverse("choose_time", args=[draft.token]),
            starts_at=local(12, 9).isoformat(),
        )
        return "\n".join((page.body, *page.asked, taken.body, *taken.asked))


def test_a_household_sees_the_times_that_everybody_sees_whoever_refuses_it(ana: Member) -> None:
    """Else it could compare what it sees signed in with what it sees signed out."""
    household = make.client("Jordan Lee")
    pages = {world.__name__: times(world, ana, household) for world in (refusing, kept_away, busy, elsewhere)}
    assert pages["refusing"] == pages["elsewhere"]
    assert pages["kept_away"] == pages["busy"] != pages["elsewhere"]
    assert "Nobody is free on these days." in pages["kept_away"]


def freed(ana: Member, household: Client, take: Callable[[Visit], None]) -> tuple[list[Seen], list[tuple[str, ...]]]:
    """Ana had a visit next week, and then she has not."""
    with undone():
        shift = make.accepted(starts_at=local(16, 9), at=NOW, client=household, street="1 Same Street")
        assert shift.member == ana
        take(Visit.objects.with_related().get(pk=shift.visit_id))
        hers = desk.signed_in(ana)
        looks = [look(hers, "get", reverse(name)) for name in ("today", "offers", "earnings", "me")]
        looks += [look(hers, "get", reverse(name, args=[shift.visit_id])) for name in ("visit",)]
        looks += [calendar_of(ana.user, "member"), look(hers, "post", reverse("export_data"))]
        back = reverse("release_shift", args=[shift.pk])
        looks += [look(hers, way, back, why="other", words="") for way in ("get", "post")]
        told = Notice.objects.filter(user=ana.user).order_by("pk").values_list("subject", "body")
        return looks, [tuple(without_numbers(one) for one in notice) for notice in told]


def test_a_visit_that_is_taken_from_somebody_reads_like_one_that_was_cancelled(ana: Member, sol: Member) -> None:
    household = make.client("Jordan Lee")
    away = freed(ana, household, lambda visit: kept_away(household, ana))
    cancelled = freed(ana, household, lambda visit: visit.call_off(at=NOW, by=sol.user, note="Water damage."))
    assert away == cancelled


def moved(world: World, household: Client, ana: Member, bo: Member) -> dict[str, Seen]:
    """Bo has the visit; the household moves it to an hour at which nobody but Ana is free."""
    with undone():
        make.stand("on_leave", ana)
        shift = make.accepted(starts_at=local(16, 9), at=NOW, client=household, street="1 Same Street")
        make.stand("member", ana)
        assert shift.member == bo
        bo.work_otherwise(local(18, 9).date(), [], today=NOW.date())
        world(household, ana)
        theirs, wanted = desk.signed_in(household.user), local(18, 9)
        page = reverse("move_own_visit", args=[shift.visit_id])
        cents = Visit.objects.with_related().get(pk=shift.visit_id).price_on(wanted.date()).cents
        seen = {"times": look(theirs, "get", page), "chosen": look(theirs, "get", page, starts_at=wanted.isoformat())}
        seen["moved"] = look(theirs, "post", page, starts_at=wanted.isoformat(), cents=cents)
        seen["again"] = look(theirs, "get", page)
        seen["visit"] = look(theirs, "get", reverse("visit", args=[shift.visit_id]))
        return seen


def test_a_household_that_moves_its_visit_does_not_learn_who_refuses_it(ana: Member, bo: Member) -> None:
    household = make.client("Jordan Lee")
    refused, free = (moved(world, household, ana, bo) for world in (refusing, elsewhere))
    for step, expected in free.items():
        assert (step, refused[step].status, refused[step].body) == (step, expected.status, expected.body)
    for step in ("times", "chosen"):
        assert (step, refused[step].asked) == (step, free[step].asked)
    assert "Your visit is moved." in refused["moved"].body
    shut, taken = (moved(world, household, ana, bo) for world in (kept_away, busy))
    for step, expected in taken.items():
        assert (step, shut[step].status, shut[step].body, shut[step].asked) == (
            step,
            expected.status,
            expected.body,
            expected.asked,
        )


def busy_then(household: Client, member: Member) -> None:
    """Somebody is just booking them on the day of the shift alone."""
    quote, starts_at = make.quote(at=NOW), local(16, 7)
    times = {"starts_at": starts_at, "ends_at": starts_at + 9 * HOUR, "span": (starts_at, starts_at + 9 * HOUR)}
    facts = {"quote": quote, "member": member, "state": "held", "zip": member.zip, "held_until": NOW + DAY}
    Shift.objects.create(**facts, **times)


def swapped(world: World, household: Client, ana: Member, bo: Member) -> dict[str, Seen]:
    """Bo has a visit at the household and asks Ana to take it; she says yes, and then he tries with one in return."""
    with undone():
        make.stand("on_leave", ana)
        shift = make.accepted(starts_at=local(16, 9), at=NOW, client=household, street="1 Same Street")
        make.stand("member", ana)
        make.stand("on_leave", bo)
        back = make.accepted(starts_at=local(19, 9), at=NOW)
        make.stand("member", bo)
        assert (shift.member, back.member) == (bo, ana)
        world(household, ana)
        people, seen = {"ana": desk.signed_in(ana), "bo": desk.signed_in(bo)}, {}
        asking = reverse("swap_shift", args=[shift.pk])
        seen["whom"] = look(people["bo"], "get", asking)
        seen["what"] = look(people["bo"], "get", asking, other=ana.pk)
        for given in ("", back.pk):
            seen[f"ask {given and 1}"] = look(people["bo"], "post", asking, other=ana.pk, back=given)
            swap = Swap.objects.latest("pk")
            for step in ("agree_swap", "decline_swap"):
                seen[f"{step} {given and 1}"] = look(people["ana"], "post", reverse(step, args=[swap.pk]))
            seen |= {
                f"{who}: {name} {given and 1}": look(browser, "get", reverse(name))
                for who, browser in people.items()
                for name in ("offers", "today", "home", "me")
            }
        told = Notice.objects.filter(user__in=[ana.user, bo.user]).order_by("pk").values_list("subject", "body")
        seen["told"] = Seen(200, without_numbers(str(list(told))), [], [])
        for who, browser in people.items():
            seen[f"{who}: turn"] = look(browser, "get", reverse("turn", args=[shift.pk]))
            if (who, world) != ("ana", refusing):  # what she asked for herself is in her file
                seen[f"{who}: data"] = look(browser, "post", reverse("export_data"))
        return seen


@proof
def test_a_swap_that_must_not_be_reads_like_one_that_does_not_fit_the_day(ana: Member, bo: Member) -> None:
    household = make.client("Jordan Lee")
    occupied = swapped(busy_then, household, ana, bo)
    assert "it does not fit their day" in occupied["agree_swap "].body
    for why in (kept_away, refusing):
        excluded = swapped(why, household, ana, bo)
        for step in excluded:
            expected = occupied[step]
            assert (why, step, excluded[step].status, excluded[step].body) == (
                why,
                step,
                expected.status,
                expected.body,
            )
            assert (why, step, excluded[step].asked) == (why, step, expected.asked)
