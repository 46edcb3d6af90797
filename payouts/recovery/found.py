"""One thing at Stripe that the books do not know, whom it concerns, and what it is written as."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models import Client, Visit
from coop.errors import Refusal
from coop.models import Event
from coop.typed.fields import WrittenLine
from members.models import Member

if TYPE_CHECKING:
    from members.models import User
    from payouts.recovery.recoveries import Recovery as Recovery


class FoundQuerySet(models.QuerySet["Found"]):
    def visible_to(self, user: "User") -> "FoundQuerySet":
        """All for those who look after what went wrong, none for others."""
        return self if user.has_perm("payouts.see_trouble") else self.none()

    def unwritten(self) -> "FoundQuerySet":
        """Those that are not in the books yet."""
        return self.filter(written_at__isnull=True)

    def with_related(self) -> "FoundQuerySet":
        """With those whom a page names."""
        return self.select_related("member__user", "client__user", "visit__booking__home__zip")


class Found(models.Model):
    """Something that was made at Stripe in our name: `thing` is its id there, `whom` the other side's.

    `name` is what it says it is for: numbers and digests, and no words about anybody.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("a household's card file")
        PAYEE = "payee", _("a member's account")
        PAYMENT = "payment", _("paid by card")
        HOLD = "hold", _("held on a card")
        REFUND = "refund", _("given back")
        TRANSFER = "transfer", _("pay sent")

    class Means(models.TextChoices):
        PAYOUT = "payout", _("the pay of a pay run that is approved: it is paid")
        PAY = "pay", _("pay: taken off what is owed to them next")
        CHARGE = "charge", _("the payment of this visit")
        CREDIT = "credit", _("this household's credit, which pays their next visit")
        REFUND = "refund", _("given back from the payment of this visit; running the co-op bears it")
        LINK = "link", _("known again: none is made a second time")
        NOBODY = "nobody", _("money that nobody is known for")
        NOTHING = "nothing", _("nothing: no money moved, and it ends by itself")

    recovery = models.ForeignKey("payouts.Recovery", on_delete=models.PROTECT, related_name="found")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    thing = models.CharField(max_length=100, unique=True)
    whom = models.CharField(max_length=100, blank=True)
    cents = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    name = models.JSONField()
    means = models.CharField(max_length=10, choices=Means.choices)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    note = WrittenLine(max_length=500, blank=True)

    objects = FoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("what was found at Stripe")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["customer", "payee"], cents=0)
                | (~Q(kind__in=["customer", "payee"]) & Q(cents__gt=0)),
                name="what_was_found_moves_money_or_names_somebody",
            )
        ]
        indexes = [models.Index(fields=["recovery"], condition=Q(written_at__isnull=True), name="found_to_write")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.thing}"

    def written(self, *, at: datetime) -> None:
        """It stands in the books now."""
        Found.objects.filter(pk=self.pk).update(written_at=at, trouble="", **self._facts())

    def place(self) -> None:
        """Keep what it is taken for."""
        Found.objects.filter(pk=self.pk).update(**self._facts())

    def leave_out(self, *, at: datetime, by: "User", note: str) -> None:
        """It cannot be written: a person saw to it in another way, and says how."""
        with transaction.atomic():
            stuck = Found.objects.unwritten().exclude(trouble="").filter(pk=self.pk)
            if not stuck.update(written_at=at, means=self.Means.NOTHING, note=note):
                raise Refusal(gettext("This can be written into the books, so it is not left out."))
            kind = self._meta.label_lower
            Event.objects.create(kind=kind, subject=self.pk, verb="leave_out", actor=by, at=at, note=note)

    def _facts(self) -> dict[str, object]:
        return {"means": self.means, "member": self.member, "client": self.client, "visit": self.visit}
