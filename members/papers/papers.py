"""Papers of the co-op that every member may read, and who put them there."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from coop.typed.fields import WrittenLine
from coop.web.documents import clean_document
from members.people.members import Member
from members.people.users import User

KEEPERS = ("board", "treasurer", "membership")
"""The offices that keep the papers."""


class PaperQuerySet(models.QuerySet["Paper"]):
    def light(self) -> "PaperQuerySet":
        """Without the files, with all that a page reads."""
        return self.defer("file").select_related("added_by__user", "removed_by__user")

    def kept(self) -> "PaperQuerySet":
        """Those that hold: neither replaced nor taken away; by kind, the latest first."""
        return self.filter(state=Paper.State.KEPT).order_by("kind", "-day", "-pk")


class Paper(Stateful):
    """A PDF or a picture with a title, of a day; made anew as it came. A later one can take its place.

    What was replaced stays readable. What was taken away has a reason, and its file is gone.
    """

    class State(models.TextChoices):
        KEPT = "kept", gettext_lazy("holds")
        REPLACED = "replaced", gettext_lazy("replaced")
        REMOVED = "removed", gettext_lazy("taken away")

    class Kind(models.TextChoices):
        BYLAWS = "bylaws", gettext_lazy("Bylaws and agreements")
        INSURANCE = "insurance", gettext_lazy("Insurance and licences")
        MINUTES = "minutes", gettext_lazy("Minutes")
        OTHER = "other", gettext_lazy("Other papers")
        POLICY = "policy", gettext_lazy("Policies")

    state = models.CharField(max_length=10, choices=State.choices, default=State.KEPT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = WrittenLine(max_length=120)
    day = models.DateField()
    file = models.BinaryField(null=True)
    type = models.CharField(max_length=20)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    removed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    reason = WrittenLine(max_length=200, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("paper")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="removed", removed_by__isnull=False, removed_at__isnull=False, file=None)
                & ~Q(reason="")
                | ~Q(state="removed") & Q(removed_by=None, removed_at=None, reason="", file__isnull=False),
                name="a_paper_is_taken_away_by_somebody_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.pk])

    @classmethod
    def add(
        cls,
        *,
        kind: str,
        title: str,
        day: date,
        file: bytes,
        at: datetime,
        by: User,
        replaces: "Paper | None" = None,
    ) -> "Paper":
        """Put a paper where all members find it. Refused if it is neither PDF nor picture, or of a day to come."""
        assert by.membership
        if day > timezone.localdate(at):
            raise Refusal(_("That day has not come yet."), field="day")
        kept = clean_document(file, field="file")
        made = cls(kind=kind, title=title, day=day, file=kept.data, type=kept.type, replaces=replaces)
        made.added_by, made.added_at = by.membership, at
        with all_or_nothing(made):
            made.save()
            made.record_event("add", at=at, by=by)
        return made

    @transition(State.KEPT, to=State.REPLACED)
    def replace(self, *, title: str, day: date, file: bytes, at: datetime, by: User) -> "Paper":
        """A later one holds from now on; this one stays readable below it."""
        return Paper.add(kind=self.kind, title=title, day=day, file=file, at=at, by=by, replaces=self)

    @transition(State.KEPT, State.REPLACED, to=State.REMOVED)
    def remove(self, *, reason: str, at: datetime, by: User) -> None:
        """Take it away for good; its line stays, with the reason."""
        self.file, self.removed_by, self.removed_at, self.reason = None, by.membership, at, reason
