"""The pages on which a coordinator decides a turn otherwise, and every member reads it."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateformat import format as date_format

from bookings.models import DoNotSend, Offer, Override, Shift
from members.models import Member, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, said, signed_in, words

pytestmark = pytest.mark.django_db
REASON = "She knows the lift there."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def given(offer: Offer, to: Member, *, by: Member, reason: str = REASON) -> Override:
    shift = Shift.objects.with_related().get(pk=offer.shift_id)
    return Override.give(shift, to=to, reason=reason, at=NOW, by=by.user)


def test_only_a_coordinator_gives_a_shift_out_of_turn(ana: Member, sol: Member, tess: Member, dan: User) -> None:
    address = f"/shifts/{stage.offered().shift_id}/giving"
    assert [signed_in(who).get(address).status_code for who in (sol, ana, tess, dan)] == [200, 403, 403, 404]


def test_the_page_shows_those_who_can_do_it_in_the_order_of_the_turn(ana: Member, bo: Member, sol: Member) -> None:
    eve = make.member("Eve Stone")
    offer = stage.offered()
    DoNotSend.place(
        client=offer.shift.home.client, member=eve, placer="client", reason="conduct", at=NOW, by=offer.member.user
    )
    offer.pass_on(at=NOW, by=offer.member.user)
    page = words(signed_in(sol).get(f"/shifts/{offer.shift_id}/giving"))
    passed, asked = ("Ana R.", "Bo L.") if offer.member == ana else ("Bo L.", "Ana R.")
    assert f"{passed}: 1.5 h of 75 h asked for; passed before" in page
    assert [name in page for name in (f"{asked}: ", "Eve S.: ", "Sol V.: ")] == [False, False, False]


def test_giving_asks_whoever_was_chosen_and_shows_the_reason_to_every_member(ana, bo, sol, tess) -> None:
    offer = stage.offered()
    other = bo if offer.member == ana else ana
    answer = signed_in(sol).post(f"/shifts/{offer.shift_id}/giving", {"member": other.pk, "reason": REASON})
    assert (answer["Location"], said(answer)) == ("/overrides", ["Asked. All members can read why."])
    page = words(signed_in(tess).get("/overrides"))
    assert f"Sol V. gave it to {other.short_name} out of turn, because: <q>{REASON}</q>" in page
    assert f"By the rule it was {offer.member.short_name}'s turn." in page
    assert "In the last 28 days: 1 of 1 visits (100%)." in page
    assert "That is above 5%: it belongs on the agenda of the next meeting." in page
    client = offer.shift.home.client.user
    place, hour = offer.shift.zip_id, date_format(timezone.localtime(offer.shift.starts_at), "g:i A")
    assert [part in page for part in (client.short_name, offer.shift.home.street, place, hour)] == [False] * 4


def test_without_a_reason_or_a_person_who_can_what_was_typed_stays(ana: Member, bo: Member, sol: Member) -> None:
    address = f"/shifts/{stage.offered().shift_id}/giving"
    answers = [
        words(signed_in(sol).post(address, {"member": member, "reason": reason}))
        for member, reason in ((sol.pk, REASON), ("x", REASON), ("", REASON), (bo.pk, "  "), (bo.pk, "x" * 501))
    ]
    assert [REASON in answer for answer in answers[:3]] == [True, True, True]
    assert ("Please choose one." in answers[2], "This is still missing." in answers[3]) == (True, True)
    assert "501" in answers[4]
    assert not Override.objects.exists()


def test_a_shift_that_somebody_took_meanwhile_shows_no_form(ana: Member, sol: Member) -> None:
    offer = stage.offered()
    offer.accept(at=NOW, by=ana.user)
    page = words(signed_in(sol).get(f"/shifts/{offer.shift_id}/giving"))
    assert "Somebody has this shift by now." in page
    assert "Ask this person" not in page


def test_the_page_of_a_turn_and_the_offer_say_who_gave_it_and_why(ana: Member, bo: Member, sol: Member) -> None:
    offer = stage.offered()
    other = bo if offer.member == ana else ana
    given(offer, other, by=sol)
    line = f"Sol V. gave it to {other.short_name} out of turn, because: <q>{REASON}</q>"
    assert line in words(signed_in(sol).get(f"/shifts/{offer.shift_id}/turn"))
    assert line in words(signed_in(offer.member).get("/overrides"))
    page = words(signed_in(other).get("/offers"))
    assert line in page
    assert "you have had the smallest share" not in page


def test_it_reads_in_spanish_as_well(ana: Member, bo: Member, sol: Member) -> None:
    offer = stage.offered()
    other = bo if offer.member == ana else ana
    given(offer, other, by=sol)
    ana.user.speak("es")
    assert "Turnos cambiados" in words(signed_in(ana).get("/overrides"))


def test_a_reason_is_words_and_never_code(ana: Member, bo: Member, sol: Member) -> None:
    offer = stage.offered()
    given(offer, bo if offer.member == ana else ana, by=sol, reason="<script>alert(1)</script>")
    assert "<script>alert" not in words(signed_in(ana).get("/overrides"))


def test_the_list_is_for_members_only(ana: Member, lee: User, dan: User) -> None:
    assert [signed_in(who).get("/overrides").status_code for who in (ana, lee, dan)] == [200, 403, 403]


def test_the_list_asks_as_many_questions_for_many_turns_as_for_one(ana: Member, bo: Member, sol: Member) -> None:
    counts = []
    for number in range(3):
        offer = stage.offered(starts_in=stage.LATER * (number + 1))
        given(offer, bo if offer.member == ana else ana, by=sol)
        with CaptureQueriesContext(connection) as queries:
            signed_in(ana).get("/overrides")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_unfilled_shifts_lead_there(ana: Member, sol: Member) -> None:
    shift = stage.on_board()
    assert f'href="/shifts/{shift.pk}/giving"' in words(signed_in(sol).get("/office/shifts"))
    assert f'href="/shifts/{shift.pk}/giving"' in words(signed_in(sol).get(f"/visits/{shift.visit_id}"))
