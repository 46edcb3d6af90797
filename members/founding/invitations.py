"""How the other founders come in: by an invitation, which each accepts for themselves."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.contact import coop_name
from coop.errors import Refusal
from coop.models import ZipCode
from coop.sending.delivery import NotDelivered
from coop.states import Stateful, transition
from coop.typed.text import spelled
from members.founding.founders import check_founding, make_founder
from members.founding.told import Told
from members.notices import sms
from members.notices.contact_preferences import Reach, why_not_texted
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User
from members.signing_in.numbers.numbers import opened_by


class FounderInvitationQuerySet(models.QuerySet["FounderInvitation"]):
    def waiting(self) -> "FounderInvitationQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(state=FounderInvitation.State.INVITED)

    def of(self, user: User) -> "FounderInvitationQuerySet":
        """Those of this person: by their account, or sent to their address or number before they had one."""
        theirs = models.Q(user=user) | models.Q(user__in=User.objects.claiming(user.email))
        return self.filter(theirs | models.Q(phone__in=Reach.objects.in_use().filter(user=user).values("phone")))

    def visible_to(self, user: User) -> "FounderInvitationQuerySet":
        """All of them to those who own the co-op; to anybody else their own."""
        owns = user.membership is not None and user.membership.is_owner
        return self.all() if owns else self.of(user)

    def with_related(self) -> "FounderInvitationQuerySet":
        return self.select_related("user", "invited_by").order_by("pk")


class FounderInvitation(Stateful):
    """Somebody is asked to be a founder with these offices. It makes no account and no member until they say yes.

    `user` is whoever is known under the address or the number (`phone`, where they gave no address), or somebody who
    has nothing else yet. `told` is what was written down of them (`Told`). Number and facts are kept until they answer.
    """

    class State(models.TextChoices):
        INVITED = "invited", gettext_lazy("invited")
        ACCEPTED = "accepted", gettext_lazy("a member")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offices = ArrayField(models.CharField(max_length=20), default=list)
    phone = PhoneNumberField(blank=True)
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
        """Is it this person's, or was it sent to their address or number?"""
        by_address = self.user.claimed_email == user.email != ""
        return self.user_id == user.pk or by_address or bool(self.phone and Reach.owner_of(self.phone) == user)

    @property
    def is_all_we_know(self) -> bool:
        """Is there nothing of whom it asks but an address or a number that somebody else typed?"""
        by_number = self.phone and self.user.joined_at == self.invited_at and not Reach.of(self.user).confirmed_at
        return bool(self.user.claimed_email or by_number)

    @classmethod
    @transaction.atomic
    def invite(
        cls,
        *,
        email: str = "",
        phone: Any = "",
        name: str,
        offices: Collection[str],
        at: datetime,
        by: User,
        language: str = "",
        told: Told | None = None,
    ) -> "FounderInvitation":
        """Ask somebody by a mail; without an address by nothing yet (`invite_by_text`). Who is known under the address
        or the number is asked as that person. Refused once the co-op is founded, and for whoever belongs to it already
        or has not answered an invitation yet. What was told of them, the number with it, is theirs once they say yes.
        """
        check_founding()
        known = User.objects.filter(email=spelled(email)).first() if email else opened_by(phone)
        cls._refuse(known, email=email, phone=phone)
        user = known or User.objects.claim(email, name, language=language or get_language() or "en", at=at)
        kept = told.kept_form() if told else {}
        facts = {"phone": "" if email else phone, "told": kept | {"phone": str(phone)} if phone else kept}
        invited = cls.objects.create(user=user, offices=list(offices), **facts, invited_at=at, invited_by=by)
        invited.record_event("invite", at=at, by=by)
        if email:
            key = f"founder_invited:{invited.pk}"
            Notice.post(key, to=user, mail="founder_invited", at=at, about={"invited": invited})
        return invited

    @classmethod
    def invite_by_text(cls, *, phone: Any, at: datetime, by: User, **facts: Any) -> "FounderInvitation":
        """Ask somebody without an address by a text message; the codes with which they sign in go there, too.

        Refused as by a mail, and where no message can be sent there: then nothing stays of it.
        """
        carrier = sms.carrier()
        if carrier is None:
            raise Refusal(_("We cannot send text messages at the moment."), field="phone")
        invited = cls.invite(phone=phone, at=at, by=by, **facts)
        try:
            carrier.send(str(phone), invited._text())
        except (NotDelivered, OSError) as trouble:
            invited.withdraw(at=at, by=by)
            raise Refusal(why_not_texted(trouble), field="phone") from trouble
        return invited

    @classmethod
    def _refuse(cls, known: User | None, *, email: str, phone: Any) -> None:
        field = "email" if email else "phone"
        if known and Member.objects.here().filter(user=known).exists():
            raise Refusal(_("They belong to the co-op already."), field=field)
        there = models.Q(user__claimed_email=email) if email else models.Q(phone=phone)
        if cls.objects.waiting().filter(there | models.Q(user=known) if known else there).exists():
            raise Refusal(
                _("They are invited already and have not answered yet. To ask otherwise, take that back first."),
                field=field,
            )

    def _text(self) -> str:
        with translation.override(self.user.language):
            words = _("%(who)s invites you to found %(coop)s together. Sign in with this number and say yes or no:")
            words = sms.plain(words % {"who": self.invited_by.short_name, "coop": coop_name()})
        onward = reverse("accept_founding", args=[self.pk])
        return sms.fit(words, f"{settings.BASE_URL}{reverse('sign_in_by_phone')}?next={onward}")

    @transition(State.INVITED, to=State.ACCEPTED)
    def accept(self, *, name: str, zip: ZipCode, at: datetime, by: User) -> None:
        """Say yes: from here on they are a member, with the offices for which they were asked. Refused once the co-op
        is founded.

        What was written down of them is theirs now, unless they belonged to the co-op before.
        """
        check_founding()
        if self.user_id != by.pk:
            if self.is_all_we_know:
                self.user.pass_to(by, at=at)
            self.user = by
        by.introduce(name=name, language=by.language)
        is_new = not Member.objects.filter(user=by).exists()
        member = make_founder(by, home=zip, offices=self.offices, at=at)
        if is_new:
            Told.of(self.told).write_down(member, at=at, by=self.invited_by)
        self._forget_what_was_typed()

    @transition(State.INVITED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Take it back, or say no. What was written down, and an address or a number that was only typed, are
        forgotten.
        """
        if self.is_all_we_know:
            self.user.close(at=at)
        self._forget_what_was_typed()

    def _forget_what_was_typed(self) -> None:
        self.told, self.phone = {}, ""
