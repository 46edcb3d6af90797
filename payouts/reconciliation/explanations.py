"""What a person says about a movement that nobody knew: where it belongs in the books, and why."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from members.models import Confirmation
from payouts.ledger.ledger import Account, Entry
from payouts.policies import REFUND_ALONE
from payouts.reconciliation.movements import Movement
from payouts.reconciliation.postings import Posting, from_and_fee

if TYPE_CHECKING:
    from members.models import User

KIND = "payouts.explanation"


class Explanation(Stateful):
    """Where a movement belongs, in whose words. Above a sum that a vote sets, a second person agrees first."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        DECLINED = "declined", gettext_lazy("not confirmed")
        DONE = "done", gettext_lazy("in the books")

    class Belongs(models.TextChoices):
        OPERATIONS = "operations", gettext_lazy("Running the co-op")
        RESERVE = "reserve", gettext_lazy("Shared reserve")
        UPKEEP = "upkeep", gettext_lazy("The people who build this site")
        BANK = "bank", gettext_lazy("Our bank account: it came from there, or went there")

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="explanations")
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    belongs = models.CharField(max_length=20, choices=Belongs.choices)
    note = WrittenLine(max_length=200)
    made_by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("explanation")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="an_explanation_has_words"),
            models.UniqueConstraint(
                fields=["movement"], condition=Q(state="asked"), name="a_movement_is_explained_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.movement}: {self.get_state_display()}"

    @classmethod
    def give(cls, movement: Movement, *, belongs: str, note: str, at: datetime, by: "User") -> "Explanation":
        """Say where a movement belongs that waits for a person; it is in the books at once, or after a second yes."""
        with transaction.atomic():
            movement.lock()
            if movement.state != Movement.State.WAITS:
                raise Refusal(_("This is in the books already."))
            if movement.explanations.filter(state=cls.State.ASKED).exists():
                raise Refusal(_("Somebody has said already what this is. A second person looks at it."))
            facts = {"belongs": belongs, "note": note, "made_by": by, "made_at": at}
            made: Explanation = cls.objects.create(movement=movement, **facts)
            made.record_event("give", at=at, by=by, note=note)
            if abs(movement.net) > REFUND_ALONE.on(timezone.localdate(at)):
                Confirmation.ask(KIND, made.pk, reason=note, about=[], at=at, by=by)
                made.refresh_from_db()
            else:
                made.carry_out(at=at, by=by)
        return made

    @transition(State.ASKED, to=State.DONE)
    def carry_out(self, *, at: datetime, by: "User") -> None:
        """Write it into the books."""
        movement = self.movement
        movement.lock()
        posting = Posting(Entry.Kind.EXPLAINED, from_and_fee(movement, Account.fund(self.belongs)))
        movement.book(entry=movement.post(posting, at=at, memo=self.note), at=at, by=by, note=self.note)

    @transition(State.ASKED, to=State.DECLINED)
    def drop(self, *, at: datetime, by: "User") -> None:
        """A second person said no, or whoever asked took it back: it waits again."""
