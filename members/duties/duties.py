"""Duties of the year: what has to be done by a day, who looks after it, and what shows that it is done."""

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from coop.typed.fields import WrittenLine, WrittenText
from coop.typed.text import in_language
from coop.web.documents import Document, clean_document
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User

KEEPERS = ("board", "treasurer")
"""The offices that keep the list, and read what shows that something is done."""
SOON = timedelta(days=60)


def _in_care(today: date) -> Case:
    """Who looks after a duty on a day: the owner if here, else the deputy, else nobody."""
    acting = Member.objects.acting(today)
    return Case(When(owner__in=acting, then=F("owner")), When(deputy__in=acting, then=F("deputy")))


def _lost_its_owner(today: date) -> Q:
    """Whoever looked after it has left, or is gone from the list and only a deputy is named."""
    return (Q(owner__isnull=False) & ~Q(owner__in=Member.objects.here(today))) | Q(owner=None, deputy__isnull=False)


class DutyQuerySet(models.QuerySet["Duty"]):
    def light(self) -> "DutyQuerySet":
        """Without papers, with all that a list reads, what is due first first."""
        people = self.select_related("owner__user", "deputy__user", "done_by__user")
        return people.defer("paper").order_by("due_on", "pk")

    def standing(self) -> "DutyQuerySet":
        """What is still to be done."""
        return self.filter(state=Duty.State.OPEN)

    def late(self, today: date) -> "DutyQuerySet":
        """What should have been done before today."""
        return self.standing().filter(due_on__lt=today)

    def without_anybody(self, today: date) -> "DutyQuerySet":
        """What nobody looks after: neither the owner nor the deputy is here."""
        return self.standing().alias(in_care=_in_care(today)).filter(in_care=None)

    def in_care_on(self, today: date) -> "DutyQuerySet":
        """With `in_care`, the number of the member who looks after it: the owner if here, else the deputy.

        And with `wants_owner`: is it open, and has its owner left?
        """
        wants = Case(When(_lost_its_owner(today), state=Duty.State.OPEN, then=True), default=False)
        return self.annotate(in_care=_in_care(today), wants_owner=wants)

    def to_look_at(self, today: date) -> "DutyQuerySet":
        """What needs the attention of the office: late, soon with nobody to look after it, or left by its owner."""
        lonely = self.without_anybody(today).filter(due_on__lte=today + SOON)
        left = self.standing().filter(_lost_its_owner(today))
        either = (self.late(today), lonely, left)
        return self.filter(reduce(or_, (Q(pk__in=rows.values("pk")) for rows in either)))

    def to_repeat(self, today: date) -> "DutyQuerySet":
        """What comes each year, whose day has passed, and of which next year's does not stand yet."""
        return self.late(today).filter(repeats=Duty.Repeats.YEARLY, next=None)

    def of(self, member: Member) -> "DutyQuerySet":
        """What somebody looks after, themselves or as the deputy."""
        return self.filter(Q(owner=member) | Q(deputy=member))

    def shown_to(self, user: User) -> "DutyQuerySet":
        """Those of which this person may read what shows that they are done."""
        return self if user.roles & {*KEEPERS} else self.filter(Q(owner__user=user) | Q(deputy__user=user))


class Duty(Stateful):
    """Something that the co-op has to do by a day, once or each year; one row a year.

    `code` says which of the usual duties it is, if it is one. `note` and `paper` show that it is done, to the offices
    that keep the list and to whoever looks after it. Next year's row `follows` this one.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("to do")
        DONE = "done", gettext_lazy("is done")
        DROPPED = "dropped", gettext_lazy("not needed any more")

    class Repeats(models.TextChoices):
        YEARLY = "yearly", gettext_lazy("Each year")
        ONCE = "once", gettext_lazy("Once")

    title_en = WrittenLine(max_length=120)
    title_es = WrittenLine(max_length=120, blank=True)
    about_en = WrittenText(max_length=1000, blank=True)
    about_es = WrittenText(max_length=1000, blank=True)
    code = models.SlugField(max_length=20, blank=True)
    due_on = models.DateField()
    repeats = models.CharField(max_length=10, choices=Repeats.choices, default=Repeats.YEARLY)
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    added_at = models.DateTimeField()
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    note = WrittenText(max_length=1000, blank=True)
    paper = models.BinaryField(null=True)
    paper_type = models.CharField(max_length=20, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("duty")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, done_by__isnull=False)
                | (~Q(state="done") & Q(done_at=None, done_by=None)),
                name="a_duty_is_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(note="") | Q(paper__isnull=False),
                name="something_shows_that_a_duty_is_done",
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | Q(owner=None) | ~Q(owner=F("deputy")), name="a_deputy_is_another_person"
            ),
            models.CheckConstraint(
                condition=Q(paper=None, paper_type="") | (Q(paper__isnull=False) & ~Q(paper_type="")),
                name="a_paper_says_what_it_is",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="open"), name="duties_to_do")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("duty", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called in the language of the reader, where somebody wrote it in that."""
        return in_language(self.title_en, self.title_es or self.title_en)

    @property
    def about(self) -> str:
        """What there is to know about it."""
        return in_language(self.about_en, self.about_es or self.about_en)

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()

    @property
    def looks_after(self) -> Member | None:
        """Who looks after it now, of a row that was read with `in_care_on`."""
        return next((one for one in (self.owner, self.deputy) if one and one.pk == self.in_care), None)  # type: ignore[attr-defined]

    @property
    def lookers(self) -> list[User]:
        """Its owner and its deputy, as far as somebody is named."""
        return [one.user for one in (self.owner, self.deputy) if one]

    def acting(self, today: date) -> list[User]:
        """Those of them who are here to look after it."""
        return [one.user for one in (self.owner, self.deputy) if one and one.means_on(today).acts]

    def is_in_care_of(self, user: User) -> bool:
        """Is this its owner or its deputy?"""
        return user.pk in {one.user_id for one in (self.owner, self.deputy) if one}

    @classmethod
    def add(cls, *, at: datetime, by: User, **facts: Any) -> "Duty":
        """Put it on the list; whoever looks after it is told."""
        cls._refuse(facts, today=timezone.localdate(at))
        made = cls(added_at=at, **facts)
        with all_or_nothing(made):
            made.save()
            made.record_event("add", at=at, by=by)
            made._tell_lookers(set(), at=at, by=by)
        return made

    @transition(State.OPEN, to=None)
    def change(self, facts: dict[str, Any], *, at: datetime, by: User) -> None:
        """Say it otherwise, move its day, or let others look after it; whoever is new is told. `facts` by field."""
        before = {person.pk for person in self.lookers}
        moved = facts.get("due_on", self.due_on) != self.due_on
        self._refuse(facts if moved else facts | {"due_on": None}, today=timezone.localdate(at))
        for name, value in facts.items():
            setattr(self, name, value)
        self._tell_lookers(before, at=at, by=by)

    @transition(State.OPEN, to=State.DONE)
    def finish(self, *, words: str, paper: bytes | None, at: datetime, by: User) -> None:
        """It is done, which words of theirs or a paper show. Next year's stands on the list from now on."""
        kept = clean_document(paper) if paper else self._kept()
        if not words and kept is None:
            raise Refusal(_("Please write what shows that it is done, or add a paper."), field="note")
        self.note, self.done_at, self.done_by = words, at, by.membership
        self.paper, self.paper_type = kept if kept else (None, "")
        self.go_on(at=at, by=by)

    @transition(State.DONE, to=State.OPEN)
    def reopen(self, *, at: datetime, by: User) -> None:
        """It was not done after all; what was shown stays until something better is."""
        self.done_at = self.done_by = None

    @transition(State.OPEN, to=State.DROPPED)
    def drop(self, *, note: str, at: datetime, by: User) -> None:
        """It need not be done any more, for the reason in `note`, this year or any other."""
        for following in Duty.objects.standing().filter(follows=self).defer("paper"):
            following.drop(note=note, at=at, by=by)

    def go_on(self, *, at: datetime, by: User | None) -> None:
        """Let next year's stand, if it comes each year and does not stand yet. Twice is once."""
        if self.repeats != self.Repeats.YEARLY:
            return
        names = ("title_en", "title_es", "about_en", "about_es", "code", "repeats", "owner", "deputy")
        facts = {name: getattr(self, name) for name in names}
        facts |= {"due_on": self.due_on + relativedelta(years=1), "added_at": at}
        following, is_new = Duty.objects.get_or_create(follows=self, defaults=facts)
        if is_new:
            following.record_event("add", at=at, by=by)

    def _kept(self) -> Document | None:
        return Document(bytes(self.paper), self.paper_type) if self.paper else None

    @staticmethod
    def _refuse(facts: dict[str, Any], *, today: date) -> None:
        if facts.get("due_on") and facts["due_on"] < today:
            raise Refusal(_("That day is over."), field="due_on")
        if facts.get("owner") and facts.get("owner") == facts.get("deputy"):
            raise Refusal(_("The deputy is somebody else than who looks after it."), field="deputy")

    def _tell_lookers(self, before: set[int], *, at: datetime, by: User) -> None:
        for person in self.lookers:
            if person.pk not in before | {by.pk}:
                key = f"duty_yours:{self.pk}:{person.pk}:{at.timestamp():.0f}"
                about = {"duty": self, "is_deputy": self.deputy is not None and self.deputy.user_id == person.pk}
                Notice.post(key, to=person, mail="duty_yours", at=at, about=about)
