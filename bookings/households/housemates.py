"""The others in a household, who see and manage what its client does."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.households.claims import FORGOTTEN
from coop.errors import Refusal
from coop.states import Stateful, transition
from coop.typed.text import spelled
from members.models import Notice, User

if TYPE_CHECKING:
    from bookings.households.clients import Client

MOST_PEOPLE = 6
"""People in a household besides its client, invited ones included."""
MOST_A_DAY = 12
"""Invitations of one household in a day, so that nobody's mailbox is filled through us."""
A_DAY = timedelta(days=1)
PROVEN = """
IF NEW.state = 'joined' AND EXISTS (
    SELECT FROM members_user u WHERE u.id = NEW.user_id AND u.claimed_email <> '') THEN
  RAISE EXCEPTION 'a_typed_address_belongs_to_no_household' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class HouseholdMemberQuerySet(models.QuerySet["HouseholdMember"]):
    def joined(self) -> "HouseholdMemberQuerySet":
        """Those who said yes and belong to the household today."""
        return self.filter(state=HouseholdMember.State.JOINED)

    def standing(self) -> "HouseholdMemberQuerySet":
        """Those who belong to the household, or are invited to."""
        return self.exclude(state=HouseholdMember.State.LEFT)

    def visible_to(self, user: User) -> "HouseholdMemberQuerySet":
        """One's own, and those of the households that one belongs to."""
        from bookings.households.clients import Client

        return self.of(user) | self.filter(client__in=Client.objects.of(user))

    def of(self, user: User) -> "HouseholdMemberQuerySet":
        """Those that are about this person: by their account, or invited under their address."""
        return self.filter(models.Q(user=user) | models.Q(user__in=User.objects.claiming(user.email)))

    def abandoned(self, at: datetime) -> "HouseholdMemberQuerySet":
        """Invitations to typed addresses that nobody answered in two weeks, or that were taken back before."""
        return self.exclude(user__claimed_email="").filter(invited_at__lt=at - FORGOTTEN)

    def with_related(self) -> "HouseholdMemberQuerySet":
        return self.select_related("user", "client__user").order_by("pk")


class HouseholdMember(Stateful):
    """Another person of a household: sees and manages its bookings once they said yes, as its client does.

    The client stays the owner, who alone invites, and ends it at once. Nothing that was done together vanishes.
    An invitation makes no account: until whoever reads the mail has signed in, `user` only has that address claimed.
    """

    class State(models.TextChoices):
        INVITED = "invited", gettext_lazy("invited")
        JOINED = "joined", gettext_lazy("in the household")
        LEFT = "left", gettext_lazy("not in the household any more")

    client = models.ForeignKey("bookings.Client", on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = HouseholdMemberQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("person of the household")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user"], condition=~models.Q(state="left"), name="one_is_in_a_household_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="joined") | models.Q(joined_at__isnull=False),
                name="who_belongs_to_a_household_said_yes",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_typed_address_belongs_to_no_household",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "user_id"),
                func=PROVEN,
            )
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(state="joined"), name="households_of_a_person")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def known_as(self) -> str:
        """What the household calls them: the address that was typed, and their name once they said yes."""
        return str(self.user) if self.joined_at or self.user.erased_at else self.user.address

    def is_about(self, user: User) -> bool:
        """Is it this person's, or was it sent to their address?"""
        return self.user_id == user.pk or self.user.claimed_email == user.email != ""

    @classmethod
    def invite(cls, client: "Client", *, email: str, at: datetime, by: User) -> "HouseholdMember":
        """Ask somebody into the household by a mail; asking twice is asking once. They decide."""
        with transaction.atomic():
            type(client).objects.select_for_update().get(pk=client.pk)
            if spelled(email) == client.user.email:
                raise Refusal(_("This household is yours already."), field="email")
            there = models.Q(user__email=email) | models.Q(user__claimed_email=email)
            if known := cls.objects.standing().filter(there, client=client).first():
                return known
            cls._check_room(client, at=at)
            language = get_language() or "en"
            known_user = User.objects.filter(email=email).first()
            user = known_user or User.objects.claim(email, "", language=language, at=at)
            invited = cls.objects.create(client=client, user=user, invited_at=at)
            invited.record_event("invite", at=at, by=by)
            Notice.post(
                f"household_invited:{invited.pk}", to=user, mail="household_invited", at=at, about={"invited": invited}
            )
            return invited

    @classmethod
    def _check_room(cls, client: "Client", *, at: datetime) -> None:
        if cls.objects.standing().filter(client=client).count() >= MOST_PEOPLE:
            raise Refusal(_("Your household is full. Please remove somebody first."), field="email")
        if cls.objects.filter(client=client, invited_at__gt=at - A_DAY).count() >= MOST_A_DAY:
            raise Refusal(_("Those were many invitations for one day. Please go on tomorrow."), field="email")

    @transition(State.INVITED, to=State.JOINED)
    def join(self, *, at: datetime, by: User) -> None:
        """Say yes: from here on they see the household's homes, visits and receipts. `by` is who was invited."""
        self.joined_at = at
        if self.user_id != by.pk:
            invited, self.user = self.user, by
            invited.pass_to(by, at=at)

    @transition(State.INVITED, State.JOINED, to=State.LEFT)
    def leave(self, *, at: datetime, by: User) -> None:
        """Say no, go, or be removed by the owner: they see nothing of the household from this moment on."""
        self.left_at = at
