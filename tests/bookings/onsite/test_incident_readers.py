"""Nobody reads, is told of or closes a report about themselves, and somebody else always does."""

import re
from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.db.models import F
from django.urls import reverse

from bookings.models import Incident, Shift
from bookings.onsite.tasks import sweep_late
from members.models import Member, Notice, User
from members.notices.notices import MOST_TRIES
from members.personal_data import told
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import signed_in
from tests.bookings.test_cannot_be_inferred import look as look_at
from tests.house import undone

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
    browser, here = signed_in(member), reverse("incident", args=[found.uuid])
    return [
        browser.get(here).status_code,
        browser.post(reverse("take_in_hand", args=[found.uuid])).status_code,
        browser.post(reverse("close_incident", args=[found.uuid]), {"outcome": "Nothing."}).status_code,
    ]


def test_whom_the_reporter_names_knows_nothing_of_it(ana, sol, noa):
    found = report(shift_of(ana), barred=[sol])
    assert (told_of_it(), gets(sol, found)) == (["Noa"], [404, 404, 404])
    home, listed = signed_in(sol).get("/"), signed_in(sol).get(reverse("incidents"))
    waits = {one.name: found.count for one, found in home.context["waiting"]}
    assert (waits["incidents"], list(listed.context["standing"])) == (0, [])
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
    page = signed_in(ana).get(reverse("incident", args=[found.uuid])).content.decode()
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
    shown = signed_in(ana).get(reverse("incident", args=[Incident.objects.get().uuid])).content.decode()
    assert ("Nobody can read this yet" in shown, "Bo L." in shown) == (False, True)


def test_a_message_about_it_that_does_not_arrive_is_not_on_the_list_of_whom_it_is_kept_from(ana, sol, noa):
    """Nor is the answer to its reporter; another coordinator sees both, and sends them once more."""
    sia = make.member("Sia Second", hours=None, roles=["coordinator"])
    found = report(shift_of(ana), barred=[sol])
    found.close("Nothing.", at=NINE, by=noa.user)
    about_it = Notice.objects.filter(key__startswith="incident_")
    for lost in ({"tries": MOST_TRIES}, {"tries": 0, "due_at": NINE}):
        about_it.update(**lost)
        User.objects.filter(pk__in=[noa.user.pk, ana.user.pk]).update(email="" if lost["tries"] == 0 else F("email"))
        pages = [signed_in(one).get(reverse("calls")).content.decode() for one in (sol, sia)]
        words = ("Something happened at a visit", "What you reported was looked at")
        assert [[word in page for word in words] for page in pages] == [[False] * 2, [True] * 2], lost
        step = "retry_notice" if lost["tries"] else "called"
        address = reverse(step, args=[about_it.get(user=noa.user).pk])
        assert [signed_in(one).post(address).status_code for one in (sol, sia)] == [404, 302]


def test_the_addresses_of_reports_do_not_say_that_there_is_one_between_them(ana, sol, noa):
    shift = shift_of(ana)
    first, hidden, last = report(shift), report(shift, barred=[sol]), report(shift)
    assert hidden.pk - first.pk == last.pk - hidden.pk == 1
    page = signed_in(sol).get(reverse("incidents")).content.decode()
    assert [f'incidents/{one.uuid}"' in page for one in (first, hidden, last)] == [True, False, True]
    assert re.findall(r"/incidents/(\d+)[\"/]", page) == []


def everything(person: Member, shift: Shift, other: Shift) -> dict[str, tuple[str, int]]:
    """What somebody of the co-op can look at in which a report might leave a trace, with what was asked for it."""
    browser, seen = signed_in(person), {}
    about = {"visit": shift.visit_id, "turn": shift.pk, "client": shift.home.client_id}
    pages = {name: reverse(name, args=[number]) for name, number in about.items()}
    names = ("home", "today", "offers", "incidents", "week", "unfilled_shifts", "calls", "review", "confirmations")
    pages |= {name: reverse(name) for name in (*names, "trouble", "earnings", "spotlight", "me", "my_data", "books")}
    pages |= {"search": reverse("find") + "?q=Ana", "report": reverse("report_incident", args=[other.pk])}
    for name, address in pages.items():
        look = look_at(browser, "get", address)
        seen[name] = (look.body, len(look.asked))
    look = look_at(browser, "post", reverse("export_data"))
    return seen | {"data": (look.body, len(look.asked))}


def test_a_report_leaves_no_trace_on_any_page_of_whom_it_is_kept_from(ana, sol, noa):
    """Bo was of the crew, Sol is barred; what Tess sees, who has no part in it, is the same, too."""
    bo, tess = make.member("Bo Lindgren"), make.member("Tess Marin", hours=None, roles=["treasurer"])
    make.at_home("Bo Lindgren", make.client("Kim Park"), person=bo.user)
    shift = make.accepted(starts_at=NINE, at=NOW, service=make.service(minutes=240, crew=2))
    mine = Shift.objects.get(visit=shift.visit, member=ana)
    theirs = Shift.objects.get(visit=shift.visit, member=bo)
    worlds = []
    for reported in (False, True):
        with undone():
            cache.clear()  # what is asked once a minute is asked in each world
            if reported:
                report(mine, barred=[sol])
            worlds.append({who.pk: everything(who, shift, theirs) for who in (sol, bo, tess)})
            assert len(told_of_it()) == reported
    without, with_it = worlds
    for who in without:
        for page, seen in without[who].items():
            assert (who, page, with_it[who][page]) == (who, page, seen)
