"""The books know less than Stripe, as after a restore: nobody is paid until a person has read what was found."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.states import Stateful, transition
from members.models import Notice, Role, User
from payouts.payroll.payruns import PayRun
from payouts.recovery.found import Found
from payouts.recovery.meaning import take_for
from payouts.stripe.answers import Made
from payouts.stripe.lookout import Lookout

RANK = ("customer", "payee", "payment", "hold", "refund", "transfer")
"""In this order they are looked at and written: the later ones are known by the earlier."""
MONEY = ("payment", "hold", "refund", "transfer")
AHEAD = 10_000
"""So many numbers may have been given out since the backup."""
NUMBERED = (
    *("members_user", "members_member", "bookings_client", "bookings_home", "bookings_booking", "bookings_visit"),
    *("bookings_shift", "payouts_charge", "payouts_refund", "payouts_payout", "payouts_payrun", "payouts_entry"),
    *("payouts_giftcard", "payouts_referral", "payouts_cardsession"),
)
"""Tables whose numbers stand in names at Stripe, in keys of entries, or in addresses that people have."""


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def going(self) -> "RecoveryQuerySet":
        """The one that keeps all paying waiting, if there is one."""
        return self.exclude(state=Recovery.State.CLOSED)

    def visible_to(self, user: User) -> "RecoveryQuerySet":
        """All for those who look after what went wrong, none for others."""
        return self if user.has_perm("payouts.see_trouble") else self.none()


class Recovery(Stateful):
    """It begins by itself, with what was made at Stripe after `since` and is not in the books; one at a time.

    A treasurer has it written back, reads it, and lets go. Until then nobody is charged, paid or refunded.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("to be written down")
        WRITING = "writing", gettext_lazy("being written down")
        WRITTEN = "written", gettext_lazy("written down, to be read")
        CLOSED = "closed", gettext_lazy("over")

    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("recovery")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=~models.Q(state="closed"), name="one_recovery_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="a_recovery_is_over_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @classmethod
    def note(cls, made: Iterable[Made], *, since: datetime, at: datetime) -> None:
        """Keep what the books do not know. Money among it stops all paying and begins a recovery, or adds to it.

        A card file or an account alone does not: it is found by its name when it is needed. Whoever calls is in a
        transaction and holds the lookout.
        """
        made = sorted(made, key=lambda one: RANK.index(one.kind))
        going = cls.objects.going().select_for_update().first()
        if not going and not any(one.kind in MONEY for one in made):
            return
        recovery = going or cls._begin(since=since, at=at)
        for one in made:
            found = Found(recovery=recovery, kind=one.kind, thing=one.id, cents=one.cents, whom=one.whom)
            found.made_at, found.name = one.at, one.name
            take_for(found)
            found.save()
        if made and recovery.state in (cls.State.WRITING, cls.State.WRITTEN):
            recovery.find_more(at=at, by=None)

    @classmethod
    def _begin(cls, *, since: datetime, at: datetime) -> "Recovery":
        Lookout.stop(at=at)
        recovery = cls.objects.create(since=since, opened_at=at)
        recovery.record_event("begin", at=at, by=None)
        _move_numbers_ahead()
        for run in PayRun.objects.filter(state=PayRun.State.DRAFT):
            run.send_back(at=at, by=None, note=_("It was reckoned without what Stripe has paid since the backup."))
        for person in Role.objects.holders(at, Role.Kind.TREASURER):
            key = f"recovery:{recovery.pk}:{person.pk}"
            Notice.post(key, to=person, mail="books_to_recover", at=at, about={"recovery": recovery})
        return recovery

    @transition(State.OPEN, to=State.WRITING)
    def write_back(self, *, at: datetime, by: User) -> None:
        """Write all that was found into the books, each to whom it concerns."""
        self.written_by = by
        enqueue("payouts.write_back", self.pk)

    @transition(State.WRITING, State.WRITTEN, to=State.OPEN)
    def find_more(self, *, at: datetime, by: User | None) -> None:
        """Stripe has still more that the books do not know."""

    @transition(State.WRITING, to=State.WRITTEN)
    def finish(self, *, at: datetime, by: User | None) -> None:
        """All of it is in the books."""

    @transition(State.WRITTEN, to=State.CLOSED)
    def let_go(self, *, at: datetime, by: User) -> None:
        """A person has read it: paying goes on."""
        if self.found.unwritten().exists():
            raise Refusal(_("Something is not written down yet."))
        self.closed_at = at
        Lookout.go_on()

    def follow(self, *, at: datetime) -> None:
        """Move on once nothing is left to write."""
        with transaction.atomic():
            self.lock()
            if self.state == self.State.WRITING and not self.found.unwritten().exists():
                self.finish(at=at, by=None)


def _move_numbers_ahead() -> None:
    """Numbers that were given out since the backup are not given out again."""
    with connection.cursor() as cursor:
        for table in NUMBERED:
            sequence = "pg_get_serial_sequence(%s, 'id')"
            cursor.execute(f"SELECT max(nextval({sequence})) FROM generate_series(1, {AHEAD})", [table])  # noqa: S608
