"""The board and committees: changed by two, with terms that are never rewritten and never overlap."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction

from members.models import Body, BodyChange, BodyTerm, Confirmation, Member
from tests import make
from tests.bookings.stage import NOW, signed_in, words

pytestmark = pytest.mark.django_db
TODAY, A_DAY = NOW.date(), timedelta(days=1)
TOLD = {"name_en": "Board", "name_es": "Consejo", "may_en": "It signs.", "may_es": "Firma.", "quorum": 2}


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def board(sol: Member) -> Body:
    return Body.found(at=NOW, by=sol.user, note="Founding", **TOLD, up_to_cents=50_000)


def days(first: int, last: int | None = None) -> dict[str, Any]:
    return {"starts_on": TODAY + first * A_DAY, "ends_on": last and TODAY + last * A_DAY, "decision": "Meeting"}


def test_a_body_comes_to_be_once_a_second_person_confirms_it(sol: Member, tess: Member, ana: Member) -> None:
    ben = make.member("Ben Board", hours=None, roles=["board"])
    typed = TOLD | {"up_to": "1200.50", "decision": "Meeting of May 4"}
    assert signed_in(sol).post("/bodies/new", typed).status_code == 302
    assert "Waiting for a second person" in words(signed_in(ana).get("/bodies"))
    assert not Body.objects.exists()
    Confirmation.objects.get().confirm(at=NOW, by=ben.user)
    body = Body.objects.get()
    assert (str(body), body.up_to_cents, body.quorum) == ("Board", 120_050, 2)
    page = words(signed_in(ana).get("/bodies"))
    assert "It may spend up to $1,200.50 at once." in page
    typed |= {"name_en": "Large board", "up_to": "0"}
    signed_in(sol).post(f"/bodies/{body.pk}/change", typed)
    Confirmation.objects.waiting().get().confirm(at=NOW, by=ben.user)
    body.refresh_from_db()
    assert (str(body), body.up_to_cents) == ("Large board", 0)


def test_somebody_joins_for_a_term_and_leaves_by_their_own_wish(
    board: Body, sol: Member, ana: Member, bo: Member
) -> None:
    ben = make.member("Ben Board", hours=None, roles=["board"])
    typed = {"member": ana.pk, "starts_on": "2026-03-12", "ends_on": "2026-12-31", "decision": "Meeting"}
    signed_in(sol).post(f"/bodies/{board.pk}/members", typed)
    assert ana.user not in Confirmation.objects.get().seconds(NOW)
    Confirmation.objects.get().confirm(at=NOW, by=ben.user)
    found = {day: list(board.members_on(day)) for day in (date(2026, 3, 11), date(2026, 12, 31), date(2027, 1, 1))}
    assert found == {date(2026, 3, 11): [], date(2026, 12, 31): [ana], date(2027, 1, 1): []}
    term = BodyTerm.objects.get()
    assert signed_in(bo).post(f"/bodies/terms/{term.pk}/end", {"decision": "x"}).status_code == 403
    signed_in(ana).post(f"/bodies/terms/{term.pk}/end", {"decision": "I move away"})
    assert list(board.members_on(date(2026, 4, 1))) == []
    assert BodyChange.objects.latest("pk").state == BodyChange.State.DONE


def test_who_leaves_the_coop_leaves_its_bodies(board: Body, ana: Member) -> None:
    board.terms.create(member=ana, **days(-3))
    assert list(board.members_on(TODAY)) == [ana]
    ana.leave_coop(at=NOW, by=None)
    assert BodyTerm.objects.get().ended_on == TODAY
    assert list(board.members_on(TODAY)) == []


def test_terms_never_overlap_and_are_never_rewritten(board: Body, ana: Member) -> None:
    term = board.terms.create(member=ana, **days(0, 10))
    with pytest.raises(IntegrityError, match="nobody_belongs_to_a_body_twice_at_once"), transaction.atomic():
        board.terms.create(member=ana, **days(10))
    board.terms.create(member=ana, **days(11))
    rows = BodyTerm.objects.filter(pk=term.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(ends_on=None)
    term.end(TODAY + A_DAY)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(ended_on=None)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.delete()
