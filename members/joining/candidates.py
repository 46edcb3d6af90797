"""Candidates: on the way to being an owner, with a mentor, until a second person confirms what becomes of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.models import Event
from members.joining.admissions import Admission
from members.joining.learning import Learned, Lesson
from members.joining.progress import Progress, progress_of
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member, MemberQuerySet
from members.people.users import User
from members.second_person.confirmations import Confirmation

OFFICES = ("membership", "board")
"""Who looks after candidates, besides their mentors."""
ADMISSION = "admission"
"""What a second person confirms is called by this."""


def mentors(at: datetime) -> MemberQuerySet:
    """Who holds the office of a mentor and acts in it."""
    acting = Role.objects.acting(at).filter(kind=Role.Kind.MENTOR)
    return Member.objects.filter(pk__in=acting.values("member")).select_related("user").order_by("user__name", "pk")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def now(self) -> "CandidateQuerySet":
        """Who is a candidate today, the longest first."""
        candidates = Member.objects.in_state(Member.State.CANDIDATE)
        return self.filter(pk__in=candidates.values("pk")).order_by("started_on", "pk")

    def known(self) -> "CandidateQuerySet":
        """The same, and those of whom it was decided what becomes of them."""
        candidates = Member.objects.in_state(Member.State.CANDIDATE)
        return self.filter(Q(pk__in=candidates.values("pk")) | Q(pk__in=Admission.objects.values("candidate")))

    def visible_to(self, user: User) -> "CandidateQuerySet":
        """All for the offices that look after them; of the others a mentor reads theirs, a candidate themselves."""
        if not user.roles.isdisjoint(OFFICES):
            return self.known()
        helped = Mentoring.objects.standing().filter(mentor__user=user)
        return self.known().filter(Q(user=user) | Q(pk__in=helped.values("candidate")))

    def with_related(self) -> "CandidateQuerySet":
        """With all that a page about them reads."""
        standing = Mentoring.objects.standing().select_related("mentor__user")
        return self.select_related("user").prefetch_related(
            models.Prefetch("mentorings", standing, to_attr="standing_mentorings")
        )


class Candidate(Member):
    """A member as those see them who help them to become an owner. It has no table of its own."""

    objects = CandidateQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        verbose_name = gettext_lazy("candidate")

    def get_absolute_url(self) -> str:
        return reverse("candidate", args=[self.pk])

    @classmethod
    def begin_with(cls, user: User, *, skills: Iterable[str], at: datetime, by: User, **told: Any) -> "Candidate":
        """Let somebody work here, from today on, with what they told; who left comes back with the row that they had.

        Whoever works here already is refused.
        """
        told["skills"] = sorted(set(skills))
        known = cls.objects.filter(user=user).first()
        if known is None:
            made = cls.objects.create(user=user, started_on=timezone.localdate(at), **told)
            made.begin(at=at, by=by)
            return made
        if known.state != cls.State.FORMER:
            raise Refusal(_("They work here already."))
        known.return_as_candidate(at=at, by=by)
        cls.objects.filter(pk=known.pk).update(**told)
        return known

    @property
    def is_candidate(self) -> bool:
        return self.state == self.State.CANDIDATE

    @property
    def mentor(self) -> Member | None:
        """Who helps them now."""
        found = getattr(self, "standing_mentorings", None)
        if found is None:
            found = list(Mentoring.objects.standing().filter(candidate=self).select_related("mentor__user"))
        return found[0].mentor if found else None

    def progress(self, at: datetime) -> Progress:
        """How far they are."""
        return progress_of([self], on=timezone.localdate(at))[self.pk]

    @transaction.atomic
    def choose_mentor(self, mentor: Member, *, at: datetime, by: User) -> None:
        """From now on this member helps them, and nobody else; both are told."""
        self._insist_on_a_candidate()
        if mentor not in mentors(at):
            raise Refusal(_("Choose somebody who holds the office of a mentor."), field="mentor")
        if Mentoring.objects.standing().filter(candidate=self, mentor=mentor).exists():
            return
        Mentoring.objects.standing().filter(candidate=self).update(ended_at=at)
        made = Mentoring.objects.create(candidate=self, mentor=mentor, begun_at=at, chosen_by=by)
        self._log("choose_mentor", str(mentor), at=at, by=by)
        for person, mail in ((self.user, "mentor_chosen"), (mentor.user, "you_are_mentor")):
            Notice.post(f"{mail}:{made.pk}", to=person, mail=mail, at=at, about={"mentoring": made})

    @transaction.atomic
    def learn(self, lessons: Iterable[Lesson], *, at: datetime, by: User) -> None:
        """These they have learned by now, and of those on the list no others."""
        self._insist_on_a_candidate()
        learned = list(lessons)
        gone = Learned.objects.filter(candidate=self, lesson__in=Lesson.objects.standing()).exclude(lesson__in=learned)
        gone.delete()
        rows = [Learned(candidate=self, lesson=lesson, at=at, by=by) for lesson in learned]
        Learned.objects.bulk_create(rows, ignore_conflicts=True)
        self._log("learn", "; ".join(lesson.text_en for lesson in learned)[:200], at=at, by=by)

    @transaction.atomic
    def put_forward(self, reason: str, *, at: datetime, by: User) -> Admission:
        """Ask a second person that they become an owner; a reason is needed where not all is there that is asked."""
        self._insist_on_a_candidate()
        progress = self.progress(at)
        if not progress.is_met and not reason.strip():
            raise Refusal(
                _("Not all is there yet that our rules ask for. Say why they should be admitted all the same."),
                field="reason",
            )
        said = f"{reason.strip()} ({progress})" if reason.strip() else str(progress)
        return self._ask(Admission.Outcome.OWNER, said, at=at, by=by)

    @transaction.atomic
    def turn_down(self, reason: str, *, at: datetime, by: User) -> Admission:
        """Ask a second person that they are told no; they read the reason and answer first."""
        self._insist_on_a_candidate()
        return self._ask(Admission.Outcome.NO, reason, at=at, by=by)

    def _ask(self, outcome: str, reason: str, *, at: datetime, by: User) -> Admission:
        if Admission.objects.filter(candidate=self, state=Admission.State.ASKED).exists():
            raise Refusal(_("This waits for a second person already."))
        made = Admission.objects.create(candidate=self, outcome=outcome, words=reason, asked_by=by, asked_at=at)
        made.record_event("ask", at=at, by=by)
        about, apart = ([], [self]) if outcome == Admission.Outcome.OWNER else ([self], [])
        Confirmation.ask(ADMISSION, made.pk, reason=reason, about=about, apart=apart, at=at, by=by)
        return made

    def _insist_on_a_candidate(self) -> None:
        self.lock()
        if not self.is_candidate:
            raise Refusal(_("They are not a candidate any more."))

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        label = Member._meta.label_lower
        Event.objects.create(kind=label, subject=self.pk, verb=verb, actor=by, at=at, note=note)


class MentoringQuerySet(models.QuerySet["Mentoring"]):
    def standing(self) -> "MentoringQuerySet":
        """Those that go on."""
        return self.filter(ended_at=None)


class Mentoring(models.Model):
    """A member helps a candidate, from `begun_at` until somebody else does."""

    candidate = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="mentorings")
    mentor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = MentoringQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("mentoring")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(ended_at=None), name="a_candidate_has_one_mentor_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(candidate=models.F("mentor")), name="nobody_is_their_own_mentor"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.mentor_id}"
