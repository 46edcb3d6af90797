"""Members: who works here and owns the company."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.errors import Refusal
from coop.models import ZipCode
from coop.states import all_or_nothing
from members.people.spans import Span
from members.standing.changes import WithStanding
from members.standing.meaning import ACTING, ASKED, HERE, VOTING, MemberState
from members.standing.standings import Stretch

if TYPE_CHECKING:
    from members.people.users import User


class Animal(models.TextChoices):
    """Who may live in a home besides people."""

    DOG = "dog", _("dog")
    CAT = "cat", _("cat")
    OTHER = "other", _("another animal")


class MemberQuerySet(models.QuerySet["Member"]):
    def in_state(self, *states: str, on: date | None = None) -> "MemberQuerySet":
        """Those whose standing is one of these on a day; today when it is left out."""
        there = Stretch.objects.on(on or timezone.localdate()).filter(state__in=states)
        return self.filter(pk__in=there.values("member"))

    def working(self, on: date | None = None) -> "MemberQuerySet":
        """Those who are asked for the work of a day."""
        return self.in_state(*ASKED, on=on)

    def owners(self, on: date | None = None) -> "MemberQuerySet":
        """Those who vote, and who own the co-op."""
        return self.in_state(*VOTING, on=on)

    def acting(self, on: date | None = None) -> "MemberQuerySet":
        """The owners who are here: they act for their offices, and stand in where nobody of an office can."""
        return self.in_state(*ACTING, on=on)

    def here(self, on: date | None = None) -> "MemberQuerySet":
        """All who belong to the co-op, in whatever way."""
        return self.in_state(*HERE, on=on)

    def visible_to(self, user: "User") -> "MemberQuerySet":
        """All, for those who belong to the co-op; for others their own."""
        return self if user.works else self.filter(user=user)

    def by_seniority(self) -> "MemberQuerySet":
        """Whoever was first an owner comes first."""
        joined = Stretch.objects.filter(member=models.OuterRef("pk"), state=MemberState.MEMBER).order_by("days")
        return self.order_by(models.Subquery(joined.values("days__startswith")[:1]), "pk")

    @transaction.atomic
    def take_in(
        self, user: "User", *, on: date, at: datetime, by: "User | None", note: str = "", **facts: Any
    ) -> "Member":
        """Somebody new, as a candidate from the day `on`; `note` names the decision."""
        made = self.create(user=user, started_on=on, **facts)
        made.begin(at=at, by=by, note=note)
        return made


class Member(WithStanding):
    """A person who works here and owns the company, or is on the way to.

    `minutes_wanted` is the work asked for in a week. `skills` and `languages` are short codes; `areas` are ZIP codes
    or how they begin, none for everywhere; `avoids` are the animals with which they do not work.
    """

    user = models.OneToOneField("members.User", on_delete=models.PROTECT, related_name="+")
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

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def short_name(self) -> str:
        """First name and initial, as clients and other members see it."""
        return self.user.short_name

    def is_about(self, user: "User") -> bool:
        """Is it this person?"""
        return bool(self.user_id == user.pk)

    @property
    def is_owner(self) -> bool:
        return self.means.votes

    @property
    def takes_turns(self) -> bool:
        """Do they work today? Only such a person is asked for a shift or given one."""
        return self.means.is_asked

    def week(self) -> dict[int, list[Span]]:
        """Their usual week: for each weekday (Monday is 0) the spans in which they take work, in order."""
        found: dict[int, list[Span]] = {weekday: [] for weekday in range(7)}
        for row in self.availability.order_by("weekday", "starts", "weeks"):
            found[row.weekday].append(Span(row.weekday, row.starts, row.ends, row.weeks))
        return found

    def ask_for(self, minutes: int, *, at: datetime, by: "User", note: str) -> None:
        """Want so many minutes of work a week from now on. Written down, because turns are shared by it."""
        with all_or_nothing(self):
            self.lock()
            self.minutes_wanted = minutes
            self.save(update_fields=["minutes_wanted"])
            self.record_event("ask_for", at=at, by=by, note=note)

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
