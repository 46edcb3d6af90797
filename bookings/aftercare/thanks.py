"""A few words from a household to whoever was there: theirs to read and to delete, and nobody counts them."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from bookings.households.do_not_send import DoNotSend
from bookings.visits.visits import Visit
from coop.errors import Refusal
from coop.typed.fields import WrittenLine
from members.models import Member

MOST_LETTERS = 300


class ThankYouQuerySet(models.QuerySet["ThankYou"]):
    def for_member(self, member: Member) -> "ThankYouQuerySet":
        """What this member finds on their page, latest first; nothing from homes to which they do not go."""
        refused = DoNotSend.objects.standing().filter(member=member, placer=DoNotSend.Placer.MEMBER)
        kept = self.filter(member=member, removed_at=None)
        return kept.exclude(visit__booking__home__client__in=refused.values("client")).order_by("-written_at", "-pk")

    def with_related(self) -> "ThankYouQuerySet":
        return self.select_related("visit__booking__home__client__user", "visit__booking__home__zip")


class ThankYou(models.Model):
    """A household thanks one of those who did a visit. Once a visit; it does not come back when they delete it."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="thanks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    words = WrittenLine(max_length=MOST_LETTERS, blank=True)
    written_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = ThankYouQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "member"], name="a_visit_is_thanked_for_once"),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) | models.Q(words=""), name="a_removed_note_is_gone"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def write(cls, visit: Visit, *, words: str, at: datetime) -> None:
        """Thank everybody who did this visit, in the same words. Refused a second time, and before it was done."""
        if visit.state != Visit.State.COMPLETED:
            raise Refusal(_("You can say thank you once the visit is done."))
        with transaction.atomic():
            Visit.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)
            if cls.objects.filter(visit=visit).exists():
                raise Refusal(_("You have said thank you for this visit already."))
            for member in visit.people():
                cls.objects.create(visit=visit, member=member, words=words, written_at=at)

    def remove(self, *, at: datetime) -> None:
        """Delete the words for good. Whoever wrote them is not told."""
        self.words, self.removed_at = "", at
        self.save(update_fields=["words", "removed_at"])
