"""A conversation that the safety role had because of a pattern: dated, sealed, and read by that role alone."""

from datetime import datetime

from django.db import models

from bookings.households.clients import Client
from coop.encrypted_fields import SealedRow, SealedTextField
from members.models import Member, User


class TalkQuerySet(models.QuerySet["Talk"]):
    def latest_first(self) -> "TalkQuerySet":
        return self.select_related("member__user", "client__user", "by").order_by("-talked_at", "-pk")


class Talk(SealedRow):
    """Somebody of the safety role, or a mentor they asked, talked with a member or a household.

    No Event is written, and nothing follows from it by itself: it only takes the pattern off the list.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    talked_at = models.DateTimeField()
    note = SealedTextField(blank=True, default="")

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True, client__isnull=False)
                | models.Q(member__isnull=False, client__isnull=True),
                name="a_talk_is_with_a_member_or_a_household",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def keep(cls, *, member: Member | None, client: Client | None, note: str, at: datetime, by: User) -> "Talk":
        """Write down that one has talked with them."""
        talk = cls(member=member, client=client, by=by, talked_at=at)
        talk.note = note
        talk.save()
        return talk
