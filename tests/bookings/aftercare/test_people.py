"""Whom a household would like again, and where a member does not go: obeyed, and told to nobody."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from bookings.aftercare.do_not_send_forms import WHO_THEY_ARE
from bookings.models import DoNotSend, Offer, SendAgain, Shift, Turn
from coop.errors import Refusal
from members.models import Member, Notice
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NOW, local
from tests.browsers import Browser
from tests.house import undone

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CANARY = "canary-ostrich-8812"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def household(db):
    return make.client("Jordan Lee")


def place(household, member: Member, *, placer: str = "client", at=NOW) -> DoNotSend:
    by = household.user if placer == "client" else member.user
    return DoNotSend.place(client=household, member=member, placer=placer, reason="conduct", at=at, by=by)


def offered(household, *, day: int = 11) -> Offer:
    quote = make.quote(at=NOW, service=make.service(minutes=120), client=household)
    made = make.confirmed(starts_at=local(day, 9), at=NOW, quote=quote)
    return Offer.objects.waiting().get(shift__visit__booking=made)


def came(household, member: Member) -> Shift:
    """A visit at this household that the member did yesterday, when nobody else was there."""
    others = list(Member.objects.in_state("member").exclude(pk=member.pk))
    make.stand("on_leave", *others)
    then = NOW - 3 * DAY
    shift = make.accepted(starts_at=NOW - DAY, at=then, client=household)
    shift.start(at=shift.starts_at, by=member.user)
    shift.complete(at=shift.ends_at, by=member.user)
    make.stand("member", *others)
    return shift


def test_whoever_is_wished_for_goes_first_where_they_are_not_far_ahead(household, ana, bo):
    assert offered(household).member == ana
    SendAgain.place(client=household, member=bo, at=NOW)
    offer = offered(household, day=12)
    assert offer.member == bo
    assert [(row["member"], row.get("regular"), row.get("wished")) for row in offer.turn.candidates] == [
        (bo.pk, True, True),
        (ana.pk, None, None),
    ]


def test_a_wish_gives_way_to_somebody_far_behind(household, ana, bo):
    SendAgain.place(client=household, member=ana, at=NOW)
    assert [offered(household, day=day).member for day in (11, 12, 13, 14)] == [ana, ana, ana, ana]
    Member.objects.filter(pk=ana.pk).update(minutes_wanted=600)
    assert offered(household, day=15).member == bo


def test_a_wish_of_one_household_is_no_wish_of_another(household, ana, bo):
    SendAgain.place(client=make.client(), member=bo, at=NOW)
    assert offered(household).member == ana


def test_a_wish_withdrawn_is_a_wish_no_more(household, ana, bo):
    SendAgain.place(client=household, member=bo, at=NOW)
    SendAgain.withdraw(client=household, member=bo, at=NOW)
    assert offered(household).member == ana


def test_wishing_twice_is_wishing_once(household, ana):
    assert SendAgain.place(client=household, member=ana, at=NOW) == SendAgain.place(
        client=household, member=ana, at=NOW + HOUR
    )


def test_a_household_does_not_wish_for_somebody_it_keeps_away(household, ana):
    SendAgain.place(client=household, member=ana, at=NOW)
    wish = place(household, ana)
    assert not SendAgain.objects.standing().exists()
    with pytest.raises(Refusal, match="please take that back first"):
        SendAgain.place(client=household, member=ana, at=NOW)
    wish.lift(at=NOW)
    SendAgain.place(client=household, member=ana, at=NOW)


def test_a_wish_stays_when_the_member_refuses_and_leads_nobody_there(household, ana, bo):
    SendAgain.place(client=household, member=ana, at=NOW)
    place(household, ana, placer="member")
    assert SendAgain.objects.standing().get().member == ana
    SendAgain.place(client=household, member=ana, at=NOW)
    offer = offered(household)
    assert (offer.member, any(row.get("wished") for row in offer.turn.candidates)) == (bo, False)


@pytest.mark.parametrize("reason", ["race", WHO_THEY_ARE, "religion", ""])
def test_the_database_keeps_no_reason_about_who_somebody_is(household, ana, reason):
    with pytest.raises(IntegrityError, match="never_about_who_somebody_is"), transaction.atomic():
        DoNotSend.objects.create(client=household, member=ana, placer="client", reason=reason, placed_at=NOW)


def test_a_household_finds_everybody_who_came_and_says_what_it_likes(household, ana, bo):
    came(household, ana)
    theirs = desk.signed_in(household.user)
    page = desk.text(theirs.get(reverse("my_bookings")))
    assert "Please send Ana R. again" in page
    assert "Bo L." not in page
    theirs.post(reverse("send_again", args=[ana.pk]))
    assert "You would like them again." in desk.text(theirs.get(reverse("my_bookings")))
    theirs.post(reverse("withdraw_send_again", args=[ana.pk]))
    page = desk.text(theirs.post(reverse("keep_away", args=[ana.pk]), {"reason": "quality"}, follow=True))
    assert "We will not send Ana R. to your homes again." in page
    assert "You asked us not to send them again." in page
    wish = DoNotSend.objects.get()
    assert (wish.client, wish.member, wish.placer, wish.reason) == (household, ana, "client", "quality")
    page = desk.text(theirs.post(reverse("lift_do_not_send", args=[wish.pk]), follow=True))
    assert "Please send Ana R. again" in page


def test_a_page_of_a_visit_that_was_done_lets_one_wish(household, ana):
    shift = came(household, ana)
    theirs = desk.signed_in(household.user)
    address = shift.visit.get_absolute_url()
    assert "Please send Ana R. again" in desk.text(theirs.get(address))
    page = theirs.post(
        reverse("send_again", args=[ana.pk]), follow=True, headers={"referer": f"http://testserver{address}"}
    )
    assert "You would like them again." in desk.text(page)
    assert page.redirect_chain[-1][0].endswith(address)


def test_only_people_one_knows_can_be_wished_for_or_kept_away(household, ana, bo):
    came(household, ana)
    strangers = desk.signed_in(make.client().user)
    theirs = desk.signed_in(household.user)
    for name in ("keep_away", "send_again", "withdraw_send_again"):
        assert theirs.post(reverse(name, args=[bo.pk]), {"reason": "other"}).status_code == 404
        assert strangers.post(reverse(name, args=[ana.pk]), {"reason": "other"}).status_code == 404
    assert not DoNotSend.objects.exists()


def test_a_member_refuses_a_home_and_takes_it_back(household, ana, bo):
    done, coming = came(household, ana), make.accepted(starts_at=local(11, 9), at=NOW, client=household)
    assert coming.member == bo
    bos, anas = desk.signed_in(bo), desk.signed_in(ana)
    assert "How somebody there behaved" in desk.text(bos.get(reverse("refuse_home", args=[coming.pk])))
    bos.post(reverse("refuse_home", args=[coming.pk]), {"reason": "conduct"})
    page = desk.text(anas.post(reverse("refuse_home", args=[done.pk]), {"reason": "other"}, follow=True))
    assert "You were there on Sunday, March 8" in page
    assert household.user.short_name in page
    page = desk.text(bos.get(reverse("homes_i_refuse")))
    assert ("11215" in page, household.user.short_name in page) == (True, False)
    assert sorted(DoNotSend.objects.values_list("member", "placer", "reason")) == [
        (ana.pk, "member", "other"),
        (bo.pk, "member", "conduct"),
    ]
    assert Shift.objects.get(pk=coming.pk).state == "open"
    assert not Notice.objects.filter(user=household.user, due_at__gte=NOW).exclude(key__contains="confirmed").exists()
    wish = DoNotSend.objects.get(member=bo)
    assert anas.post(reverse("lift_refusal", args=[wish.pk])).status_code == 404
    assert "You may be sent there again." in desk.text(bos.post(reverse("lift_refusal", args=[wish.pk]), follow=True))
    assert list(DoNotSend.objects.standing().values_list("member", flat=True)) == [ana.pk]
    assert offered(household, day=12).member == bo


def test_neither_side_lifts_what_the_other_asked_for(household, ana):
    came(household, ana)
    theirs, hers = place(household, ana), place(household, ana, placer="member")
    assert desk.signed_in(ana).post(reverse("lift_refusal", args=[theirs.pk])).status_code == 404
    assert desk.signed_in(household.user).post(reverse("lift_do_not_send", args=[hers.pk])).status_code == 404
    assert desk.text(desk.signed_in(ana).get(reverse("homes_i_refuse"))).count("lifting") == 1


def everything() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM "{table}"')
            found[table] = cursor.fetchone()
    return found


def asking(household, ana: Member) -> dict[str, tuple[Browser, str]]:
    """Every door at which somebody could ask for it."""
    shift = came(household, ana)
    theirs = desk.signed_in(household.user)
    return {
        "visit": (theirs, reverse("place_do_not_send", args=[shift.visit_id])),
        "person": (theirs, reverse("keep_away", args=[ana.pk])),
        "home": (desk.signed_in(ana), reverse("refuse_home", args=[shift.pk])),
    }


@pytest.mark.parametrize("door", ["visit", "person", "home"])
def test_a_wish_about_who_somebody_is_is_explained_and_kept_nowhere(household, ana, door, caplog):
    caplog.set_level(logging.DEBUG)
    browser, address = asking(household, ana)[door]
    browser.get(address.replace("/do-not-send", "") if door == "visit" else address)
    before = everything()
    sent = {"reason": WHO_THEY_ARE, "member": ana.pk, "note": CANARY, "why": CANARY}
    answer = browser.post(address, sent)
    page = desk.text(answer)
    assert "The law forbids it" in page
    assert "We have kept nothing of this" in page
    assert CANARY not in page
    assert everything() == before
    assert [line for line in caplog.text.splitlines() if CANARY in line or WHO_THEY_ARE in line] == []
    assert (list(answer.cookies), answer.headers["Cache-Control"]) == (["evenhand-csrf"], "no-store, private")


def test_every_form_that_asks_why_offers_it_and_has_no_room_for_words(household, ana):
    for door, (browser, address) in asking(household, ana).items():
        page = browser.get(address.replace("/do-not-send", "") if door == "visit" else address)
        words = desk.text(page)
        assert "race, origin, religion, sex, age, disability" in words, door
        assert ("<textarea" in words, 'type="text"' in words) == (False, False)


def test_a_race_of_wish_and_do_not_send_ends_in_one_of_them(household, ana):
    with undone():
        place(household, ana)
    SendAgain.place(client=household, member=ana, at=NOW)
    place(household, ana)
    assert (SendAgain.objects.standing().count(), DoNotSend.objects.standing().count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_wish_waits_for_whoever_asks_at_this_moment_that_they_are_not_sent():
    """Each looks for the other's row: without the lock on the pair both would find none."""
    pair: dict[str, Any] = {"client": make.client("Jordan Lee"), "member": make.member("Ana Reyes")}
    refused: list[str] = []

    def wish() -> None:
        try:
            SendAgain.place(**pair, at=NOW)
        except Refusal as no:
            refused.append(str(no))
        finally:
            connection.close()

    other = threading.Thread(target=wish)
    with transaction.atomic():
        place(pair["client"], pair["member"])
        other.start()
        other.join(1)
        assert other.is_alive(), "it has to wait for what is decided at this moment"
    other.join(10)
    assert (len(refused), SendAgain.objects.count()) == (1, 0)


def test_the_turn_says_who_was_asked_for(household, ana, bo):
    SendAgain.place(client=household, member=bo, at=NOW)
    offer = offered(household)
    assert Turn.objects.get().chosen == bo
    page = desk.text(desk.signed_in(bo).get(reverse("turn", args=[offer.shift_id])))
    assert "this household asked for them" in page
