"""What an office writes to members: sent once, read by those it went to, and kept."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.jobs import enqueue
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine, WrittenText
from coop.typed.text import in_language
from members.announcements.audience import Audience
from members.notices.notices import Notice
from members.offices.bundles import BUNDLES
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.standing.meaning import TOLD, MemberState

WRITING = BUNDLES["announcements"].offices
"""The offices that write to members, and read who has read."""


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def to(self, user: User) -> "AnnouncementQuerySet":
        """What went to somebody who belongs to the co-op, the latest first; nobody else reads any."""
        if not user.works or user.membership is None:
            return self.none()
        mine = Addressee.objects.filter(member=user.membership)
        return self.filter(pk__in=mine.values("announcement")).order_by("-sent_at", "-pk")

    def visible_to(self, user: User) -> "AnnouncementQuerySet":
        """What went to them; for the offices that write, and whoever wrote it, also who has read it."""
        if not user.works or user.membership is None:
            return self.none()
        if not user.roles.isdisjoint(WRITING):
            return self.all()
        mine = Addressee.objects.filter(member=user.membership)
        return self.filter(Q(author=user) | Q(pk__in=mine.values("announcement")))


class Announcement(Stateful):
    """Words of an office to chosen members, in one language or both; who was chosen stays as it was that moment.

    With `asks` everybody says whether they can come; `begins_at` is when a meeting is. `key` is that of the form, so
    that pressing twice is sending once. Taken back, it stays to be read, with a line (`why`) that says so.
    """

    class State(models.TextChoices):
        SENT = "sent", gettext_lazy("sent")
        TAKEN_BACK = "taken_back", gettext_lazy("taken back")

    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SENT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=20, choices=Role.Kind.choices)
    subject_en = WrittenLine(max_length=120, blank=True)
    subject_es = WrittenLine(max_length=120, blank=True)
    body_en = WrittenText(blank=True)
    body_es = WrittenText(blank=True)
    offices = ArrayField(models.CharField(max_length=20, choices=Role.Kind.choices), default=list)
    skills = ArrayField(models.CharField(max_length=20), default=list)
    standings = ArrayField(models.CharField(max_length=20, choices=MemberState.choices), default=list)
    areas = ArrayField(models.CharField(max_length=5), default=list)
    county = models.CharField(max_length=70, blank=True)
    asks = models.BooleanField(default=False)
    begins_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    why = WrittenLine(max_length=200, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("announcement")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(subject_en="") & ~Q(body_en="")) | (~Q(subject_es="") & ~Q(body_es="")),
                name="an_announcement_says_something_in_a_language",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", taken_back_at=None, taken_back_by=None, why="")
                | (Q(state="taken_back", taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(why="")),
                name="an_announcement_is_taken_back_with_a_reason",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.ReadOnly(
                name="what_was_announced_is_never_rewritten",
                exclude=["state", "taken_back_at", "taken_back_by", "why"],
            ),
            pgtrigger.Protect(name="an_announcement_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("announcement", args=[self.pk])

    @property
    def subject(self) -> str:
        """In the language of whoever reads; where that is empty, as it was written."""
        return in_language(self.subject_en or self.subject_es, self.subject_es or self.subject_en)

    @property
    def body(self) -> str:
        """The same for the text."""
        return in_language(self.body_en or self.body_es, self.body_es or self.body_en)

    @property
    def audience(self) -> Audience:
        """Who was chosen."""
        return Audience(
            tuple(self.offices), tuple(self.skills), tuple(self.standings), tuple(self.areas), county=self.county
        )

    @classmethod
    def send(
        cls,
        key: UUID,
        *,
        audience: Audience,
        at: datetime,
        by: User,
        asks: bool = False,
        begins_at: datetime | None = None,
        **words: Any,
    ) -> "Announcement":
        """Send it to whoever fits now; each is told by the ways they chose. Sending the same `key` again is once.

        Refused where nobody fits, or for a meeting that is over.
        """
        if begins_at and begins_at <= at:
            raise Refusal(_("That moment is over."), field="day")
        with transaction.atomic():
            chosen = {"areas": list(audience.areas), "county": audience.county, "skills": list(audience.skills)}
            chosen |= {"offices": list(audience.offices), "standings": list(audience.standings)}
            facts = {"author": by, "sent_at": at, "asks": asks, "begins_at": begins_at, **chosen, **words}
            made, is_new = cls.objects.get_or_create(key=key, defaults=facts)
            if is_new:
                made._address(audience.members(at), at=at)
                made.record_event("send", at=at, by=by)
                enqueue("members.tell_announcement", made.pk)
        return made

    def _address(self, members: "models.QuerySet[Member]", *, at: datetime) -> None:
        """Write down whom it goes to; whoever wrote it has read it."""
        rows = [Addressee(announcement=self, member=member) for member in members]
        if not rows:
            raise Refusal(_("Nobody fits what you chose."))
        for row in rows:
            if row.member.user_id == self.author_id:
                row.told_at = row.opened_at = at
        Addressee.objects.bulk_create(rows)

    def is_over(self, at: datetime) -> bool:
        """Was the meeting, or was it taken back?"""
        return bool(self.state == self.State.TAKEN_BACK or (self.begins_at and self.begins_at <= at))

    def answer(self, said: str, *, at: datetime, by: User) -> None:
        """Whether they can come: yes, no or perhaps; the last answer counts."""
        if not self.asks or self.is_over(at):
            raise Refusal(_("No answer is asked for any more."))
        Addressee.objects.filter(announcement=self, member__user=by).update(answer=said, answered_at=at)

    @transition(State.SENT, to=State.TAKEN_BACK)
    def take_back(self, *, note: str, at: datetime, by: User) -> None:
        """It does not hold any more. It stays to be read with a line that says why; who was not told yet is not."""
        self.taken_back_at, self.taken_back_by, self.why = at, by, note


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    def to_tell(self, at: datetime) -> "AddresseeQuerySet":
        """Who is still to be told, of what holds; whoever has left meanwhile is not."""
        here = Member.objects.in_state(*TOLD, on=timezone.localdate(at))
        return self.filter(told_at=None, announcement__state=Announcement.State.SENT, member__in=here).order_by("pk")

    def unread(self, member: Member) -> "AddresseeQuerySet":
        """What this member has not opened yet, of what holds."""
        return self.filter(member=member, opened_at=None, announcement__state=Announcement.State.SENT)


class Addressee(models.Model):
    """A member to whom an announcement went: when they were told, when they opened it first, and what they say."""

    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("Yes")
        NO = "no", gettext_lazy("No")
        PERHAPS = "perhaps", gettext_lazy("Perhaps")

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="addressees")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("addressee")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "member"], name="an_announcement_goes_to_a_member_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="who_can_come_said_so_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["announcement"], condition=Q(told_at=None), name="addressees_to_tell")]

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.member_id}"

    def tell(self, *, at: datetime) -> None:
        """Write to them, unless that was done: the message and the mark stand together or not at all."""
        with transaction.atomic():
            waiting = Addressee.objects.select_for_update(of=("self",)).filter(pk=self.pk, told_at=None)
            if waiting.exists():
                about = {"announcement": self.announcement, "writer": self.announcement.author}
                key = f"announcement:{self.announcement_id}:{self.member_id}"
                Notice.post(key, to=self.member.user, mail="announcement", at=at, about=about)
                Addressee.objects.filter(pk=self.pk).update(told_at=at)

    def open(self, *, at: datetime) -> None:
        """They opened it; the first time counts."""
        Addressee.objects.filter(pk=self.pk, opened_at=None).update(opened_at=at)
