"""The others in a household, who see and manage what its client does."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.states import Stateful, transition
from coop.text import spelled
from members.models import Notice, User

if TYPE_CHECKING:
    from bookings.models.clients import Client

MOST = 6
"""People in a household besides its client, invited ones included."""
MOST_A_DAY = 12
"""Invitations of one household in a day, so that nobody's mailbox is filled through us."""
A_DAY = timedelta(days=1)


class HouseholdMemberQuerySet(models.QuerySet["HouseholdMember"]):
    def joined(self) -> "HouseholdMemberQuerySet":
        """Those who said yes and belong to the household today."""
        return self.filter(state=HouseholdMember.State.JOINED)

    def standing(self) -> "HouseholdMemberQuerySet":
        """Those who belong to the household, or are invited to."""
        return self.exclude(state=HouseholdMember.State.LEFT)

    def visible_to(self, user: User) -> "HouseholdMemberQuerySet":
        """One's own, and those of the households that one belongs to."""
        from bookings.models.clients import Client

        return self.filter(models.Q(user=user) | models.Q(client__in=Client.objects.of(user)))

    def whole(self) -> "HouseholdMemberQuerySet":
        return self.select_related("user", "client__user").order_by("pk")


class HouseholdMember(Stateful):
    """Another person of a household: sees and manages its bookings once they said yes, as its client does.

    The client stays the owner, who alone invites, and ends it at once. Nothing that was done together vanishes.
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
        indexes = [models.Index(fields=["user"], condition=models.Q(state="joined"), name="households_of_a_person")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def known_as(self) -> str:
        """What the household calls them: the address that was typed, and their name once they said yes."""
        return str(self.user) if self.joined_at or self.user.erased_at else self.user.email

    @classmethod
    def invite(cls, client: "Client", *, email: str, at: datetime, by: User) -> "HouseholdMember":
        """Ask somebody into the household by a mail; asking twice is asking once. They decide."""
        with transaction.atomic():
            type(client).objects.select_for_update().get(pk=client.pk)
            if spelled(email) == client.user.email:
                raise Refusal(_("This household is yours already."), field="email")
            if known := cls.objects.standing().filter(client=client, user__email=email).first():
                return known
            cls._check_room(client, at=at)
            user = User.objects.meet(email, "", language=get_language() or "en")
            invited = cls.objects.create(client=client, user=user, invited_at=at)
            invited.tell("invite", at=at, by=by)
            Notice.post(
                f"household_invited:{invited.pk}", to=user, mail="household_invited", at=at, about={"invited": invited}
            )
            return invited

    @classmethod
    def _check_room(cls, client: "Client", *, at: datetime) -> None:
        if cls.objects.standing().filter(client=client).count() >= MOST:
            raise Refusal(_("Your household is full. Please remove somebody first."), field="email")
        if cls.objects.filter(client=client, invited_at__gt=at - A_DAY).count() >= MOST_A_DAY:
            raise Refusal(_("Those were many invitations for one day. Please go on tomorrow."), field="email")

    @transition(State.INVITED, to=State.JOINED)
    def join(self, *, at: datetime, by: User) -> None:
        """Say yes: from here on they see the household's homes, visits and receipts."""
        self.joined_at = at

    @transition(State.INVITED, State.JOINED, to=State.LEFT)
    def leave(self, *, at: datetime, by: User) -> None:
        """Say no, go, or be removed by the owner: they see nothing of the household from this moment on."""
        self.left_at = at
