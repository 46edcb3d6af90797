"""What two people write into the books by hand: expenses, income, moves between funds, deposits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from coop.errors import Refusal, WrongState
from members.models import Confirmation, Member
from payouts.ledger.presenters import months
from payouts.models import Account, Entry, HandEntry, Move
from tests import make, paper
from tests.payouts.ledger.test_ledger import OPERATIONS, STRIPE, post
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 10, 15, tzinfo=UTC)
TODAY = date(2026, 4, 10)
WISH: dict[str, Any] = {
    "kind": "expense",
    "what": "software",
    "fund": "upkeep",
    "cents": 12500,
    "day": date(2026, 4, 9),
    "note": "Two days of work on the site",
}


@pytest.fixture
def bea(db: None) -> Member:
    return make.member("Bea Board", hours=None, roles=["board"])


def draft(by: Member, **otherwise: Any) -> HandEntry:
    return HandEntry.draft(**WISH | otherwise, at=NOW, by=by.user)


def asked(about: HandEntry) -> Confirmation:
    return Confirmation.objects.get(kind="hand_entry", subject=about.pk)


def confirm(one: HandEntry, by: Member) -> HandEntry:
    asked(one).confirm(at=NOW, by=by.user)
    return HandEntry.objects.get(pk=one.pk)


def balances() -> dict[str, int]:
    return {account.code: account.balance for account in Account.objects.with_balance() if account.balance}


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        ({}, {"upkeep": -12500, "bank": 12500}),
        ({"kind": "income"}, {"upkeep": 12500, "bank": -12500}),
        ({"kind": "deposit", "receipt": paper.blank()}, {"upkeep": 12500, "bank": -12500}),
    ],
)
def test_the_books_change_once_a_second_person_has_confirmed(
    tess: Member, bea: Member, wish: dict[str, Any], after: dict[str, int]
) -> None:
    one = draft(tess, **wish)
    assert (balances(), asked(one).seconds(NOW)) == ({}, [bea.user])
    posted = confirm(one, bea)
    assert (posted.state, posted.entry.effective_on, posted.entry.memo) == ("posted", date(2026, 4, 9), WISH["note"])
    assert balances() == after
    with pytest.raises(WrongState):
        posted.post(at=NOW, by=bea.user)


def test_a_fund_below_zero_is_mended_from_one_that_has_it_and_from_no_other(tess: Member, bea: Member) -> None:
    post("visit:1", Move(OPERATIONS, STRIPE, 300), Move(STRIPE, Account.fund("reserve"), 500))
    mend = {"kind": "moved", "fund": "reserve", "other_fund": "operations", "note": "Below zero since March"}
    confirm(draft(tess, **mend, cents=300), bea)
    assert balances() == {"reserve": 200, "stripe": -200}
    too_much = draft(tess, **mend, cents=201)
    with pytest.raises(Refusal, match=r"has \$2.00"):
        confirm(too_much, bea)
    assert balances() == {"reserve": 200, "stripe": -200}


def test_undoing_what_was_moved_makes_no_hole_either(tess: Member, bea: Member) -> None:
    income = {"kind": "income", "fund": "operations", "cents": 1000, "note": "A grant"}
    moved = {"kind": "moved", "fund": "operations", "other_fund": "reserve", "cents": 1000, "note": "For bad days"}
    confirm(draft(tess, **income), bea)
    move = confirm(draft(tess, **moved), bea)
    confirm(draft(tess, fund="reserve", cents=1000, note="A bad day"), bea)
    undoing = move.undo(note="By mistake", at=NOW, by=tess.user)
    with pytest.raises(Refusal, match=r"has \$0.00"):
        confirm(undoing, bea)
    assert balances().get("reserve", 0) == 0


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"day": date(2026, 4, 11)}, "has not come yet"),
        ({"day": date(2025, 12, 31)}, "books of 2025 are closed"),
        ({"kind": "deposit"}, "add the bank's receipt"),
        ({"kind": "moved"}, "to which other fund"),
        ({"kind": "moved", "other_fund": "upkeep"}, "to which other fund"),
        ({"receipt": b"no picture"}, "cannot read this"),
    ],
)
def test_what_cannot_be_is_refused_in_words(tess: Member, wish: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        draft(tess, **wish)
    assert (HandEntry.objects.count(), Confirmation.objects.count()) == (0, 0)


def test_last_year_is_open_for_a_while(tess: Member) -> None:
    early = datetime(2027, 3, 31, 15, tzinfo=UTC)
    HandEntry.draft(**WISH | {"day": date(2026, 12, 31)}, at=early, by=tess.user)
    with pytest.raises(Refusal, match="closed"):
        HandEntry.draft(**WISH | {"day": date(2025, 12, 31)}, at=early, by=tess.user)


def test_whoever_is_paid_neither_writes_nor_confirms_it(tess: Member, bea: Member, ana: Member) -> None:
    with pytest.raises(Refusal, match="what they are paid themselves"):
        draft(tess, to_member=tess)
    one = draft(tess, to_member=bea)
    assert bea.user not in asked(one).seconds(NOW)
    with pytest.raises(Refusal):
        confirm(one, bea)
    with pytest.raises(Refusal):
        confirm(one, tess)
    assert confirm(one, ana).state == "posted", "where the offices are not free, whoever is here longest"


def test_it_is_undone_by_two_in_the_same_way(tess: Member, bea: Member) -> None:
    one = confirm(draft(tess), bea)
    undoing = one.undo(note="Paid by the reserve", at=NOW, by=bea.user)
    with pytest.raises(Refusal, match="asked for this already"):
        one.undo(note="Once more", at=NOW, by=tess.user)
    assert balances() == {"upkeep": -12500, "bank": 12500}
    undone = confirm(undoing, tess)
    assert (balances(), undone.entry.reverses, HandEntry.objects.get(pk=one.pk).state) == ({}, one.entry, "undone")
    with pytest.raises(WrongState):
        HandEntry.objects.get(pk=one.pk).undo(note="Again", at=NOW, by=tess.user)
    with pytest.raises(Refusal, match="undoes another"):
        undone.undo(note="Back", at=NOW, by=tess.user)
    again = confirm(draft(tess), bea)
    assert again.state == "posted", "the right one may be written anew in the same words"


def test_a_no_leaves_everything_and_may_be_asked_again(tess: Member, bea: Member) -> None:
    one = draft(tess)
    asked(one).decline("Which invoice?", at=NOW, by=bea.user)
    assert (HandEntry.objects.get(pk=one.pk).state, balances()) == ("declined", {})
    draft(tess)


def test_the_same_twice_is_refused(tess: Member, bea: Member) -> None:
    draft(tess)
    with pytest.raises(Refusal, match="stands there already"):
        draft(bea)
    draft(bea, note="Two days of work on the site, second invoice")


def test_a_month_of_the_open_books_has_it(tess: Member, bea: Member) -> None:
    confirm(draft(tess), bea)
    confirm(draft(tess, kind="income", cents=700), bea)
    (month,) = months(since=date(2026, 1, 1))
    assert (month.expenses, month.came_in) == (12500, 700)


class TestThePromises:
    def test_what_it_says_is_never_changed(self, tess: Member) -> None:
        draft(tess)
        with pytest.raises(ProgrammingError), transaction.atomic():
            HandEntry.objects.update(cents=1)
        with pytest.raises(ProgrammingError), transaction.atomic():
            HandEntry.objects.all()._raw_delete("default")

    def test_it_is_not_posted_without_an_entry(self, tess: Member) -> None:
        draft(tess)
        with pytest.raises(IntegrityError, match="a_hand_entry_is_in_the_books_iff_confirmed"), transaction.atomic():
            HandEntry.objects.update(state="posted")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does() -> None:
    """Two write the same, two confirm, two ask to undo it."""
    tess = make.member("Tess Marin", hours=None, roles=["treasurer"])
    bea, ben = (make.member(name, hours=None, roles=["board"]) for name in ("Bea Board", "Ben Board"))
    first = at_once(lambda: draft(tess), lambda: draft(bea))
    assert sorted(type(one).__name__ for one in first) == ["HandEntry", "Refusal"]
    one = HandEntry.objects.get()
    free = [who for who in (tess, bea, ben) if who.user != one.drafted_by]
    at_once(*(lambda who=who: confirm(one, who) for who in free))
    assert (balances(), Entry.objects.count()) == ({"upkeep": -12500, "bank": 12500}, 1)
    at_once(*(lambda who=who: HandEntry.objects.get().undo(note="Wrong", at=NOW, by=who.user) for who in (tess, bea)))
    assert HandEntry.objects.filter(undoes=one).count() == 1
