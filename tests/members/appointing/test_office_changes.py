"""Offices by page: who holds which, and how it changes with a second person."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Confirmation, Member, Notice, OfficeChange, Role
from tests import make
from tests.bookings.stage import NOW, said, signed_in, words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DECISION = "Meeting of March 9"


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mia(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mia Falk", hours=None, roles=["membership"])


def ask(by: Member, member: Member, office: str = "treasurer", **more: str) -> Any:
    answers = {"office": office, "member": str(member.pk), "starts_on": str(TODAY), "decision": DECISION}
    return signed_in(by).post("/offices/new", answers | more)


def confirm(by: Member) -> Any:
    return signed_in(by).post(f"/confirmations/{Confirmation.objects.get().pk}/yes")


def test_an_office_is_given_by_one_and_confirmed_by_another(mia: Member, sol: Member, ana: Member) -> None:
    asked = ask(mia, ana)
    assert said(asked) == ["Asked. It holds once a second person confirms it."]
    assert not Role.objects.filter(member=ana).exists()
    page = words(signed_in(ana).get("/offices"))
    assert "Ana R. becomes treasurer from" in page
    assert DECISION in page
    confirm(sol)
    term = Role.objects.get(member=ana)
    assert (term.kind, term.starts_on, term.ends_on, term.decision) == ("treasurer", TODAY, None, DECISION)
    assert Notice.objects.filter(user=ana.user, key__startswith="office_changed:").exists()
    assert "Meeting of March 9" in words(signed_in(ana).get("/offices"))


def test_nobody_confirms_their_own_office(mia: Member, sol: Member, bo: Member) -> None:
    ask(mia, sol, "safety")
    assert confirm(sol).status_code == 403
    assert sol.user not in Confirmation.objects.get().seconds(NOW)
    confirm(bo)
    assert Role.objects.filter(member=sol, kind="safety").exists()


def test_who_has_no_office_asks_for_nothing(sol: Member, ana: Member, bo: Member) -> None:
    assert ask(ana, bo).status_code == 403
    assert signed_in(ana).get(f"/offices/{sol.terms.get().pk}/end").status_code == 403
    assert "Give somebody an office" not in words(signed_in(ana).get("/offices"))


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"starts_on": str(TODAY - timedelta(days=1))}, "That day is over."),
        ({"starts_on": str(TODAY + timedelta(days=367))}, "A term begins within a year from today."),
        ({"ends_on": str(TODAY - timedelta(days=1))}, "The last day comes before the first."),
        ({"office": "coordinator"}, "They hold that office in these days already."),
        ({"decision": ""}, "aria-invalid"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    mia: Member, sol: Member, ana: Member, more: dict[str, str], complaint: str
) -> None:
    page = ask(mia, sol, **more)
    assert complaint in words(page)
    assert not OfficeChange.objects.exists()


def test_a_candidate_holds_no_office(mia: Member, sol: Member, ana: Member, cara: Member) -> None:
    assert "aria-invalid" in words(ask(mia, cara))
    assert not OfficeChange.objects.exists()


def test_a_term_ends_after_its_holder_was_heard(mia: Member, sol: Member, tess: Member) -> None:
    make.role(mia, "treasurer")
    term = tess.terms.get()
    signed_in(mia).post(f"/offices/{term.pk}/end", {"decision": DECISION})
    assert confirm(sol).status_code in (302, 409, 422)
    assert Role.objects.held(NOW).filter(pk=term.pk).exists()
    asked = Confirmation.objects.get()
    signed_in(tess).post(f"/confirmations/{asked.pk}/answer", {"agrees": "yes", "words": ""})
    confirm(sol)
    assert not Role.objects.held(NOW).filter(pk=term.pk).exists()
    assert "Terms that are over" in words(signed_in(sol).get("/offices"))


def test_somebody_gives_up_their_own_office_at_once(sol: Member, ana: Member, bo: Member) -> None:
    make.role(ana, "coordinator")
    term = sol.terms.get()
    given_up = signed_in(sol).post(f"/offices/{term.pk}/end", {"decision": "No time this summer"})
    assert said(given_up) == ["Done. All members see it."]
    assert not Role.objects.held(NOW).filter(pk=term.pk).exists()


def test_what_waits_about_an_office_does_not_keep_its_holder_from_giving_it_up(
    mia: Member, tess: Member, ana: Member, bo: Member
) -> None:
    term = tess.terms.get()
    answers = {"decision": "The meeting said so", "knows": "on"}
    signed_in(mia).post(f"/offices/{term.pk}/end", answers)
    assert Confirmation.objects.waiting().count() == 1
    signed_in(tess).post(f"/offices/{term.pk}/end", answers)
    assert (Role.objects.held(NOW).filter(pk=term.pk).exists(), Confirmation.objects.waiting().exists()) == (
        False,
        False,
    )


def test_the_last_of_an_office_is_asked_once_more(sol: Member, ana: Member, bo: Member) -> None:
    url = f"/offices/{sol.terms.get().pk}/end"
    assert "Nobody else holds this office." in words(signed_in(sol).get(url))
    refused = signed_in(sol).post(url, {"decision": DECISION})
    assert refused.status_code == 200
    assert Role.objects.held(NOW).filter(member=sol).exists()
    signed_in(sol).post(url, {"decision": DECISION, "knows": "on"})
    assert not Role.objects.held(NOW).filter(member=sol).exists()


def test_two_founders_share_offices_out_at_once(sol: Member, ana: Member) -> None:
    assert said(ask(sol, ana)) == ["Done. All members see it."]
    assert Role.objects.filter(member=ana, kind="treasurer").exists()


def test_the_same_change_is_asked_for_once(mia: Member, sol: Member, ana: Member) -> None:
    ask(mia, ana)
    assert "waits for a second person already" in words(ask(sol, ana))
    assert OfficeChange.objects.count() == 1


def test_withdrawn_nothing_changes_and_it_can_be_asked_anew(mia: Member, sol: Member, ana: Member) -> None:
    ask(mia, ana)
    signed_in(mia).post(f"/confirmations/{Confirmation.objects.get().pk}/withdrawal")
    assert OfficeChange.objects.get().state == OfficeChange.State.DROPPED
    ask(mia, ana)
    assert OfficeChange.objects.filter(state=OfficeChange.State.ASKED).count() == 1


def test_the_database_holds_that_nobody_holds_an_office_twice(sol: Member) -> None:
    with pytest.raises(IntegrityError, match="nobody_holds_an_office_twice_at_once"), transaction.atomic():
        make.role(sol, "coordinator", starts_on=date(2027, 1, 1))
