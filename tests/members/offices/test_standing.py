"""Authority goes by standing: no office without it, and none of what hangs on it."""

import threading
from datetime import timedelta

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from coop.models import Event
from members.models import CalendarAddress, Member, PushAddress, Role, User
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
KINDS = sorted(Role.Kind.values)


def anew(member: Member) -> User:
    return User.objects.get(pk=member.user_id)


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_leaves_holds_no_office_from_that_moment_on(ana: Member, kind: str) -> None:
    term = make.role(ana, kind)
    ana.leave_coop(at=NOW, by=None)
    term.refresh_from_db()
    assert (term.ended_at, anew(ana).roles, Role.objects.holders(timezone.now(), kind)) == (NOW, frozenset(), [])


def test_without_standing_a_term_that_runs_gives_nothing(ana: Member) -> None:
    """Whatever a row says: the question is asked in one place, and it asks for standing, too."""
    make.role(ana, "treasurer")
    with pgtrigger.ignore("members.Standing:whoever_leaves_holds_no_office"):
        make.stand("former", ana)
    assert (Role.objects.get().ended_at, anew(ana).roles, anew(ana).acting_roles) == (None, frozenset(), frozenset())


def test_a_term_that_is_ended_by_a_decision_ends_at_that_moment(ana: Member, sol: Member) -> None:
    term = make.role(ana, "treasurer")
    term.end(at=NOW, by=sol.user, note="Proposal 12")
    moments = (NOW - timedelta(seconds=1), NOW)
    assert [Role.objects.held(moment).filter(member=ana).exists() for moment in moments] == [True, False]
    assert list(Event.objects.about(term).values_list("verb", "actor", "note")) == [("end", sol.user.pk, "Proposal 12")]


def test_whoever_left_is_not_appointed(ana: Member) -> None:
    ana.leave_coop(at=NOW, by=None)
    with pytest.raises(CommandError):
        call_command("appoint", ana.user.email, "--name", "Ana", "--zip", "11215")


def test_leaving_ends_sessions_browsers_and_the_calendar_of_shifts(ana: Member) -> None:
    browser, other = signed_in(ana), signed_in(ana)
    PushAddress.keep(ana.user, endpoint="https://push.example/1", key="k", auth="a", at=NOW)
    for kind in CalendarAddress.Kind:
        CalendarAddress.make(ana.user, kind, at=NOW)
    ana.leave_coop(at=NOW, by=None)
    pages = [one.get(reverse("me")).status_code for one in (browser, other)]
    standing = CalendarAddress.objects.standing().values_list("kind", flat=True)
    assert (pages, PushAddress.objects.count(), list(standing)) == ([302, 302], 0, ["client"])


def test_a_refused_leaving_ends_nothing(ana: Member) -> None:
    """All in one transaction: what fails afterwards leaves everything as it was."""
    make.role(ana, "treasurer")
    browser = signed_in(ana)
    with transaction.atomic():
        ana.leave_coop(at=NOW, by=None)
        transaction.set_rollback(True)
    assert (anew(ana).roles, browser.get(reverse("me")).status_code) == (frozenset({"treasurer"}), 200)


def test_on_leave_an_office_reads_and_does_not_act(sol: Member) -> None:
    sol.go_on_leave(at=NOW, by=None)
    person = anew(sol)
    assert (person.roles, person.acting_roles, person.rests) == (frozenset({"coordinator"}), frozenset(), True)
    assert (person.has_perm("bookings.coordinate"), person.may_act("bookings.coordinate")) == (True, False)
    assert person.may_act("bookings.work"), "what every member may do does not hang on the office"
    assert Role.objects.holders(timezone.now(), "coordinator") == [], "nor is anybody told who is not here"


def test_the_page_says_that_somebody_on_leave_only_reads(sol: Member) -> None:
    sol.go_on_leave(at=NOW, by=None)
    browser = signed_in(sol)
    page, refused = browser.get(reverse("unfilled_shifts")), browser.post(reverse("export_care"))
    assert "You are on leave. You can read what your office reads" in page.content.decode()
    assert (refused.status_code, "You are on leave." in refused.content.decode()) == (403, True)


def test_the_page_says_that_somebody_is_suspended(sol: Member) -> None:
    sol.suspend(at=NOW, by=None, note="A report is looked into.")
    browser = signed_in(sol)
    pages = [browser.get(reverse("unfilled_shifts")), browser.post(reverse("export_care"))]
    said = [page.content.decode() for page in pages]
    assert ["You are suspended." in page for page in said] == [True, True]
    assert ["You are on leave" in page for page in said] == [False, False]


def test_the_database_knows_no_office_without_standing(ana: Member, cara: Member) -> None:
    with pytest.raises(IntegrityError, match="an_office_needs_good_standing"), transaction.atomic():
        make.role(cara, "treasurer")
    make.role(ana, "treasurer")
    with pytest.raises(IntegrityError, match="whoever_leaves_holds_no_office"), transaction.atomic():
        make.stand("former", ana, since=NOW.date())


@pytest.mark.django_db(transaction=True)
def test_nobody_is_appointed_while_they_leave() -> None:
    """The one waits for the other, whichever comes first; both together are never in the books."""
    ana = make.member("Ana Reyes")
    left = threading.Event()
    trouble: list[type[BaseException]] = []

    def appoint() -> None:
        left.wait(10)
        try:
            make.role(Member.objects.get(pk=ana.pk), "treasurer")
        except IntegrityError as refused:
            trouble.append(type(refused))
        finally:
            connection.close()

    other = threading.Thread(target=appoint)
    other.start()
    with transaction.atomic():
        ana.leave_coop(at=NOW, by=None)
        left.set()
        other.join(1)
        assert other.is_alive(), "it has to wait for what is decided at this moment"
    other.join(10)
    assert (len(trouble), Role.objects.count()) == (1, 0)
