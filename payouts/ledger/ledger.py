"""The books: rows that are written once and can only ever move cents from one account to another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.models import Visit
from coop.models import append_only
from coop.typed.fields import WrittenLine
from members.models import Member

if TYPE_CHECKING:
    from payouts.charges.charges import Charge
    from payouts.payroll.payouts import Payout


def _total(transfers: "models.QuerySet[Transfer]", end: str) -> Coalesce:
    """The cents of the transfers at one end (payer or payee) of the account in the outer query."""
    mine = transfers.filter(**{end: OuterRef("pk")}).order_by().values(end).annotate(total=Sum("cents"))
    return Coalesce(Subquery(mine.values("total")), 0, output_field=models.BigIntegerField())


class AccountQuerySet(models.QuerySet["Account"]):
    def with_balance(self) -> "AccountQuerySet":
        """Each with `.balance`: cents received less cents given, in the one query."""
        transfers = Transfer.objects.all()
        return self.annotate(balance=_total(transfers, "payee") - _total(transfers, "payer"))  # type: ignore[no-redef]

    def stored(self, accounts: Iterable["Account"]) -> dict[str, "Account"]:
        """The rows of these accounts by code, opened where they are not yet."""
        wanted = {account.code: account for account in accounts}
        found = {row.code: row for row in self.filter(code__in=wanted)}
        missing = [wanted[code] for code in sorted(wanted.keys() - found.keys())]
        if missing:
            self.bulk_create(missing, ignore_conflicts=True)
            found |= {row.code: row for row in self.filter(code__in=[account.code for account in missing])}
        return found


class Account(models.Model):
    """Somebody's or something's side of the books.

    A balance is what was received less what was given. What the co-op owes (pay, tips) and what it keeps
    (operations, reserve, upkeep) is above zero; what it has to get (clients) and what it has (Stripe) is below zero.
    All balances together are zero, always.
    """

    class Kind(models.TextChoices):
        CLIENT = "client", _("what clients owe")
        PAY = "pay", _("pay owed to members")
        TIPS = "tips", _("tips owed to members")
        OPERATIONS = "operations", _("running the co-op")
        RESERVE = "reserve", _("shared reserve")
        UPKEEP = "upkeep", _("the people who build this site")
        GIFTS = "gifts", _("gift cards not used yet")
        CREDIT = "credit", _("credit of clients")
        UNCLAIMED = "unclaimed", _("money that nobody is known for")
        STRIPE = "stripe", _("money held by Stripe")
        BANK = "bank", _("money in our bank account")
        DISPUTES = "disputes", _("taken by banks that have not judged yet")

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="accounts")

    balance: int
    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["pay", "tips"], member__isnull=False)
                | Q(~Q(kind__in=["pay", "tips"]), member__isnull=True),
                name="pay_and_tips_belong_to_a_member",
            )
        ]
        triggers = append_only("accounts_are_never_changed")

    def __str__(self) -> str:
        return self.code

    @classmethod
    def pay(cls, member_id: int) -> "Account":
        """What is owed to a member for work: visits, the time between them, long days and full weeks."""
        return cls(code=f"pay:{member_id}", kind=cls.Kind.PAY, member_id=member_id)

    @classmethod
    def tips(cls, member_id: int) -> "Account":
        """What is owed to a member from tips."""
        return cls(code=f"tips:{member_id}", kind=cls.Kind.TIPS, member_id=member_id)

    @classmethod
    def client(cls, client_id: int) -> "Account":
        """What a client owes for work done."""
        return cls(code=f"client:{client_id}", kind=cls.Kind.CLIENT)

    @classmethod
    def credit(cls, client_id: int) -> "Account":
        """What a client has in hand with us, from gift cards and invitations."""
        return cls(code=f"credit:{client_id}", kind=cls.Kind.CREDIT)

    @classmethod
    def fund(cls, kind: str) -> "Account":
        """One of the co-op's own: operations, reserve, upkeep, stripe."""
        return cls(code=kind, kind=kind)


class OtherContent(Exception):
    """A key of the books was used a second time, for something else: a mistake of ours, and nothing is written."""


@dataclass(frozen=True)
class Move:
    """Cents from one account to another, before they are in the books."""

    payer: Account
    payee: Account
    cents: int


class Entry(models.Model):
    """One event in the books, with its transfers. `key` is unique: no event is posted twice.

    `effective_on` is the day on which it counts, `posted_at` when it was recorded.
    `recorded_in` is the number of the database's transaction, which no later transaction can have.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        CAPTURE = "capture", _("card payment")
        OUTSIDE = "outside", _("paid by check or in cash")
        TIP = "tip", _("tip")
        FEE = "fee", _("fee")
        REFUND = "refund", _("refund")
        PAYOUT = "payout", _("payout")
        GIFT = "gift", _("gift card")
        CREDIT = "credit", _("credit spent")
        REFERRAL = "referral", _("credit for an invitation")
        BETWEEN = "between", _("time between visits")
        FULL_WEEK = "full_week", _("over a full week")
        LONG_DAY = "long_day", _("a long day")
        CARRIED = "carried", _("household taken over")
        LEFT = "left", _("a visit that was broken off")
        RECOVERED = "recovered", _("found at Stripe after a restore")
        BORNE = "borne", _("too small to be charged")
        EXPENSE = "expense", _("expense")
        INCOME = "income", _("other income")
        MOVED = "moved", _("moved between funds")
        DEPOSIT = "deposit", _("paid into our bank account")
        BANK = "bank", _("between Stripe and our bank account")
        STRIPE_FEE = "stripe_fee", _("Stripe's fee")
        DISPUTE = "dispute", _("dispute")
        TAKEN_BACK = "taken_back", _("pay taken back")
        EXPLAINED = "explained", _("movement that a person explained")
        REVERSAL = "reversal", _("correction")

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    effective_on = models.DateField()
    posted_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    memo = WrittenLine(max_length=200, blank=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="entries")
    charge = models.ForeignKey("payouts.Charge", on_delete=models.PROTECT, null=True, related_name="entries")
    payout = models.OneToOneField("payouts.Payout", on_delete=models.PROTECT, null=True, related_name="entry")
    recorded_in = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("entry")
        indexes = [models.Index(fields=["effective_on", "kind"], name="entries_by_day")]
        triggers = [
            *append_only("entries_are_never_changed"),
            pgtrigger.Trigger(
                name="entries_know_their_transaction",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="NEW.recorded_in = pg_current_xact_id()::text::bigint; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def minutes(self) -> int:
        """Minutes of working time that it pays between visits, or at one that somebody had to leave."""
        supplement = getattr(self, "supplement", None) if self.kind in (self.Kind.BETWEEN, self.Kind.LEFT) else None
        return supplement.minutes if supplement else 0

    @classmethod
    def post(
        cls,
        *,
        key: str,
        kind: str,
        at: datetime,
        effective_on: date | None = None,
        moves: Iterable[Move],
        memo: str = "",
        visit: Visit | None = None,
        charge: "Charge | None" = None,
        payout: "Payout | None" = None,
        reverses: "Entry | None" = None,
    ) -> "Entry":
        """Write an event and its moves into the books; the same key again is the same entry, posted once.

        It counts on the day of `at` if no other is said; a long memo is cut. Raises OtherContent where the key was used
        for another kind, other moves, or something else that it is about.
        """
        day = effective_on or timezone.localdate(at)
        facts = {"kind": kind, "effective_on": day, "posted_at": at, "memo": memo[:200]}
        about = {"visit": visit, "charge": charge, "payout": payout, "reverses": reverses}
        moved = [move for move in moves if move.cents]
        with transaction.atomic():
            entry, is_new = cls.objects.get_or_create(key=key, defaults={**facts, **about})
            if is_new:
                entry._record(moved)
            elif not entry._says(kind, moved, about):
                raise OtherContent(key)
        return entry

    def reverse(self, *, at: datetime, effective_on: date | None = None, memo: str) -> "Entry":
        """Undo this entry by its mirror image; an entry is undone once."""
        rows = self.transfers.select_related("payer", "payee")
        return Entry.post(
            key=f"reversal:{self.pk}",
            kind=self.Kind.REVERSAL,
            effective_on=effective_on,
            at=at,
            moves=[Move(row.payee, row.payer, row.cents) for row in rows],
            memo=memo,
            visit=self.visit,
            charge=self.charge,
            reverses=self,
        )

    def _says(self, kind: str, moves: list[Move], about: Mapping[str, models.Model | None]) -> bool:
        """Is this what it says, whenever it was posted and with whatever words?"""
        same = all(getattr(self, f"{name}_id") == (thing and thing.pk) for name, thing in about.items())
        rows = self.transfers.values_list("payer__code", "payee__code", "cents")
        said = sorted((move.payer.code, move.payee.code, move.cents) for move in moves)
        return same and self.kind == kind and sorted(rows) == said

    def _record(self, moves: list[Move]) -> None:
        accounts = Account.objects.stored(end for move in moves for end in (move.payer, move.payee))
        Transfer.objects.bulk_create(
            Transfer(entry=self, payer=accounts[move.payer.code], payee=accounts[move.payee.code], cents=move.cents)
            for move in moves
        )


class TransferQuerySet(models.QuerySet["Transfer"]):
    def of_members(self) -> "TransferQuerySet":
        """To or from what members are owed."""
        owed = [Account.Kind.PAY, Account.Kind.TIPS]
        return self.filter(Q(payee__kind__in=owed) | Q(payer__kind__in=owed))

    def by_month(self, *, since: date) -> list[dict[str, object]]:
        """Cents by month, kind of entry, and kinds of the two accounts, in one query."""
        rows = self.filter(entry__effective_on__gte=since).annotate(month=TruncMonth("entry__effective_on"))
        by = ("month", "entry__kind", "payer__kind", "payee__kind")
        return list(rows.order_by().values(*by).annotate(total=Sum("cents")).order_by(*by))


class Transfer(models.Model):
    """Cents that moved from one account to another: one row, so the books balance whatever happens."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="transfers")
    payer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="given", db_index=False)
    payee = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="received", db_index=False)
    cents = models.BigIntegerField()

    worked_on: date
    left: int
    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="a_transfer_moves_something"),
            models.CheckConstraint(condition=~Q(payer=F("payee")), name="a_transfer_has_two_ends"),
        ]
        indexes = [
            models.Index(fields=["payer", "entry"], include=["cents"], name="what_an_account_gave"),
            models.Index(fields=["payee", "entry"], include=["cents"], name="what_an_account_received"),
        ]
        triggers = [
            *append_only("transfers_are_never_changed"),
            pgtrigger.Trigger(
                name="transfers_come_with_their_entry",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM payouts_entry
                        WHERE id = NEW.entry_id AND recorded_in = pg_current_xact_id()::text::bigint
                    ) THEN
                        RAISE EXCEPTION 'A transfer is added only together with its entry.';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} → {self.payee}: {self.cents}"

    @property
    def members(self) -> Account:
        """The side of it that is a member's, of what is owed to one or by one."""
        return self.payee if self.payee.member_id is not None else self.payer
