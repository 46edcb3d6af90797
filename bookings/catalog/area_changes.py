"""Where the co-op works, as its office says it: postal areas come and go, with who did that and why."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop import postal_areas
from coop.errors import Refusal
from coop.models import Event, ZipCode, append_only
from coop.typed.fields import WrittenLine
from members.models import User

A_CODE = models.CharField(max_length=5)


class AreaChange(models.Model):
    """ZIP codes that are served from a moment on (`added`), and such that are not any more (`removed`).

    What is agreed goes on wherever it is: only new bookings ask whether an area is served.
    """

    added = ArrayField(A_CODE)
    removed = ArrayField(A_CODE)
    reason = WrittenLine(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="taken_back")

    class Meta:
        verbose_name = gettext_lazy("change of areas")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(added__len=0, removed__len=0), name="a_change_of_areas_changes_something"
            )
        ]
        triggers = append_only("changes_of_areas_are_never_changed")

    def __str__(self) -> str:
        said = [f"+ {', '.join(self.added)}"] if self.added else []
        return "; ".join([*said, f"− {', '.join(self.removed)}"] if self.removed else said)

    @classmethod
    @transaction.atomic
    def make(
        cls,
        *,
        add: Collection[str] = (),
        remove: Collection[str] = (),
        reason: str,
        at: datetime,
        by: User,
        takes_back: "AreaChange | None" = None,
    ) -> "AreaChange":
        """Serve these ZIP codes, and no longer those; what is so already is left out. Refused when nothing is left.

        Two at once come one after the other. Refused, too, where no area at all would stay.
        """
        _one_after_the_other()
        served = set(ZipCode.objects.served().values_list("code", flat=True))
        added, removed = sorted(set(add) - served), sorted(served.intersection(remove))
        if not added and not removed:
            raise Refusal(_("It is so already: nothing would change."))
        if not added and len(removed) == len(served):
            raise Refusal(_("Without any area nobody could book. To take no bookings for a while, close for bookings."))
        postal_areas.serve(list(postal_areas.of_codes(added).values()))
        ZipCode.objects.filter(code__in=added).update(served=True)
        ZipCode.objects.filter(code__in=removed).update(served=False)
        about = {"reason": reason, "made_at": at, "made_by": by, "takes_back": takes_back}
        change = cls.objects.create(added=added, removed=removed, **about)
        note = f"{change} ({reason})"
        Event.objects.create(kind=cls._meta.label_lower, subject=change.pk, verb="make", actor=by, at=at, note=note)
        return change

    @transaction.atomic
    def take_back(self, *, at: datetime, by: User) -> None:
        """Serve again what it took away, and no longer what it brought. Twice is once."""
        _one_after_the_other()
        if not AreaChange.objects.filter(takes_back=self).exists():
            self.make(add=self.removed, remove=self.added, reason=self.reason, at=at, by=by, takes_back=self)


def _one_after_the_other() -> None:
    """Whoever changes areas waits for whoever is changing them, to the end of that transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bookings.areas'))")
