"""A suspension that the membership office asks for and a second person confirms."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.events import GONE, only_words_go
from coop.typed.fields import WrittenLine
from members.people.members import Member
from members.people.users import User
from members.second_person.confirmations import Confirmation

KIND = "suspension"
"""What a second person confirms is called by this."""


class ProposedSuspension(models.Model):
    """That somebody be suspended, and why; its Confirmation says what became of it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposed_suspensions")
    reason = WrittenLine(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = gettext_lazy("proposed suspension")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_proposed_suspension_has_a_reason")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_proposed_suspension_is_never_deleted", operation=pgtrigger.Delete),
            only_words_go("a_proposed_suspension_stays_as_it_was", "reason", gone=GONE),
        ]

    def __str__(self) -> str:
        return _("%(name)s is suspended") % {"name": self.member.short_name}

    @classmethod
    def ask(cls, member: Member, *, reason: str, at: datetime, by: User) -> "ProposedSuspension":
        """Let it wait for a second person; whoever it is about is told why, and answers."""
        with transaction.atomic():
            member.lock()
            member.insist_on(member.suspend.sources, timezone.localdate(at), at=at)  # type: ignore[attr-defined]
            if cls.waiting_for(member):
                raise Refusal(_("That was asked already, and waits for a second person."))
            made = cls.objects.create(member=member, reason=reason, asked_at=at, asked_by=by)
            Confirmation.ask(KIND, made.pk, reason=reason, about=[member], at=at, by=by)
        return made

    @classmethod
    def waiting_for(cls, member: Member) -> list[Confirmation]:
        """The questions to a second person about this member that nobody has answered yet."""
        about = cls.objects.filter(member=member).values("pk")
        return list(Confirmation.objects.waiting().filter(kind=KIND, subject__in=about))

    def carry_out(self, *, at: datetime, by: User) -> None:
        """A second person said yes."""
        self.member.suspend(at=at, by=by, note=self.reason)
