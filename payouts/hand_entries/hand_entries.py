"""What one person writes into the books and another confirms; undone in the same way."""

from datetime import date, datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.money import dollars
from coop.states import Stateful, all_or_nothing, transition
from coop.typed.fields import WrittenLine
from coop.web.documents import clean_document
from members.models import Confirmation, Member, User
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import YEAR_STAYS_OPEN

MATTER = "hand_entry"
KEPT_ONCE = ("kind", "what", "fund", "other_fund", "cents", "day", "note")


def first_open_day(today: date) -> date:
    """The first day that may still be written about: of last year, as long as its books are open."""
    months = YEAR_STAYS_OPEN.on(today)
    return date(today.year - 1 if today.month <= months else today.year, 1, 1)


class Fund(models.TextChoices):
    """What of the co-op's own an entry by hand can touch."""

    OPERATIONS = Account.Kind.OPERATIONS.value, Account.Kind.OPERATIONS.label
    RESERVE = Account.Kind.RESERVE.value, Account.Kind.RESERVE.label
    UPKEEP = Account.Kind.UPKEEP.value, Account.Kind.UPKEEP.label
    UNCLAIMED = Account.Kind.UNCLAIMED.value, Account.Kind.UNCLAIMED.label


class HandEntryQuerySet(models.QuerySet["HandEntry"]):
    def light(self) -> "HandEntryQuerySet":
        """Without the receipts, with all that a page reads."""
        related = ("drafted_by", "entry", "undoes", "to_member__user")
        return self.defer("receipt", "undoes__receipt").select_related(*related)

    def counting(self) -> "HandEntryQuerySet":
        """What is in the books or may still come into them."""
        return self.filter(state__in=[HandEntry.State.ASKED, HandEntry.State.POSTED])


class HandEntry(Stateful):
    """Cents that came to, left, or changed one of the co-op's funds, in words that all members read.

    Money comes to and leaves our bank account. `what` says what an expense was for, or where income came from.
    `to_member`: the member who is paid, if it is one; they neither draft nor confirm it. `undoes` another one.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        POSTED = "posted", gettext_lazy("in the books")
        DECLINED = "declined", gettext_lazy("not confirmed")
        UNDONE = "undone", gettext_lazy("undone")

    class Kind(models.TextChoices):
        EXPENSE = "expense", gettext_lazy("expense")
        INCOME = "income", gettext_lazy("other income")
        MOVED = "moved", gettext_lazy("moved between funds")
        DEPOSIT = "deposit", gettext_lazy("paid into our bank account")

    class What(models.TextChoices):
        SOFTWARE = "software", gettext_lazy("building and running this site")
        INSURANCE = "insurance", gettext_lazy("insurance")
        SUPPLIES = "supplies", gettext_lazy("supplies and tools")
        OFFICE = "office", gettext_lazy("office, rent, telephone")
        ADVICE = "advice", gettext_lazy("accountants and lawyers")
        TRAINING = "training", gettext_lazy("training and meetings")
        ADVERTISING = "advertising", gettext_lazy("being known")
        BANKING = "banking", gettext_lazy("fees and interest")
        TAXES = "taxes", gettext_lazy("taxes and licences")
        GRANT = "grant", gettext_lazy("grants and donations")
        OTHER = "other", gettext_lazy("anything else")

    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=20, choices=What.choices, default=What.OTHER)
    fund = models.CharField(max_length=20, choices=Fund.choices)
    other_fund = models.CharField(max_length=20, choices=Fund.choices, blank=True)
    cents = models.BigIntegerField()
    day = models.DateField()
    note = WrittenLine(max_length=200)
    to_member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.BinaryField(null=True)
    receipt_type = models.CharField(max_length=20, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="by_hand")
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undoings")

    objects = HandEntryQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("entry by hand")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_hand_entry_moves_something"),
            models.CheckConstraint(
                condition=Q(kind="moved") & ~Q(other_fund="") & ~Q(other_fund=models.F("fund"))
                | ~Q(kind="moved") & Q(other_fund=""),
                name="only_a_move_has_two_funds",
            ),
            models.CheckConstraint(
                condition=~Q(kind="deposit") | Q(receipt__isnull=False) | Q(undoes__isnull=False),
                name="a_deposit_has_its_receipt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["posted", "undone"], entry__isnull=False)
                | Q(state__in=["asked", "declined"], entry=None),
                name="a_hand_entry_is_in_the_books_iff_confirmed",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=["asked", "posted"]),
                name="a_hand_entry_is_undone_once",
            ),
            models.UniqueConstraint(
                fields=KEPT_ONCE,
                condition=Q(state__in=["asked", "posted"], undoes=None),
                name="a_hand_entry_is_written_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="hand_entries_are_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_a_hand_entry_says_is_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["state", "entry"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {dollars(self.cents)}"

    def get_absolute_url(self) -> str:
        return reverse("hand_entry", args=[self.pk])

    def is_about(self, user: User) -> bool:
        """Is this the member who is paid?"""
        return self.to_member is not None and self.to_member.user_id == user.pk

    @classmethod
    def draft(
        cls,
        *,
        kind: str,
        fund: str,
        cents: int,
        day: date,
        note: str,
        what: str = What.OTHER,
        other_fund: str = "",
        to_member: Member | None = None,
        receipt: bytes | None = None,
        at: datetime,
        by: User,
    ) -> "HandEntry":
        """Write it down and let a second person confirm it; the books do not change until then.

        Refused for a day to come or in a year that is closed, without its second fund or receipt, for what stands there
        already, and where whoever writes would be paid.
        """
        made = cls(kind=kind, what=what, fund=fund, other_fund=other_fund, cents=cents, day=day, note=note)
        made.to_member, made.drafted_by, made.drafted_at = to_member, by, at
        made._insist_that_it_can_be(today=timezone.localdate(at), by=by)
        if receipt:
            made.receipt, made.receipt_type = clean_document(receipt, field="receipt")
        elif kind == cls.Kind.DEPOSIT:
            raise Refusal(_("Please add the bank's receipt."), field="receipt")
        with all_or_nothing(made):
            made._stand_alone()
            made._ask_a_second(at=at, by=by)
        return made

    @transition(State.POSTED, to=None)
    def undo(self, *, note: str, at: datetime, by: User) -> "HandEntry":
        """Ask a second person to undo it, today; until then it stands. What undoes another is not undone itself."""
        if self.undoes_id:
            raise Refusal(_("This undoes another. Please write the right entry anew."))
        if self.undoings.filter(state=self.State.ASKED).exists():
            raise Refusal(_("Somebody has asked for this already. It waits for a second person."))
        same = {name: getattr(self, name) for name in ("kind", "what", "fund", "other_fund", "cents", "to_member")}
        made = HandEntry(**same, day=timezone.localdate(at), note=note, undoes=self, drafted_by=by, drafted_at=at)
        made._ask_a_second(at=at, by=by)
        return made

    @transition(State.ASKED, to=State.POSTED)
    def post(self, *, at: datetime, by: User) -> None:
        """A second person said yes: it stands in the books, once."""
        if self.undoes:
            self._insist_that_it_is_there(self.other_fund)
            self.undoes.become_undone(at=at, by=by)
            assert self.undoes.entry
            self.entry = self.undoes.entry.reverse(at=at, memo=self.note)
            return
        self._insist_on_an_open_day(timezone.localdate(at))
        self._insist_that_it_is_there(self.fund)
        key, memo, kind = f"hand:{self.pk}", self.note, Entry.Kind(self.kind)
        self.entry = Entry.post(key=key, kind=kind, effective_on=self.day, at=at, moves=[self._move()], memo=memo)

    @transition(State.ASKED, to=State.DECLINED)
    def drop(self, *, at: datetime, by: User) -> None:
        """A second person said no, or whoever wrote it took it back."""

    @transition(State.POSTED, to=State.UNDONE)
    def become_undone(self, *, at: datetime, by: User) -> None:
        """Its mirror image stands in the books, too."""

    def touches(self, user: User) -> bool:
        """Is it about this person, or was it they who wrote it?"""
        return self.is_about(user)

    def _move(self) -> Move:
        fund, bank = Account.fund(self.fund), Account.fund(Account.Kind.BANK)
        if self.kind == self.Kind.MOVED:
            return Move(fund, Account.fund(self.other_fund), self.cents)
        return Move(fund, bank, self.cents) if self.kind == self.Kind.EXPENSE else Move(bank, fund, self.cents)

    def _insist_that_it_can_be(self, *, today: date, by: User) -> None:
        if self.is_about(by):
            raise Refusal(_("Nobody writes down what they are paid themselves: please ask somebody else."))
        if self.day > today:
            raise Refusal(_("That day has not come yet."), field="day")
        self._insist_on_an_open_day(today)
        if self.kind == self.Kind.MOVED and self.other_fund in ("", self.fund):
            raise Refusal(_("Please say to which other fund."), field="other_fund")

    def _insist_on_an_open_day(self, today: date) -> None:
        if self.day < first_open_day(today):
            closed = _("The books of %(year)s are closed. Please date it in this year.") % {"year": self.day.year}
            raise Refusal(closed, field="day")

    def _insist_that_it_is_there(self, fund: str) -> None:
        """What leaves a fund for another has to be in it: else a hole is only moved. The fund waits meanwhile."""
        if self.kind == self.Kind.MOVED:
            row = _locked(fund)
            balance = Account.objects.with_balance().get(pk=row.pk).balance
            if balance < self.cents:
                has = {"fund": row.get_kind_display(), "cents": dollars(balance)}
                raise Refusal(_("%(fund)s has %(cents)s. No more than that can be moved.") % has)

    def _stand_alone(self) -> None:
        """The same words of the same day twice are one entry; whoever comes second is told."""
        _locked(self.fund)
        same = HandEntry.objects.counting().filter(**{name: getattr(self, name) for name in KEPT_ONCE}, undoes=None)
        if same.exists():
            raise Refusal(
                _("This stands there already. If it is another one, please say so in the note."), field="note"
            )

    def _ask_a_second(self, *, at: datetime, by: User) -> None:
        self.save(force_insert=True)
        self.record_event("draft", at=at, by=by, note=self.note)
        apart = [self.to_member] if self.to_member else []
        Confirmation.ask(MATTER, self.pk, reason=self.note, about=[], apart=apart, at=at, by=by)


def _locked(fund: str) -> Account:
    """The account of a fund, until the end of the transaction: whoever else writes to it by hand waits."""
    row = Account.objects.stored([Account.fund(fund)])[fund]
    return Account.objects.select_for_update().get(pk=row.pk)
