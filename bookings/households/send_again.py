"""What a household would like about people: a wish, which the turn looks at, and never a promise."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from bookings.households.clients import Client
from bookings.households.do_not_send import DoNotSend, lock_pair
from coop.errors import Refusal
from members.models import Member, User


class SendAgainQuerySet(models.QuerySet["SendAgain"]):
    def standing(self) -> "SendAgainQuerySet":
        """Those that hold today."""
        return self.filter(withdrawn_at__isnull=True)

    def asked_by(self, user: User) -> "SendAgainQuerySet":
        """Those of the household of this person."""
        return self.filter(client__in=Client.objects.of(user))


class SendAgain(models.Model):
    """A household would like this member to come again.

    Who is wished for goes first when they can come and are not far ahead of the others (`bookings.regular_points`).
    It is no rating: nobody loses by having none. How many were made lately stands in the spotlight, never by whom.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = SendAgainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "member"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_household_wishes_for_somebody_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def place(cls, *, client: Client, member: Member, at: datetime) -> "SendAgain":
        """Wish for `member`; twice is once. Refused while the same household asked that they are not sent."""
        with transaction.atomic():
            lock_pair(client, member)
            if DoNotSend.objects.standing().of_household(client).filter(member=member).exists():
                raise Refusal(
                    _("You asked us not to send %(name)s: please take that back first.") % {"name": member.short_name}
                )
            placed, _is_new = cls.objects.get_or_create(
                client=client, member=member, withdrawn_at=None, defaults={"placed_at": at}
            )
        return placed

    @classmethod
    def withdraw(cls, *, client: Client, member: Member, at: datetime) -> None:
        """Wish for them no more; without a wish nothing happens."""
        cls.objects.standing().filter(client=client, member=member).update(withdrawn_at=at)
