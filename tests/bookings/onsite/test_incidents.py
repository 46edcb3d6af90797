"""Something is wrong at a visit: who says so, who reads it, what is done, and that it stays among them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from bookings.models import Incident, Shift
from coop.contact import ContactFacts
from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Member, Notice
from members.personal_data import erase, told
from tests import make, reader
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import said, signed_in, words

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UUID = "3f0c5a2e-8f0b-4f7c-9d8e-0a1b2c3d4e5f"
WORDS = "canary: he blocked the door"
DONE = "canary: we ended the booking"


@pytest.fixture
def noa(db: None) -> Member:
    """Looks after safety."""
    return make.member("Noa Stern", hours=None, roles=["safety"])


def accepted() -> Shift:
    return make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=120))


def report(shift: Shift, *, at=NINE, kind: str = "unsafe", left: bool = False) -> Incident:
    return Incident.report(shift, kind=kind, words=WORDS, left=left, at=at, by=shift.member.user)


def page(shift: Shift) -> str:
    return reverse("report_incident", args=[shift.pk])


class TestReporting:
    def test_safety_and_the_coordinator_hear_at_once_that_there_is_something_and_not_what(self, ana, sol, noa):
        shift = accepted()
        report(shift)
        notices = Notice.objects.filter(key__startswith="incident_reported").order_by("pk")
        assert [one.user.first_name for one in notices] == ["Sol", "Noa"]
        for text in (f"{one.subject} {one.body}" for one in notices):
            assert "please look" in text
            hidden = (WORDS, "Ana", "safe", shift.home.street, shift.zip_id, shift.home.client.user.first_name)
            assert not any(word in text for word in hidden)

    def test_from_two_hours_before_until_two_weeks_after(self, ana):
        shift = accepted()
        with pytest.raises(Refusal, match="two hours before"):
            report(shift, at=NINE - 2 * HOUR - MINUTE)
        report(shift, at=NINE - 2 * HOUR)
        shift.start(at=NINE, by=ana.user)
        shift.complete(at=NINE + HOUR, by=ana.user)
        report(shift, at=NINE + HOUR + 14 * DAY)
        with pytest.raises(Refusal, match="a while ago"):
            report(shift, at=NINE + HOUR + 14 * DAY + MINUTE)

    def test_that_one_left_is_written_down_and_ends_the_shift(self, ana):
        shift = accepted()
        shift.start(at=NINE, by=ana.user)
        incident = report(shift, at=NINE + HOUR, left=True)
        assert (incident.left_at, Shift.objects.get().state) == (NINE + HOUR, "left")

    def test_nothing_of_it_is_kept_in_the_open(self, ana, sol):
        report(accepted()).close(DONE, at=NINE, by=sol.user)
        with connection.cursor() as cursor:
            cursor.execute("SELECT row::text FROM bookings_incident AS row")
            kept = cursor.fetchone()[0]
        assert "canary" not in kept
        assert [one for one in Event.objects.values_list("note", flat=True) if one] == []


class TestLookingAfterIt:
    def test_it_is_taken_in_hand_then_closed_and_its_reporter_reads_what_was_done(self, ana, sol, noa):
        incident = report(accepted())
        incident.take_in_hand(at=NINE, by=noa.user)
        incident.close(DONE, at=NINE + HOUR, by=sol.user)
        incident = Incident.objects.get()
        assert (incident.state, incident.looked_after_by, incident.outcome.open()) == ("closed", noa.user, DONE)
        notice = Notice.objects.get(key=f"incident_closed:{incident.pk}")
        assert (notice.user, DONE in notice.body) == (ana.user, False)
        events = Event.objects.about(incident)
        assert [one.verb for one in events] == ["report", "take_in_hand", "close"]

    def test_nobody_closes_twice_or_takes_what_somebody_has(self, ana, sol, noa):
        incident = report(accepted())
        incident.take_in_hand(at=NINE, by=noa.user)
        with pytest.raises(WrongState):
            incident.take_in_hand(at=NINE, by=sol.user)
        incident.close(DONE, at=NINE, by=sol.user)
        with pytest.raises(WrongState):
            incident.close("Again", at=NINE, by=sol.user)

    def test_others_do_not_even_learn_that_there_is_one(self, ana, bo, sol, noa, tess):
        incident = report(accepted())
        address = reverse("incident", args=[incident.uuid])
        client = incident.shift.home.client.user
        answers = {person: signed_in(person).get(address).status_code for person in (ana, sol, noa, bo, tess, client)}
        assert answers == {ana: 200, sol: 200, noa: 200, bo: 404, tess: 404, client: 404}
        assert WORDS not in words(signed_in(client).get(reverse("visit", args=[incident.shift.visit_id])))
        assert address not in words(signed_in(bo).get(reverse("incidents")))
        assert address in words(signed_in(ana).get(reverse("incidents")))

    def test_whoever_lost_the_role_reads_it_no_more(self, ana, noa):
        incident = report(accepted())
        noa.terms.all().delete()
        assert signed_in(noa).get(reverse("incident", args=[incident.uuid])).status_code == 404


class TestOnThePhone:
    def test_a_quiet_link_under_the_big_button_and_whom_to_call_before_the_words(self, ana, sol, time_machine):
        sol.move(phone="+17185550177", zip=sol.zip, areas=[])
        shift, browser = accepted(), signed_in(ana)
        time_machine.move_to(NINE - HOUR, tick=False)
        assert page(shift) in words(browser.get("/today"))
        form = words(browser.get(page(shift)))
        order = ["I do not feel safe", "tel:911", "tel:+1-718-555-0177", "/refusal", "What happened?"]
        assert sorted(order, key=form.index) == order
        assert f"/shifts/{shift.pk}/release" in form

    def test_reporting_leads_to_where_it_stands(self, ana, time_machine):
        shift, browser = accepted(), signed_in(ana)
        time_machine.move_to(NINE, tick=False)
        answer = browser.post(page(shift), {"kind": "unsafe", "words": WORDS, "left": "on"}, follow=True)
        assert WORDS in words(answer)
        assert "They left to be safe." in words(answer)
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize(
        "sent", [{}, {"kind": "unsafe"}, {"kind": "magic", "words": WORDS}, {"kind": "hurt", "words": "x" * 1001}]
    )
    def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(self, ana, time_machine, sent):
        shift, browser = accepted(), signed_in(ana)
        time_machine.move_to(NINE, tick=False)
        answer = browser.post(page(shift), sent)
        assert answer.status_code == 200
        assert sent.get("words", "") in words(answer)
        assert not Incident.objects.exists()

    def test_the_office_takes_it_and_closes_it_with_a_word(self, ana, sol, time_machine):
        incident, browser = report(accepted()), signed_in(sol)
        time_machine.move_to(NINE + HOUR, tick=False)
        browser.post(reverse("take_in_hand", args=[incident.uuid]))
        closing = reverse("close_incident", args=[incident.uuid])
        assert "Please say what was done." in words(browser.post(closing, {"outcome": " "}))
        assert said(browser.post(closing, {"outcome": DONE}))[-1] == "Closed. Whoever reported it is told."
        assert DONE in words(signed_in(ana).get(reverse("incident", args=[incident.uuid])))


class TestFromAPhone:
    """Without network a report waits on the phone like a tap, and is sent once."""

    def send(self, shift: Shift, *, words: str = WORDS, **sent: str):
        facts = {"uuid": UUID, "shift": str(shift.pk), "kind": "unsafe", "words": words}
        return signed_in(shift.member).post(reverse("deliver_report"), facts | sent)

    def test_sent_twice_it_is_one_and_those_who_look_after_it_are_told_once(self, ana, sol, time_machine):
        shift = accepted()
        time_machine.move_to(NINE, tick=False)
        answers = [self.send(shift).json() for _time in range(2)]
        incident = Incident.objects.get()
        assert answers == [{"refusal": "", "onward": reverse("incident", args=[incident.uuid])}] * 2
        assert incident.words.open() == WORDS
        assert Notice.objects.filter(key__startswith="incident_reported").count() == 1

    def test_leaving_counts_from_when_it_was_and_not_from_when_it_came(self, ana, time_machine):
        shift = accepted()
        shift.start(at=NINE, by=ana.user)
        time_machine.move_to(NINE + HOUR, tick=False)
        then, now = (str((NINE + minutes * MINUTE).timestamp() * 1000) for minutes in (20, 60))
        self.send(shift, left="on", device_at=then, sent_at=now)
        assert (Incident.objects.get().left_at, Shift.objects.get().done_at) == (NINE + 20 * MINUTE, NINE + 20 * MINUTE)
        assert Shift.objects.get().state == "left"

    def test_nothing_of_it_is_lost_whatever_became_of_the_visit(self, ana, sol, time_machine):
        shift = accepted()
        member = shift.member
        shift.release(at=NINE - HOUR, by=member.user, note="other")
        time_machine.move_to(NINE + 40 * DAY, tick=False)
        shift.member = member
        answer = self.send(shift, words="x" * 3000, kind="magic", left="on")
        incident = Incident.objects.get()
        assert (answer.status_code, incident.kind, len(incident.words.open())) == (200, "other", 1000)
        assert Shift.objects.get().state == "open"

    def test_who_must_not_read_it_does_not_hear_of_it_from_a_phone_either(self, ana, sol, noa, time_machine):
        shift = accepted()
        time_machine.move_to(NINE, tick=False)
        self.send(shift, barred=f"{sol.pk},what")
        told = Notice.objects.filter(key__startswith="incident_reported")
        assert [one.user for one in told] == [noa.user]
        assert signed_in(sol).get(reverse("incident", args=[Incident.objects.get().uuid])).status_code == 404

    def test_what_is_no_report_and_what_is_somebody_elses_is_not_taken(self, ana, bo, time_machine):
        shift = accepted()
        mate = bo if shift.member == ana else ana
        time_machine.move_to(NINE, tick=False)
        facts = {"uuid": UUID, "shift": str(shift.pk), "kind": "unsafe", "words": WORDS}
        answers = [signed_in(mate).post(reverse("deliver_report"), facts), self.send(shift, uuid="no number")]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert not Incident.objects.exists()

    def test_the_page_that_a_phone_keeps_says_whom_to_call(self, ana, sol, time_machine):
        sol.move(phone="+17185550177", zip=sol.zip, areas=[])
        shift = accepted()
        time_machine.move_to(NINE, tick=False)
        page = words(signed_in(ana).get(reverse("saved_day")))
        order = ["tel:911", "tel:+1-718-555-0177", "What happened?", "Report it"]
        assert sorted(order, key=page.index) == order
        assert f'data-report="{shift.pk}"' in page

    @pytest.mark.parametrize("name", ["saved_day", "report_incident", "incident"])
    def test_wherever_it_says_whom_to_call_the_number_of_the_office_stands_beside(self, ana, sol, name, time_machine):
        shift = accepted()
        time_machine.move_to(NINE, tick=False)
        facts = dict.fromkeys(ContactFacts.FACTS, "") | {"phone": "+17185550100", "hours_en": "Mon–Fri 9–5"}
        ContactFacts.say(at=NINE, by=sol.user, **facts)
        made = report(shift, kind="unsafe")
        about: dict[str, list[Any]] = {"saved_day": [], "report_incident": [shift.pk], "incident": [made.uuid]}
        tree = reader.read(words(signed_in(ana).get(reverse(name, args=about[name]))))
        [card, *_others] = [one for one in tree.every("section") if "get-safe" in one.attrs.get("class", "")]
        assert [one.attrs["href"] for one in card.every("a")][:2] == ["tel:911", "tel:+1-718-555-0100"]
        assert "Mon–Fri 9–5" in card.text


class TestKeeping:
    def test_the_reporter_takes_it_along_and_the_client_does_not(self, ana):
        incident = report(accepted())
        client = incident.shift.home.client.user
        taken = told(ana.user, at=NINE)["home"]["work"]["reported"]
        assert [one["words"] for one in taken] == [WORDS]
        assert WORDS not in str(told(client, at=NINE))
        assert "incident" not in str(told(client, at=NINE)).lower()

    def test_while_it_is_open_its_reporter_is_not_forgotten_and_afterwards_the_words_go(self, ana, sol):
        shift = accepted()
        shift.start(at=NINE, by=ana.user)
        shift.complete(at=NINE + HOUR, by=ana.user)
        incident = report(shift)
        ana.leave_coop(at=NINE + DAY, by=None)
        user = type(ana.user).objects.get(pk=ana.user.pk)
        with pytest.raises(Refusal, match="still being looked at"):
            erase(user, at=NINE + DAY)
        incident.close(DONE, at=NINE + DAY, by=sol.user)
        incident.forget_words()
        incident = Incident.objects.get()
        assert (incident.words.open(), incident.outcome.open(), incident.kind) == ("", "", "unsafe")
