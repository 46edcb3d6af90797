"""Members: who works here and owns the company."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.errors import Refusal
from coop.models import ZipCode
from coop.states import Stateful, transition
from members.people.leaving import end_access
from members.people.spans import Span

if TYPE_CHECKING:
    from members.people.users import User


class Animal(models.TextChoices):
    """Who may live in a home besides people."""

    DOG = "dog", _("dog")
    CAT = "cat", _("cat")
    OTHER = "other", _("another animal")


ENDS_THE_TERMS = """
IF EXISTS (SELECT FROM members_role r WHERE r.member_id = NEW.id AND r.ended_at IS NULL
           AND (r.ends_on IS NULL OR r.ends_on >= NEW.left_on)) THEN
  RAISE EXCEPTION 'whoever_leaves_holds_no_office' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class MemberQuerySet(models.QuerySet["Member"]):
    def working(self) -> "MemberQuerySet":
        """Those who take turns: members and candidates."""
        return self.filter(state__in=Member.WORKING)

    def owners(self) -> "MemberQuerySet":
        """Those in good standing, who vote."""
        return self.filter(state__in=Member.OWNERS)


class Member(Stateful):
    """A person who works here and owns the company, or is on the way to.

    `minutes_wanted` is the work asked for in a week. `skills` and `languages` are short codes; `areas` are ZIP codes
    or how they begin, none for everywhere; `avoids` are the animals with which they do not work.
    """

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        MEMBER = "member", _("member")
        ON_LEAVE = "on_leave", _("on leave")
        FORMER = "former", _("former member")

    WORKING = (State.CANDIDATE, State.MEMBER)
    OWNERS = (State.MEMBER, State.ON_LEAVE)

    user = models.OneToOneField("members.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.CANDIDATE)
    phone = PhoneNumberField(_("phone"), blank=True)
    zip = models.ForeignKey(ZipCode, verbose_name=_("home ZIP code"), on_delete=models.PROTECT, related_name="+")
    minutes_wanted = models.PositiveIntegerField(_("work wanted a week"), default=1440)
    skills = ArrayField(models.CharField(max_length=20), verbose_name=_("skills"), default=list)
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list)
    areas = ArrayField(models.CharField(max_length=5), verbose_name=_("areas"), default=list)
    works_on_holidays = models.BooleanField(_("works on public holidays"), default=False)
    avoids = ArrayField(
        models.CharField(max_length=10, choices=Animal.choices), verbose_name=_("animals to avoid"), default=list
    )
    started_on = models.DateField()
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="former", left_on__isnull=False) | models.Q(left_on__isnull=True),
                name="only_former_members_have_left",
            ),
            models.CheckConstraint(
                condition=models.Q(state="candidate") | models.Q(joined_on__isnull=False) | models.Q(state="former"),
                name="owners_have_joined",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="whoever_leaves_holds_no_office",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="former"),
                func=ENDS_THE_TERMS,
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def short_name(self) -> str:
        """First name and initial, as clients and other members see it."""
        return self.user.short_name

    @property
    def is_owner(self) -> bool:
        return self.state in self.OWNERS

    @property
    def takes_turns(self) -> bool:
        """Do they work these weeks? Only such a person is asked for a shift or given one."""
        return self.state in self.WORKING

    def week(self) -> dict[int, list[Span]]:
        """Their usual week: for each weekday (Monday is 0) the spans in which they take work, in order."""
        found: dict[int, list[Span]] = {weekday: [] for weekday in range(7)}
        for row in self.availability.order_by("weekday", "starts", "weeks"):
            found[row.weekday].append(Span(row.weekday, row.starts, row.ends, row.weeks))
        return found

    @transition(State.CANDIDATE, State.MEMBER, State.ON_LEAVE, to=None)
    def ask_for(self, minutes: int, *, at: datetime, by: "User", note: str) -> None:
        """Want so many minutes of work a week from now on. Written down, because turns are shared by it."""
        self.minutes_wanted = minutes

    def move(self, *, phone: str, zip: ZipCode, areas: Iterable[str]) -> None:
        """Keep where they live, how to call them, and where they take work."""
        self.phone, self.zip, self.areas = phone, zip, list(areas)
        self.save(update_fields=["phone", "zip", "areas"])

    def adapt(self, *, languages: Iterable[str], avoids: Iterable[str]) -> None:
        """Keep which languages they speak, and with which animals they do not work."""
        self.languages, self.avoids = sorted(set(languages)), sorted(set(avoids))
        self.save(update_fields=["languages", "avoids"])

    @transaction.atomic
    def open_week(self, spans: Iterable[Span], *, holidays: bool = False) -> None:
        """Take work in these spans of a usual week, and in no others. What was accepted before stays accepted."""
        self.lock()
        self.availability.all().delete()
        rows = self.availability.model
        rows.objects.bulk_create(rows(member=self, **span._asdict()) for span in spans)
        self.works_on_holidays = holidays
        self.save(update_fields=["works_on_holidays"])

    @transaction.atomic
    def work_otherwise(self, day: date, spans: Iterable[tuple[time, time]], *, today: date) -> None:
        """Take work in these spans on one day, whatever the usual week says; without a span, no work that day."""
        if day < today:
            raise Refusal(_("That day is over."), field="day")
        said = list(spans)
        if said and self.leaves.filter(starts_on__lte=day, ends_on__gte=day).exists():
            raise Refusal(_("You have that day off. Say first that you work after all."), field="day")
        self.lock()
        self.other_hours.filter(day=day).delete()
        if not said:
            self.other_hours.create(day=day)
        for starts, ends in said:
            self.other_hours.create(day=day, starts=starts, ends=ends)

    def take_leave(self, *, first: date, last: date, today: date) -> None:
        """Take no new work on these days, first and last included."""
        if last < today:
            raise Refusal(_("Those days are over."), field="ends_on")
        self.leaves.get_or_create(starts_on=first, ends_on=last)

    @transition(State.CANDIDATE, to=State.MEMBER)
    def admit(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Make a candidate an owner; `note` names the decision."""
        self.joined_on = timezone.localdate(at)

    @transition(State.MEMBER, to=State.ON_LEAVE)
    def go_on_leave(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Take no turns for a while; the vote stays."""

    @transition(State.ON_LEAVE, to=State.MEMBER)
    def come_back(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Take turns again."""

    @transition(State.CANDIDATE, State.MEMBER, State.ON_LEAVE, to=State.FORMER)
    def leave_coop(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """End membership, and with it at this moment every office, session, browser and calendar address of theirs."""
        self.left_on = timezone.localdate(at)
        end_access(self, at=at, by=by)
