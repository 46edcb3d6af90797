"""How the other founders come in: by an invitation, which each accepts for themselves."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import ZipCode
from coop.states import Stateful, transition
from coop.typed.text import spelled
from members.founding.founders import check_founding, make_founder
from members.founding.told import Told
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User


class FounderInvitationQuerySet(models.QuerySet["FounderInvitation"]):
    def waiting(self) -> "FounderInvitationQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(state=FounderInvitation.State.INVITED)

    def of(self, user: User) -> "FounderInvitationQuerySet":
        """Those of this person: by their account, or sent to their address before they had one."""
        return self.filter(models.Q(user=user) | models.Q(user__in=User.objects.claiming(user.email)))

    def visible_to(self, user: User) -> "FounderInvitationQuerySet":
        """All of them to those who own the co-op; to anybody else their own."""
        owns = user.membership is not None and user.membership.is_owner
        return self.all() if owns else self.of(user)

    def with_related(self) -> "FounderInvitationQuerySet":
        return self.select_related("user", "invited_by").order_by("pk")


class FounderInvitation(Stateful):
    """Somebody is asked to be a founder with these offices. It makes no account and no member until they say yes.

    `user` is whoever is known under the address, or somebody who only has it claimed. `told` is what was written down
    of them (`Told`), until they answer.
    """

    class State(models.TextChoices):
        INVITED = "invited", gettext_lazy("invited")
        ACCEPTED = "accepted", gettext_lazy("a member")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offices = ArrayField(models.CharField(max_length=20), default=list)
    told = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = FounderInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="invited"), name="one_is_invited_to_found_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def is_for(self, user: User) -> bool:
        """Is it this person's, or was it sent to their address?"""
        return self.user_id == user.pk or self.user.claimed_email == user.email != ""

    @classmethod
    @transaction.atomic
    def invite(
        cls,
        *,
        email: str,
        name: str,
        offices: Collection[str],
        at: datetime,
        by: User,
        language: str = "",
        told: Told | None = None,
    ) -> "FounderInvitation":
        """Ask somebody by a mail. Who is known under the address is asked as that person. Refused once the co-op is
        founded, and for whoever belongs to it already or has not answered an invitation yet.
        """
        check_founding()
        if Member.objects.here().filter(user__email=spelled(email)).exists():
            raise Refusal(_("They belong to the co-op already."), field="email")
        there = models.Q(user__email=email) | models.Q(user__claimed_email=email)
        if cls.objects.waiting().filter(there).exists():
            raise Refusal(
                _("They are invited already and have not answered yet. To ask otherwise, take that back first."),
                field="email",
            )
        user = User.objects.filter(email=email).first()
        user = user or User.objects.claim(email, name, language=language or get_language() or "en", at=at)
        kept = told.kept_form() if told else {}
        invited = cls.objects.create(user=user, offices=list(offices), told=kept, invited_at=at, invited_by=by)
        invited.record_event("invite", at=at, by=by)
        key = f"founder_invited:{invited.pk}"
        Notice.post(key, to=user, mail="founder_invited", at=at, about={"invited": invited})
        return invited

    @transition(State.INVITED, to=State.ACCEPTED)
    def accept(self, *, name: str, zip: ZipCode, at: datetime, by: User) -> None:
        """Say yes: from here on they are a member, with the offices for which they were asked. Refused once the co-op
        is founded.

        What was written down of them is theirs now, unless they belonged to the co-op before.
        """
        check_founding()
        if self.user_id != by.pk:
            invited, self.user = self.user, by
            invited.pass_to(by, at=at)
        by.introduce(name=name, language=by.language)
        is_new = not Member.objects.filter(user=by).exists()
        member = make_founder(by, home=zip, offices=self.offices, at=at)
        if is_new:
            Told.of(self.told).write_down(member, at=at, by=self.invited_by)
        self.told = {}

    @transition(State.INVITED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Take it back, or say no. What was written down, and an address that was only typed, are forgotten."""
        self.told = {}
        if self.user.claimed_email:
            self.user.close(at=at)
