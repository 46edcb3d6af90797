"""Nobody reads, is told of or closes a report about themselves, and somebody else always does."""

from collections.abc import Iterable

import pytest
from django.urls import reverse

from bookings.models import Incident, Shift
from bookings.tasks import sweep_late
from members.keeping import told
from members.models import Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import signed_in

pytestmark = pytest.mark.django_db
WORDS = "canary: she shouted at me"


@pytest.fixture(autouse=True)
def at_nine(time_machine):
    time_machine.move_to(NINE, tick=False)


@pytest.fixture
def noa(db: None) -> Member:
    """Looks after safety."""
    return make.member("Noa Stern", hours=None, roles=["safety"])


def shift_of(member: Member) -> Shift:
    shift = make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=120))
    assert shift.member == member
    return shift


def report(shift: Shift, *, barred: Iterable[Member] = ()) -> Incident:
    return Incident.report(shift, kind="dispute", words=WORDS, left=False, at=NINE, by=shift.member.user, barred=barred)


def told_of_it() -> list[str]:
    notices = Notice.objects.filter(key__startswith="incident_reported").select_related("user")
    return sorted(one.user.first_name for one in notices)


def gets(member: Member, found: Incident) -> list[int]:
    browser, here = signed_in(member), reverse("incident", args=[found.pk])
    return [
        browser.get(here).status_code,
        browser.post(reverse("take_in_hand", args=[found.pk])).status_code,
        browser.post(reverse("close_incident", args=[found.pk]), {"outcome": "Nothing."}).status_code,
    ]


def test_whom_the_reporter_names_knows_nothing_of_it(ana, sol, noa):
    found = report(shift_of(ana), barred=[sol])
    assert (told_of_it(), gets(sol, found)) == (["Noa"], [404, 404, 404])
    home, listed = signed_in(sol).get("/"), signed_in(sol).get(reverse("incidents"))
    assert (home.context["incidents"], list(listed.context["standing"])) == (0, [])
    assert "canary" not in str(told(sol.user, at=NINE))
    assert gets(noa, found) == [200, 302, 302]
    assert Incident.objects.get().state == "closed"


def test_the_reporter_chooses_on_the_form_and_sees_who_reads_it(ana, sol, noa):
    shift = shift_of(ana)
    page = reverse("report_incident", args=[shift.pk])
    form = signed_in(ana).get(page).context["form"]
    assert [str(member) for member in form.fields["barred"].queryset] == ["Noa Stern", "Sol Vega"]
    sent = {"kind": "dispute", "words": WORDS, "barred": [sol.pk]}
    shown = signed_in(ana).post(page, sent, follow=True).content.decode()
    assert ("Read by:" in shown, "Noa S." in shown, "Sol V." in shown) == (True, True, False)
    assert told_of_it() == ["Noa"]


def test_nobody_reads_of_a_visit_at_which_they_were(ana, sol, noa):
    shift = shift_of(ana)
    make.role(ana, "coordinator")
    other = Shift.objects.get(pk=shift.pk)
    other.pk, other.member, other.state = None, sol, "accepted"
    other.save(force_insert=True)
    found = report(shift)
    assert (told_of_it(), gets(sol, found)) == (["Noa"], [404, 404, 404])


def test_nobody_reads_of_their_own_home(ana, sol, noa):
    shift = shift_of(ana)
    make.at_home("Sol Vega", shift.home.client, person=sol.user)
    found = report(shift)
    assert (told_of_it(), gets(sol, found)) == (["Noa"], [404, 404, 404])


def test_whoever_moves_in_there_later_reads_it_no_more(ana, sol, noa):
    shift = shift_of(ana)
    found = report(shift)
    assert told_of_it() == ["Noa", "Sol"]
    make.at_home("Sol Vega", shift.home.client, person=sol.user)
    listed = signed_in(sol).get(reverse("incidents"))
    assert (gets(sol, found), list(listed.context["standing"])) == ([404, 404, 404], [])
    assert found.readers(NINE) == [noa.user]


def test_without_anybody_of_the_offices_the_board_reads_it(ana, sol, noa):
    ben = make.member("Ben Board", hours=None, roles=["board"])
    found = report(shift_of(ana), barred=[sol, noa])
    assert (told_of_it(), gets(sol, found), gets(ben, found)) == (["Ben"], [404, 404, 404], [200, 302, 302])


def test_in_a_coop_of_three_the_third_reads_it_by_name(ana, sol):
    bo = make.member("Bo Lindgren", hours=None)
    found = report(shift_of(ana), barred=[sol])
    assert (told_of_it(), found.readers(NINE)) == (["Bo"], [bo.user])
    page = signed_in(ana).get(reverse("incident", args=[found.pk])).content.decode()
    assert "Bo L." in page
    assert gets(bo, found) == [200, 302, 302]


def test_who_looks_after_reports_does_not_report_to_nobody(ana, sol):
    """The only coordinator reports something herself."""
    make.role(ana, "coordinator")
    sol.leave_coop(at=NOW, by=None)
    bo = make.member("Bo Lindgren", hours=None)
    assert report(shift_of(ana)).readers(NINE) == [bo.user]


def test_when_its_last_reader_leaves_somebody_else_is_found(ana, sol, noa):
    bo = make.member("Bo Lindgren", hours=None)
    found = report(shift_of(ana), barred=[sol])
    noa.leave_coop(at=NINE, by=None)
    assert found.readers(NINE) == []
    for _twice in range(2):
        sweep_late()
    assert (found.readers(NINE), told_of_it()) == ([bo.user], ["Bo", "Noa"])


def test_on_leave_a_reader_is_not_told_and_does_not_close(ana, sol, noa):
    noa.go_on_leave(at=NOW, by=None)
    found = report(shift_of(ana))
    assert (told_of_it(), gets(noa, found)) == (["Sol"], [200, 403, 403])


@pytest.mark.parametrize("goes", ["leave_coop", "go_on_leave"])
def test_when_whoever_stands_in_leaves_or_rests_somebody_else_is_found(ana, sol, goes):
    bo = make.member("Bo Lindgren", hours=None)
    found = report(shift_of(ana), barred=[sol])
    noa = make.member("Noa Stern", hours=None)
    assert found.readers(NINE) == [bo.user]
    getattr(bo, goes)(at=NINE, by=None)
    assert found.readers(NINE) == []
    sweep_late()
    assert (found.readers(NINE), told_of_it()) == ([noa.user], ["Bo", "Noa"])
    assert gets(noa, found) == [200, 302, 302]


def test_who_bars_everybody_reads_that_nobody_reads_it(ana, sol, noa):
    """It is kept all the same, and whoever can read it later is told."""
    shift = shift_of(ana)
    page = reverse("report_incident", args=[shift.pk])
    sent = {"kind": "dispute", "words": WORDS, "barred": [sol.pk, noa.pk]}
    shown = signed_in(ana).post(page, sent, follow=True).content.decode()
    assert ("Nobody can read this yet" in shown, "are told now" in shown, told_of_it()) == (True, False, [])
    make.member("Bo Lindgren", hours=None)
    sweep_late()
    assert told_of_it() == ["Bo"]
    shown = signed_in(ana).get(reverse("incident", args=[Incident.objects.get().pk])).content.decode()
    assert ("Nobody can read this yet" in shown, "Bo L." in shown) == (False, True)
